"""The keeper: process 1 of the learner's side. It starts what the learner's code runs in, and ends it.

It runs no code of the learner's, and nothing inside can signal it: to its own namespace it is
process 1. It takes orders from the judge, as JSON with descriptors (revise.sandbox.wire):

- ``{"op": "start"}``: a fresh learner's process; answered with ``{}`` and three sockets: to talk to
  it, to pass it descriptors, and the judge's own way to the sandbox's fork server;
- ``{"op": "interrupt"}`` and ``{"op": "end"}``: SIGINT, SIGKILL to the learner's process;
- ``{"op": "ended"}``: answered with ``{"how": words}``, how the last one ended, empty while it runs;
- ``{"op": "worn"}``: answered with ``{"worn": bool}``, whether its descriptors, or the processes that
  all may have, are half used up.
"""

import contextlib
import os
import signal
import socket
import time
import traceback

from revise.sandbox import processes, wire, zygote

from . import namespaces
from .limits import Limits, hold
from .memory import Memory
from .world import TEMPORARY, close_all_but, end_all

TICK_SECONDS = 0.2
ENDING_SECONDS = 0.5


def keep(control: socket.socket, limits: Limits) -> None:
    """Enter the learner's own namespaces and serve the judge until it goes."""
    namespaces.enter_ipc(limits.files, namespaces.NEWNS | namespaces.NEWPID | namespaces.NEWUTS)
    pid = os.fork()
    if pid == 0:
        try:
            namespaces.die_with_parent()
            # A signal without a handler does not reach process 1 from inside its namespace.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _lay_out(limits)
            Keeper(control, limits).serve()
            end_all()
        except BaseException:
            traceback.print_exc()  # to the nursery's log
        finally:
            os._exit(0)
    control.close()
    os.waitpid(pid, 0)


def _lay_out(limits: Limits) -> None:
    namespaces.keep_mounts_private()
    namespaces.mount_proc()
    namespaces.mount_terminals()
    for path in TEMPORARY:
        namespaces.mount_tmpfs(path, limits.files // 2, mode=0o1777)
    namespaces.refuse_user_namespaces()
    namespaces.give_up_privileges()
    namespaces.hide_memory()
    hold(limits)


def _be_fork_server(control: socket.socket) -> None:
    namespaces.hide_memory(
        False
    )  # what it forks is the learner's: the keeper looks what that holds
    zygote.run(control, None)


class Keeper:
    """Serves the judge's orders, and looks after the memory in between."""

    def __init__(self, control: socket.socket, limits: Limits):
        self.control = control
        self.limits = limits
        self.memory = Memory(limits.memory)
        self.learner: int | None = None
        self.how = ""
        self.fork_server, theirs = socket.socketpair()
        self.sandbox = self._fork(lambda: _be_fork_server(theirs), {theirs.fileno()})
        theirs.close()

    def serve(self) -> None:
        """Do what the judge asks, until it is gone."""
        while True:
            readable = wire.ready([self.control], TICK_SECONDS)
            self._reap()
            if self.memory.is_exceeded():
                self._free_memory()
            if readable:
                order, _fds = wire.receive_message(self.control)
                if order is None:
                    return
                self._obey(order["op"])

    def _obey(self, op: str) -> None:
        if op == "start":
            self._start()
        elif op == "interrupt" and self.learner:
            os.kill(self.learner, signal.SIGINT)
        elif op == "end" and self.learner:
            self._kill(self.learner)
        elif op == "ended":
            self._wait_for_the_end()
            wire.send_message(self.control, {"how": self.how})
        elif op == "worn":
            wire.send_message(self.control, {"worn": self._is_worn()})

    def _is_worn(self) -> bool:
        tasks = sum(_count(f"/proc/{pid}/task") for pid in filter(str.isdigit, os.listdir("/proc")))
        descriptors = _count(f"/proc/{self.learner}/fd") if self.learner else 0
        return 2 * tasks > self.limits.processes or 2 * descriptors > self.limits.descriptors

    def _start(self) -> None:
        """Start a learner's process; answer with the sockets to it and to the fork server."""
        from revise.grading.judge.learner import learn

        if self.learner:
            self._kill(self.learner)
        talk, talk_theirs = socket.socketpair()
        aside, aside_theirs = socket.socketpair()
        given = (talk_theirs, aside_theirs, self._way_to_the_fork_server())
        self.how = ""
        self.learner = self._fork(lambda: learn(*given), {one.fileno() for one in given})
        judges = (talk, aside, self._way_to_the_fork_server())
        wire.send_message(self.control, {}, [one.fileno() for one in judges])
        for one in (*given, *judges):
            one.close()

    def _way_to_the_fork_server(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            wire.send_message(self.fork_server, {"op": "attach"}, [theirs.fileno()])
        return ours

    def _fork(self, call, keep: set[int]) -> int:
        pid = processes.fork()
        if pid:
            return pid
        try:
            close_all_but(keep)
            call()
        except BaseException:
            traceback.print_exc()  # to the nursery's log
        finally:
            os._exit(0)

    def _kill(self, pid: int) -> None:
        processes.kill_group(pid)
        with contextlib.suppress(ChildProcessError):
            _pid, status = os.waitpid(pid, 0)
            self._note(pid, os.waitstatus_to_exitcode(status))

    def _reap(self) -> None:
        for pid, status, _usage in processes.reap():
            self._note(pid, status)

    def _wait_for_the_end(self) -> None:
        """Wait a moment for a learner's process whose socket has closed: it may be about to end."""
        deadline = time.monotonic() + ENDING_SECONDS
        self._reap()
        while self.learner and time.monotonic() < deadline:
            time.sleep(0.005)
            self._reap()

    def _note(self, pid: int, status: int) -> None:
        if pid == self.learner:
            processes.kill_group(pid)  # what a cell left in the background
            self.learner = None
            self.how = self.how or f"the process {processes.ending(status)}"

    def _free_memory(self) -> None:
        spared = {os.getpid(), self.sandbox}
        for pid in self.memory.largest(spared):
            if pid == self.learner:
                self.how = f"it used more than {self.memory.most // 1024**2} MiB of memory"
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _count(folder: str) -> int:
    try:
        return len(os.listdir(folder))
    except OSError:
        return 0  # it has ended
