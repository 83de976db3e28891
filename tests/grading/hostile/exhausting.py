"""Using up time, memory, disk, processes and patience; ending what should go on."""

import textwrap

from .attack import CLASS, END, PREDICTION, START, Attack, code, ending, trying

LIFE = "the time, memory or life of the grader"


def called(name: str, text: str, **more) -> Attack:
    """Return an attack that begins when a check calls the function."""
    return ending(name, "def slugify(title):\n" + textwrap.indent(code(text), "    "), **more)


# Memory that is kept without being a part of any process: no limit on processes sees it.
HOARD = """
kept, block = 0, b"x" * 2**20
try:
    while kept < 1000:
        {store}
        kept += 1
except (OSError, MemoryError) as error:
    print("held:", error)
print("kept", kept, "MiB")
if kept >= 1000:
    print("ESCAPED: more was kept than is allowed")
time.sleep(1)
"""

ATTACKS = (
    ending("endless-loop", "while True:\n    pass"),
    ending(
        "interrupt-ignored",
        """
        import signal
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            pass
        """,
    ),
    ending(
        "bare-except-loop",
        """
        import time
        while True:
            try:
                time.sleep(0.1)
            except:
                pass
        """,
    ),
    ending("waits-for-ever", "import asyncio\nawait asyncio.Event().wait()"),
    ending(
        "loop-stopped", "import asyncio\nasyncio.get_running_loop().stop()\nawait asyncio.sleep(0)"
    ),
    ending("input", "name = input('Who are you? ')", shows="Error"),
    ending("getpass", "import getpass\ngetpass.getpass()"),
    ending("exit", "exit()"),
    ending("sys-exit", "import sys\nsys.exit(0)"),
    ending("os-exit", "import os\nos._exit(0)"),
    ending("kill-oneself", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
    ending("stop-oneself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    ending("segfault", "import ctypes\nctypes.string_at(0)"),
    ending("abort", "import os\nos.abort()"),
    ending(
        "deep-recursion",
        """
        import json, sys
        sys.setrecursionlimit(10**8)
        deep = []
        for _ in range(10**6):
            deep = [deep]
        repr(deep)
        json.dumps(deep)
        """,
    ),
    ending("catastrophic-pattern", "import re\nre.match('(a+)+b', 'a' * 64)"),
    ending("huge-power", "9 ** 9 ** 9"),
    ending("print-200-megabytes", "for _ in range(200):\n    print('x' * 1_000_000)"),
    ending(
        "print-past-the-notebook",
        "import os\nfor _ in range(200):\n    os.write(1, b'x' * 1_000_000)\n    os.write(2, b'x' * 1_000_000)",
    ),
    ending("hundred-thousand-outputs", "for number in range(100_000):\n    display(number)"),
    ending("huge-display", "from IPython.display import HTML\ndisplay(HTML('x' * 100_000_000))"),
    ending(
        "endless-repr",
        """
        class Endless:
            def __repr__(self):
                while True:
                    pass
        Endless()
        """,
    ),
    ending("one-memory-hog", "hog = []\nwhile True:\n    hog.append(b'x' * 10_000_000)"),
    ending(
        "many-memory-hogs",
        """
        import os, time
        for _ in range(20):
            if os.fork() == 0:
                hog = [b"x" * 1_000_000 for _ in range(60)]
                time.sleep(100)
                os._exit(0)
        time.sleep(100)
        """,
    ),
    Attack(
        "small-hogs",
        "memory, in programs that are smaller than the warm one",
        own=(
            (
                END,
                trying("""
                    program = "hog = b'x' * 120_000_000; import time; print('full', flush=True); time.sleep(3)"
                    hogs = [subprocess.Popen([sys.executable, "-I", "-S", "-c", program], stdout=subprocess.PIPE)
                            for _ in range(10)]
                    full = sum(hog.stdout.readline() == b"full\\n" for hog in hogs)
                    time.sleep(1)
                    left = sum(hog.poll() is None for hog in hogs)
                    print("full:", full, "left:", left)
                    if left == 10:
                        print("ESCAPED: 1200 MB of memory are held")
                """),
            ),
        ),
    ),
    *(
        Attack(
            f"hoard-{name}",
            "memory that belongs to no process",
            own=((END, trying(before + HOARD.format(store=store))),),
            shows="",
        )
        for name, before, store in (
            (
                "in-descriptors",
                "files = []\n",
                "files.append(os.memfd_create('x')) if kept % 25 == 0 else None; os.write(files[-1], block)",
            ),
            (
                "in-shared-memory",
                "libc.shmat.restype = ctypes.c_void_p\n",
                "segment = libc.shmget(0, 2**20, 0o1600)\n"
                "        if segment < 0: raise OSError(ctypes.get_errno(), 'shmget')\n"
                "        place = libc.shmat(segment, None, 0)\n"
                "        ctypes.memset(place, 1, 2**20); libc.shmdt(ctypes.c_void_p(place))",
            ),
            (
                "in-sockets",
                "pairs = []\n",
                "pairs.append(socket.socketpair()) if kept % 1 == 0 else None\n"
                "        pairs[-1][0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**20)\n"
                "        pairs[-1][0].setblocking(False)\n        pairs[-1][0].send(block[:2**17])",
            ),
            (
                "in-files",
                "",
                "place = ('/tmp', '/dev/shm', '.')[kept % 3]\n"
                "        open(f'{place}/{kept}', 'wb').write(block)",
            ),
        )
    ),
    ending(
        "fork-bomb",
        """
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """,
    ),
    ending(
        "thread-bomb",
        """
        import threading, time
        while True:
            threading.Thread(target=time.sleep, args=(100,)).start()
        """,
    ),
    ending(
        "disk-filler",
        "with open('full', 'wb') as file:\n    while True:\n        file.write(b'x' * 1_000_000)",
    ),
    ending(
        "many-small-files",
        """
        import os
        number = 0
        while True:
            os.makedirs(f"d{number}/a")
            open(f"d{number}/a/b", "w").write("x")
            number += 1
        """,
    ),
    ending("descriptors-used-up", "import os\nwhile True:\n    os.pipe()"),
    ending(
        "daemon",
        """
        import os, time
        for number in range(3):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    open("/proc/self/comm", "w").write("@MARK@")
                    for descriptor in range(256):
                        try:
                            os.close(descriptor)
                        except OSError:
                            pass
                    while True:
                        time.sleep(1)
                os._exit(0)
        os.execv("/bin/sh", ["@MARK@", "-c", "trap '' INT TERM HUP; while :; do sleep 1; done"])
        """,
    ),
    ending(
        "program-left-running",
        """
        import subprocess
        subprocess.Popen(["sleep", "@SLEEP@"], start_new_session=True)
        subprocess.run("nohup setsid sleep @SLEEP@ > /dev/null 2>&1 &", shell=True)
        """,
    ),
    called("never-returns", "while True: pass"),
    called("sleeps", "import time; time.sleep(1000)"),
    called("returns-a-gigabyte", "return 'x' * 1_000_000_000"),
    called("returns-for-ever", "import itertools; return itertools.count()"),
    called(
        "returns-depth",
        """
        deep = []
        for _ in range(100_000):
            deep = [deep]
        return deep
        """,
    ),
    called("returns-itself", "loop = {}\nloop['x'] = [loop]\nreturn loop"),
    called("dies", "import os; os._exit(0)"),
    called("stops", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"),
    called("forks", "import os\nos.fork()\nreturn 'x'"),
    called("calls-itself", "import sys\nsys.setrecursionlimit(10**9)\nreturn slugify(title)"),
    called("prints-for-ever", "while True: print('x' * 100_000)"),
    ending(
        "representation-never-ends",
        """
        class Slow:
            def __repr__(self):
                while True:
                    pass
            __str__ = __format__ = __hash__ = __bool__ = __len__ = __iter__ = __getattr__ = __repr__

        def slugify(title):
            return Slow()
        """,
    ),
    ending(
        "generator-without-end",
        "import itertools\nslugify = lambda title: (one for one in itertools.count())",
    ),
    Attack(
        "prediction-without-end",
        LIFE,
        {
            PREDICTION: code("""
                class Endless(dict):
                    def __iter__(self):
                        while True:
                            yield "x"

                class Count:
                    def __iter__(self):
                        while True:
                            yield "x"

                outcome = Count()
            """)
        },
        right=(CLASS,),
    ),
    Attack(
        "callbacks-without-end",
        LIFE,
        {
            "trial-decorator": code("""
                class GaveUp(Exception):
                    pass

                def retry(times):
                    def decorate(function):
                        def call(*args):
                            while True:
                                try:
                                    function(*args)
                                except BaseException:
                                    pass
                        return call
                    return decorate
            """)
        },
        right=(CLASS,),
    ),
    Attack(
        "own-cells-without-end",
        LIFE,
        own=tuple((START, f"while True: {number}") for number in range(2)),
        right=(CLASS,),
    ),
    Attack(
        "five-thousand-cells",
        LIFE,
        own=tuple((END, f"x = {number}") for number in range(5000)),
        right=(CLASS,),
    ),
)
