"""How processes start after a fork, and how they all end.

On Linux two flags of prctl(2) help: the parent-death signal ends a child whose parent was
killed, and a child subreaper inherits the orphans that a learner's code left behind. Elsewhere
process groups and closed descriptors do the work alone.
"""

import contextlib
import functools
import gc
import os
import resource
import signal
import sys
import time
import traceback

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
LARGEST_FILE = 500_000_000  # bytes: a view that prints for ever must not fill the disk
# A project is loaded in thousands of objects that stay. To look for garbage among them after every
# 700, as the interpreter does, costs a tenth of a command's time.
COLLECT_AFTER = 20_000, 20, 50
LINUX = sys.platform == "linux"


def _prctl(option, argument):
    if LINUX:
        _libc().prctl(option, argument, 0, 0, 0)


@functools.cache
def _libc():
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def adopt_orphans():
    """Become the parent of every orphan among the descendants (Linux)."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent():
    """Have this process killed when its parent ends (Linux); a program that it becomes, too."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def fork():
    """Fork; in the child return 0 with the zygote's signals undone and its own session.

    The child is killed when its parent dies (Linux).
    """
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    die_with_parent()
    if os.getppid() != parent:  # it died before the signal was asked for
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return 0


def become(*, cwd, env, stdout, stderr):
    """Take on the folder, the environment and the output of a program started in ``cwd``."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (stdout, 1), (stderr, 2)):
        os.dup2(source, target)
    os.close(null)
    # New ones: the zygote's remember that its own output could be sought.
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = _line_by_line(1)
    sys.stderr = sys.__stderr__ = _line_by_line(2)
    sys.path.insert(0, cwd)
    gc.set_threshold(*COLLECT_AFTER)
    _limit(resource.RLIMIT_FSIZE, LARGEST_FILE)


def _limit(what, most):
    _soft, hard = resource.getrlimit(what)
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(what, (most, hard))


def _line_by_line(fd):
    return open(fd, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def kill_group(pid):
    """Kill the process group that ``pid`` leads, if there still is one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def reap():
    """Yield ``(pid, exit status, resource usage)`` of every child that has ended."""
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status), usage


def ending(status):
    """Return how a process ended, in words, from its exit status."""
    if status >= 0:
        return f"ended with exit status {status}"
    return f"was killed by {signal.Signals(-status).name}"


def descendants(root):
    """Return the ids of all processes below ``root`` (Linux; elsewhere none)."""
    if not LINUX:
        return []
    children = _children if _children(os.getpid()) is not None else _children_by_search()
    found, waiting = [], [root]
    while waiting:
        below = children(waiting.pop()) or []
        found += below
        waiting += below
    return found


def _children(pid):
    """Return the children of ``pid`` as the kernel lists them, or None where it keeps no list."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                found += map(int, file.read().split())
    except OSError:
        return found or None
    return found


def _children_by_search():
    """Return a function like ``_children`` that knows what one look at every process told.

    For kernels built without CONFIG_PROC_CHILDREN: reading all of ``/proc`` costs milliseconds.
    """
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            parent = _parent_of(name)
            if parent is not None:
                children.setdefault(parent, []).append(int(name))
    return children.get


def _parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # "pid (name) state ppid …": a name may hold spaces and brackets, so cut after the last one.
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return None


def sweep(seconds=2.0):
    """Kill everything below this process, also what moved to a session of its own."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for _ in reap():
            pass
        left = descendants(os.getpid())
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.002)


def live(call):
    """Be a forked process: call, and end with the exit status that it returns, or 1 and its traceback."""
    status = 1
    try:
        status = call()
    except BaseException:
        traceback.print_exc()
    finally:
        leave(status)


def leave(status):
    """End a forked process as an interpreter ends: threads, exit handlers, streams, status."""
    import atexit
    import threading

    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(status & 0xFF)
