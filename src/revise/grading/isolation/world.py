"""The world of one submission: namespaces of its own, made by a fork of the nursery, ended as a whole.

Two sides live in it. The judge has the job, and with it the hidden checks; the keeper's side runs
what the learner wrote. They share a network (the live project's loopback) and the work folder. The
keeper's side has its own processes, memory, /tmp and /proc below that: it sees no other process.
"""

import contextlib
import os
import select
import signal
import socket
import time
import traceback

from revise.sandbox import processes

from . import namespaces
from .bubblewrap import HOME
from .limits import Limits

WORK = f"{HOME}/course"
"""Where a submission's cells run, on both sides."""
MIRROR = "/tmp/mirror"
"""Where the judge runs the setup cells for itself; the learner's side has another /tmp."""
GRACE_SECONDS = 10.0
"""What the judge has, beyond the notebook's time, to tell what it knows."""
END_SECONDS = 5.0
"""What the learner's side has to end in."""
POLLRDHUP = 0x2000  # <poll.h>
TEMPORARY = "/tmp", "/dev/shm"


def run(fds: list[int], *, limits: dict) -> int:
    """Make a world for the job that comes over the socket ``fds[0]``; return when it has ended.

    Called in a process that the nursery forked for it. The job is read by the judge alone: nothing
    that forks the learner's side has ever had a hidden check in its memory.
    """
    namespaces.enter(
        namespaces.NEWNS
        | namespaces.NEWPID
        | namespaces.NEWNET
        | namespaces.NEWIPC
        | namespaces.NEWUTS
    )
    namespaces.die_with_parent()  # asked for again: new credentials undo it
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            namespaces.die_with_parent()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            status = _first_process(socket.socket(fileno=fds[0]), Limits(**limits))
        except BaseException:
            traceback.print_exc()  # to the nursery's log
        finally:
            os._exit(status)
    os.close(fds[0])
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _first_process(job: socket.socket, limits: Limits) -> int:
    """Be process 1 of the world: lay it out, start both sides, end everything when the judge ends."""
    _lay_out(limits)
    ours, theirs = socket.socketpair()
    keeper = _fork(_keeper, theirs, limits, keep={theirs.fileno()})
    judge = _fork(_judge, job, ours, limits, keep={job.fileno(), ours.fileno()})
    ours.close()
    theirs.close()
    namespaces.give_up_privileges()
    try:
        return _watch(judge, job, time.monotonic() + limits.notebook_seconds)
    finally:
        _wait_for(keeper)  # the judge is gone, so it ends its side
        end_all()


def _lay_out(limits: Limits) -> None:
    namespaces.keep_mounts_private()
    namespaces.raise_loopback()
    namespaces.set_host_name("grading")
    namespaces.mount_proc()
    namespaces.mount_tmpfs(HOME, limits.files)
    os.mkdir(WORK)
    for path in TEMPORARY:
        namespaces.mount_tmpfs(path, limits.files // 2, mode=0o1777)
    os.mkdir(MIRROR)
    os.chdir(WORK)


def _fork(side, *arguments, keep: set[int]) -> int:
    """Fork one side of the world, with the descriptors in ``keep`` and no others."""
    pid = processes.fork()
    if pid:
        return pid
    try:
        close_all_but(keep)
        side(*arguments)
    except BaseException:
        traceback.print_exc()  # to the nursery's log
    finally:
        os._exit(0)


def _judge(job: socket.socket, keeper: socket.socket, limits: Limits) -> None:
    from revise.grading.judge.judging import judge

    namespaces.give_up_privileges()
    namespaces.hide_memory()
    judge(job, keeper, limits)


def _keeper(control: socket.socket, limits: Limits) -> None:
    from .keeper import keep

    keep(control, limits)


def _watch(judge: int, job: socket.socket, deadline: float) -> int:
    """Wait until the judge has ended, or the time is over, or nobody waits for the outcome."""
    poll = select.poll()
    poll.register(job, POLLRDHUP)
    child_ended, wakeup = os.pipe()
    os.set_blocking(wakeup, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
    poll.register(child_ended, select.POLLIN)
    while (left := deadline + GRACE_SECONDS - time.monotonic()) > 0:
        for pid, status, _usage in processes.reap():
            if pid == judge:
                return status
        for fd, _event in poll.poll(left * 1000):
            if fd == job.fileno():
                return 1
            os.read(child_ended, 4096)
    return 1


def _wait_for(pid: int) -> None:
    """Wait a little for a process to end."""
    deadline = time.monotonic() + END_SECONDS
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(pid, os.WNOHANG)[0] == 0 and time.monotonic() < deadline:
            time.sleep(0.005)


def end_all() -> None:
    """End every process of this namespace but this one; wait, so that their time is counted here."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def close_all_but(keep: set[int]) -> None:
    """Close every descriptor but the standard ones and those in ``keep``."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in keep:
            with contextlib.suppress(OSError):  # the one that listed them
                os.close(int(name))
