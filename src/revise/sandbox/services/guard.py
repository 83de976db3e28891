"""The process between a notebook and its PostgreSQL: it starts the server, and ends it.

Run as ``python -I -S guard.py ORDERS``, with a lifeline as standard input. When the lifeline closes, which
it does also when the kernel is killed, PostgreSQL is ended and its folder deleted. Standard output
gets one line of JSON: ``{"folder": …, "pid": …}`` once the server takes connections, or ``{"failed": …}``.
Should this process be killed itself, Linux tells PostgreSQL (parent-death signal), and the next guard
deletes the folder. Only the standard library is imported, and little of it: 30 ms are felt.

PostgreSQL refuses to run as root. For root it runs as nobody, with one capability left: to pass
folders that only root may enter. The folder around its data stays root's, so no other process of
nobody's reaches the socket.
"""

import contextlib
import ctypes
import fcntl
import glob
import json
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

PREFIX = "revise-pg-"
LONGEST_SOCKET = 103  # bytes: what macOS allows; Linux has four more
SOCKET = "/data/.s.PGSQL.5432"
NOBODY = 65534
START_SECONDS = 60.0
END_SECONDS = 5.0
LINUX = sys.platform == "linux"
# <linux/prctl.h>, <linux/capability.h>
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE, CAPABILITY_VERSION_3 = 1, 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def main(orders):
    """Start the server as ``orders`` say, tell where it is, wait for the lifeline's end, clean up.

    ``template`` is a data folder to copy, None to make a new one; ``programs`` PostgreSQL's folder of
    programs; ``settings`` are lines of postgresql.conf; ``keep`` is where the data goes at the end, or None.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os.dup2(os.open(os.devnull, os.O_RDONLY), 0))
    delete_abandoned()
    folder, _lock = make_folder()
    server = None
    try:
        make_data(folder, **orders)
        server = start(folder, orders["programs"])
        wait_until_ready(server, folder)
        tell({"folder": folder + "/data", "pid": server.pid})
        wait_for_the_end(server)
        end(server, signal.SIGINT if orders["keep"] else signal.SIGQUIT)
        if orders["keep"]:
            give(folder + "/data", orders["keep"])
    except Exception as error:
        tell({"failed": f"{error}"})
    finally:
        if server is not None:
            end(server, signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def tell(message):
    """Write one line to whoever started this process, if it is still there."""
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(message).encode() + b"\n")


def make_folder():
    """Return a folder of this process's own, and the lock that says it is in use."""
    base = tempfile.gettempdir()
    if len(os.fsencode(f"{base}/{PREFIX}12345678{SOCKET}")) > LONGEST_SOCKET:
        base = "/tmp"
    folder = tempfile.mkdtemp(prefix=PREFIX, dir=base)
    lock = open(folder + "/lock", "w")  # noqa: SIM115 - open as long as this process lives
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def delete_abandoned():
    """Delete the folders whose guard was killed."""
    for base in {tempfile.gettempdir(), "/tmp"}:
        for lock in glob.glob(f"{glob.escape(base)}/{PREFIX}*/lock"):
            with contextlib.suppress(OSError), open(lock, "w") as file:
                if os.fstat(file.fileno()).st_uid == os.getuid():
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(os.path.dirname(lock), ignore_errors=True)


def make_data(folder, *, template, programs, settings, keep):
    """Lay PostgreSQL's data folder: a copy of ``template``, or a new one."""
    data = folder + "/data"
    if template:
        run(["cp", "-R", template, data])
        os.chmod(data, 0o700)
        if os.getuid() == 0:
            run(["chown", "-R", f"{NOBODY}:{NOBODY}", data])
    else:
        os.mkdir(data, 0o700)
        if os.getuid() == 0:
            os.chown(data, NOBODY, NOBODY)
        plainly = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        plainly += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--wal-segsize=4"]
        run([programs + "/initdb", "-D", data, *plainly], preexec_fn=become_nobody)
    with open(data + "/postgresql.conf", "w") as file:
        file.writelines(f"{line}\n" for line in settings)
        file.write(f"unix_socket_directories = '{data}'\n")
    if os.getuid() == 0:
        os.chown(data + "/postgresql.conf", NOBODY, NOBODY)


def run(command, **options):
    """Run a program to its end; raise RuntimeError with its last words when it fails."""
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        last = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(f"{os.path.basename(command[0])} failed: {' '.join(last)}")


def start(folder, programs):
    """Start the server; return its process."""
    with open(folder + "/log", "wb") as log:
        return subprocess.Popen(
            [programs + "/postgres", "-D", folder + "/data"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            preexec_fn=prepare,
        )


def prepare():
    """In the server's process, before the program: be nobody if one is root, and end with the guard."""
    become_nobody()
    if LINUX:  # last: a change of user undoes it
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)


def become_nobody():
    """Root becomes nobody, who may still pass every folder (Linux); others stay who they are."""
    if os.getuid() != 0:
        return
    if LINUX:
        _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    if LINUX:
        mask = 1 << CAP_DAC_OVERRIDE
        header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
        _libc.capset(header, struct.pack("6I", mask, mask, mask, 0, 0, 0))
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def wait_until_ready(server, folder):
    """Wait until PostgreSQL says that it takes connections. Raises RuntimeError."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), open(folder + "/data/postmaster.pid") as file:
            if file.read().rstrip().endswith("ready"):
                return
        time.sleep(0.003)
    with open(folder + "/log", errors="replace") as file:
        raise RuntimeError(f"PostgreSQL did not start: {' '.join(file.read().splitlines()[-1:])}")


def wait_for_the_end(server):
    """Return when the lifeline closes, or the server has ended by itself."""
    while server.poll() is None:
        if select.select([0], [], [], 1.0)[0] and not os.read(0, 4096):
            return


def end(server, number):
    """End the server by the signal ``number``; kill it, and all that it started, if that is not enough."""
    if server.poll() is None:
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(END_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def give(data, keep):
    """Copy the data folder of an ended server to ``keep``, to be read by everybody, all or nothing."""
    part = keep + ".part"
    run(["cp", "-R", data, part])
    run(["chmod", "-R", "u+rwX,go+rX", part])
    os.rename(part, keep)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
