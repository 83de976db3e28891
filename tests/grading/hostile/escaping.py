"""Getting out: files, environment, network, processes and the kernel of the machine that grades."""

from .attack import END, START, Attack, trying

MACHINE = "the machine that grades"


def cell(name: str, text: str, *, after: str = MACHINE, shows: str = "held:") -> Attack:
    """Return an attack by one cell that tries something, and says what came of it."""
    return Attack(name, after, own=((END, trying(text)),), shows=shows)


ATTACKS = (
    cell(
        "files-outside",
        """
        places = ("@COURSE@", "@OUTSIDE@", "@COURSE@/source", "@COURSE@/submitted", sys.prefix,
                  sys.prefix + "/lib", os.path.dirname(os.__file__), "/etc", "/usr/local", "/usr/bin", "/dev",
                  "/run", "/root", "/", "/var/tmp", "/tmp", "/dev/shm", os.path.expanduser("~"), "/proc/1/root/tmp",
                  "/proc/1/cwd", "/proc/self/root", os.path.dirname(__import__("revise").__file__))
        for place in places:
            try:
                with open(f"{place}/breach-@NAME@", "w") as file:
                    file.write("here")
            except OSError as error:
                print("held:", place, error.errno)
        for path in ("@COURSE@/gradebook.db", sys.executable, os.__file__, "/etc/passwd"):
            attempt(path, lambda: open(path, "ab"))
            attempt(path, lambda: os.unlink(path))
            attempt(path, lambda: os.rename(path, path + "x"))
        """,
    ),
    cell(
        "links-outside",
        """
        for target in ("@COURSE@/gradebook.db", "@COURSE@", "@OUTSIDE@"):
            os.symlink(target, f"link-{len(os.listdir())}")
            attempt(target, lambda: os.listdir(target))
            attempt(target, lambda: os.link(target, f"hard-{len(os.listdir())}"))
        """,
    ),
    Attack(
        "environment",
        "secrets in the grader's environment",
        own=(
            (
                START,
                trying("""
                    print(dict(os.environ))
                    for pid in filter(str.isdigit, os.listdir("/proc")):
                        try:
                            print(pid, open(f"/proc/{pid}/environ").read())
                        except OSError as error:
                            print("held:", pid, error.errno)
                    with open("/proc/self/maps") as maps:
                        stack = next(line for line in maps if "[stack]" in line).split()[0]
                    start, end = (int(one, 16) for one in stack.split("-"))
                    with open("/proc/self/mem", "rb", 0) as memory:
                        memory.seek(start)
                        print(memory.read(end - start).replace(b"\\0", b"")[-20000:])
                """),
            ),
        ),
        shows="HOME",
    ),
    cell(
        "network",
        """
        import socket
        for address in (("127.0.0.1", int("@PORT@")), ("192.0.2.1", 80)):
            attempt(address, lambda: socket.create_connection(address, timeout=1))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
            attempt("udp", lambda: plain.sendto(b"hello", ("192.0.2.1", 53)))
        with socket.socket(socket.AF_INET6) as six:
            attempt("ipv6", lambda: six.connect(("2001:db8::1", 80)))
        attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
        attempt("packets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
        assert [name for _, name in socket.if_nameindex() if name != "lo"] == [], socket.if_nameindex()
        """,
        after="the network of the grader",
    ),
    cell(
        "unix-sockets",
        """
        for address in ("\\0@SOCKET@", "@COURSE@/socket", "/run/dbus/system_bus_socket", "/run/docker.sock"):
            attempt(address, lambda: socket.socket(socket.AF_UNIX).connect(address))
        """,
        after="services of the machine",
    ),
    cell(
        "listeners",
        """
        import re
        names = set(re.findall("@[^ \\n]*", open("/proc/net/unix").read()))
        ports = {int(one, 16) for one in re.findall("0100007F:([0-9A-F]{4}) 00000000:0000 0A", open("/proc/net/tcp").read())}
        print("held: listening", names, len(ports))
        for name in names:
            attempt(name, lambda: socket.socket(socket.AF_UNIX).connect("\\0" + name[1:]))
        """,
        after="what the judge listens on",
    ),
    cell(
        "processes-of-the-machine",
        """
        for number in (0, signal.SIGTERM, signal.SIGKILL):
            attempt("signal the grader", lambda: os.kill(int("@PID@"), number))
        attempt("attach to the grader", lambda: call(101, 16, int("@PID@"), 0, 0))
        attempt("the grader's memory", lambda: open("/proc/@PID@/mem", "rb"))
        attempt("memory of 1", lambda: open("/proc/1/mem", "rb", 0).read(1))
        attempt("descriptors of 1", lambda: os.listdir("/proc/1/fd"))
        attempt("pidfd_getfd", lambda: call(438, os.pidfd_open(1), 0, 0))
        attempt("priority", lambda: os.nice(-5))
        """,
        after="processes of the machine",
    ),
    cell(
        "namespaces",
        """
        for flag in (0x10000000, 0x00020000, 0x20000000, 0x40000000):
            def enter(flag=flag):
                pid = os.fork()
                if pid == 0:
                    os._exit(0 if libc.unshare(flag) == 0 else 1)
                if os.waitpid(pid, 0)[1]:
                    raise OSError(1, "refused")
            attempt(f"unshare {flag:x}", enter)
        for name in ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup"):
            def join(name=name):
                descriptor = os.open(f"/proc/1/ns/{name}", os.O_RDONLY)
                if libc.setns(descriptor, 0):
                    raise OSError(ctypes.get_errno(), "refused")
            attempt(f"setns {name}", join)
        for target in ("/mnt", "/tmp", "/proc"):
            attempt(f"mount {target}", lambda: call(165, b"tmpfs", target.encode(), b"tmpfs", 0, 0))
            attempt(f"unmount {target}", lambda: call(166, target.encode(), 2))
        attempt("chroot", lambda: os.chroot("/tmp"))
        attempt("pivot_root", lambda: call(155, b"/", b"/tmp"))
        """,
        after="the walls",
    ),
    cell(
        "privileges",
        """
        status = dict(line.split(":\\t") for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == int(status["CapPrm"], 16) == 0, status
        assert status["NoNewPrivs"] == "1", status
        attempt("setuid", lambda: os.setuid(0))
        attempt("setgroups", lambda: os.setgroups([0]))
        attempt("chown", lambda: os.chown(".", 0, 0))
        attempt("device", lambda: os.mknod("disk", 0o60666, os.makedev(8, 0)))
        for program in ("su", "sudo", "mount", "newuidmap", "pkexec"):
            attempt(program, lambda: subprocess.run([program, "-c", "id"], check=True, timeout=2,
                                                    stdin=subprocess.DEVNULL, capture_output=True))
        open("own", "w").write("#!/bin/sh\\nid\\n")
        os.chmod("own", 0o6755)
        assert "uid=0" not in subprocess.run(["./own"], capture_output=True, text=True).stdout
        """,
        after="rights",
    ),
    cell(
        "the-kernel",
        """
        for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger",
                     "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/cgroup.subtree_control",
                     "/sys/kernel/uevent_helper", "/dev/kmsg", "/dev/mem", "/dev/sda", "/dev/vda",
                     "/proc/sys/user/max_user_namespaces", "/proc/1/oom_score_adj", "/proc/self/uid_map"):
            attempt(path, lambda: open(path, "wb", 0).write(b"1"))
        attempt("clock", lambda: time.clock_settime(time.CLOCK_REALTIME, 0))
        attempt("host name", lambda: socket.sethostname("mine"))
        attempt("bpf", lambda: call(321, 0, 0, 0))
        attempt("perf_event_open", lambda: call(298, 0, 0, -1, -1, 0))
        attempt("open_by_handle_at", lambda: call(304, 0, 0, 0))
        attempt("swap", lambda: call(168, b"/dev/null"))
        attempt("modules", lambda: call(175, 0, 0, b""))
        attempt("terminal", lambda: __import__("fcntl").ioctl(os.open("/dev/tty", 2), 0x5412, b"x"))
        """,
        after="the kernel",
    ),
)
