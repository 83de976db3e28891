"""Leaving something for the next one: files, modules, random numbers, byte code, the machine's memory."""

from .attack import START, Attack, trying

NEXT = "the next submission"


def leaving(name: str, text: str) -> Attack:
    """Return an attack by one cell that leaves something behind."""
    return Attack(name, NEXT, own=((START, trying(text) + "\nprint('left')"),), shows="left")


ATTACKS = (
    leaving(
        "start-up-files",
        """
        for folder in ("~", "~/.ipython/profile_default/startup", "~/.config", "/tmp", "/dev/shm", "/var/tmp", "."):
            folder = os.path.expanduser(folder)
            try:
                os.makedirs(folder, exist_ok=True)
                for name in ("00.py", "sitecustomize.py", "usercustomize.py", "poison-@NAME@", ".pythonrc"):
                    with open(f"{folder}/{name}", "w") as file:
                        file.write("import builtins; builtins.poison = 1; print('poison')")
            except OSError:
                pass
        """,
    ),
    leaving(
        "random-numbers",
        """
        import random
        random.seed(1)
        try:
            import numpy
            numpy.random.seed(1)
        except ImportError:
            pass
        """,
    ),
    leaving(
        "modules",
        """
        import builtins, json, random
        builtins.poison = 1
        json.poison = 1
        sys.poison = 1
        random.random = lambda: 0.5
        os.environ["POISON"] = "1"
        sys.path.insert(0, "/tmp/poison")
        """,
    ),
    leaving(
        "byte-code",
        """
        import importlib.util, json, marshal, requests
        for module in (json, requests):
            cached = importlib.util.cache_from_source(module.__file__)
            try:
                os.makedirs(os.path.dirname(cached), exist_ok=True)
                with open(cached, "r+b") as file:
                    file.write(b"poison")
                print("ESCAPED:", cached)
            except OSError as error:
                print("held:", error.errno)
        """,
    ),
    leaving(
        "shared-memory",
        """
        import multiprocessing.shared_memory as shared
        from multiprocessing import resource_tracker
        memory = shared.SharedMemory("poison-@NAME@", create=True, size=64)
        resource_tracker.unregister(memory._name, "shared_memory")
        libc.shmget(0x7015, 4096, 0o1666)
        libc.mq_open(b"/poison", 0o100 | 2, 0o666, None)
        """,
    ),
    leaving(
        "sockets",
        """
        kept = []
        for address in ("\\0poison", "/tmp/poison", "/dev/shm/poison"):
            one = socket.socket(socket.AF_UNIX)
            one.bind(address)
            one.listen()
            kept.append(one)
        if os.fork() == 0:
            os.setsid()
            time.sleep(100)
        """,
    ),
    leaving(
        "keyrings",
        """
        for ring in (-3, -4, -5):
            libc.syscall(248, b"user", b"poison", b"poison", 6, ring)
        """,
    ),
    leaving(
        "limits-and-masks",
        """
        import resource
        os.umask(0o777)
        for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_AS):
            soft, hard = resource.getrlimit(what)
            attempt("raise a limit", lambda: resource.setrlimit(what, (hard + 1, hard + 1)))
        os.nice(19)
        time.tzset()
        """,
    ),
)
