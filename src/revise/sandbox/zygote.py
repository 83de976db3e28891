"""The fork server: one warm interpreter per kernel, which forks commands and servers.

It holds Django imported and no settings, one thread, no event loop and no connection, so a
fork of it is a fresh interpreter that need not import Django. It runs no code of the learner's:
whatever that does, the zygote stays there to reap it.

Requests come over control sockets. The first belongs to whoever started the zygote, which ends with
it; others are added by the operation ``attach``. A learner's process may hold one: nothing
that comes over them may end the zygote or hold it up.

Run by `forkserver` as ``python -m revise.sandbox.zygote FD PARENT``.
"""

import contextlib
import gc
import os
import signal
import socket
import sys
import time

from . import preload, processes
from .wire import Incoming, close_all, ready, tell

CHECK_PARENT_SECONDS = 2.0
END_SECONDS = 2.0
MOST_CONTROLS = 64


class Zygote:
    """Serves the requests that come over ``control``, until it closes or ``parent`` has ended.

    ``parent`` is the id of the process to look for, None when the socket alone counts;
    ``operations`` are by name what a forked child can be asked to do.
    """

    def __init__(self, control, parent, operations):
        self.operations = operations
        self.first = Incoming(control)
        self.controls = [self.first]
        self.parent = parent
        self.reports = {}  # pid → the socket its end is told on
        self.warm = set()  # the groups of `preload` that are imported
        self.wakeup, wakeup_write = socket.socketpair()
        self.wakeup.setblocking(False)
        wakeup_write.setblocking(False)
        self._wakeup_write = wakeup_write
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakeup_write.fileno(), warn_on_full_buffer=False)

    def serve(self):
        """Fork what is asked for; return when the kernel is gone.

        The kernel's end of its socket may outlive it in a process it forked, so its id is
        looked at as well.
        """
        while self.first in self.controls and self._has_parent():
            readable = ready([*self.controls, self.wakeup], CHECK_PARENT_SECONDS)
            if self.wakeup in readable:
                self._drain()
            self._report_ends()
            for control in readable:
                if control is not self.wakeup:
                    self._hear(control)

    def _has_parent(self):
        return self.parent is None or os.getppid() == self.parent

    def end(self):
        """End all that was started. Supervisors end by their lifelines; where nothing else finds
        their workers (not Linux) they are waited for."""
        deadline = time.monotonic() + END_SECONDS
        while self.reports and not processes.LINUX and time.monotonic() < deadline:
            time.sleep(0.05)
            self._report_ends()
        for pid in self.reports:
            processes.kill_group(pid)

    def _drain(self):
        try:
            while self.wakeup.recv(4096):
                pass
        except BlockingIOError:
            pass

    def _hear(self, control):
        """Take one request, when it has come whole; let go of a control that ends or talks nonsense."""
        fds = []
        try:
            if (received := control.receive()) is None:
                return
            message, fds = received
            self._answer(message, fds)
        except Exception:  # whatever it was: it costs the asker its control, and nobody else
            close_all(fds)
            self._let_go(control)

    def _let_go(self, control):
        self.controls.remove(control)
        control.close()

    def _answer(self, message, fds):
        """Do what is asked. Raises an exception for nonsense."""
        op = message["op"]
        if op == "attach":
            self._attach(fds)
        elif op == "warm":
            close_all(fds)
            self._warm(message["group"])
        elif op == "signal":
            *_, report = fds
            tell(report, {"signalled": self._signal(**message)})
            close_all(fds)
        elif op in self.operations:
            self._fork(message, fds)
        else:
            raise ValueError(op)

    def _attach(self, fds):
        """Add a control socket: the first descriptor."""
        control, *others = fds
        close_all(others)
        if len(self.controls) >= MOST_CONTROLS:
            os.close(control)
            return
        self.controls.append(Incoming(socket.socket(socket.AF_UNIX, fileno=control)))

    def _warm(self, group):
        """Import a group of `preload` once. Raises KeyError for what is none."""
        if group not in self.warm:
            preload.load(preload.GROUPS[group])
            _freeze()
            self.warm.add(group)

    def _signal(self, *, op, pid, number, group):
        """Signal a child that has not been reaped; say whether there was one."""
        if pid not in self.reports:
            return False
        # The process itself too: it may not lead its group yet.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if group:
                os.killpg(pid, number)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
        return True

    def _fork(self, message, fds):
        """Fork a process for a request. The last descriptor is where its end is told."""
        *given, report = fds
        try:
            pid = processes.fork()
        except OSError as error:
            tell(report, {"failed": f"no process could be started: {error.strerror}"})
            close_all(fds)
            return
        if pid == 0:
            processes.live(lambda: self._be_child(message, given, report))
        close_all(given)
        tell(report, {"pid": pid})
        self.reports[pid] = report

    def _be_child(self, message, given, report):
        for control in self.controls:
            control.close()
        self.wakeup.close()
        self._wakeup_write.close()
        close_all([report, *self.reports.values()])
        return self.operations[message.pop("op")](given, **message)

    def _report_ends(self):
        for pid, status, usage in processes.reap():
            report = self.reports.pop(pid, None)
            if report is None:
                continue  # an orphan
            processes.kill_group(pid)  # what a command left in the background ends with it
            tell(report, {"status": status, "cpu": usage.ru_utime + usage.ru_stime})
            os.close(report)


def _run(fds, **request):
    from .commands import run

    return run(fds, **request)


def _serve(fds, **request):
    from .supervisor import supervise

    return supervise(fds, **request)


def _host(fds, **request):
    from .hosting import host

    return host(fds, **request)


OPERATIONS = {"run": _run, "serve": _serve, "host": _host}


def run(control, parent, operations=OPERATIONS):
    """Be the zygote in this process, which has the modules loaded; return when it is over.

    ``control`` is the first control socket; ``parent`` the id of the process whose end is the
    zygote's too, or None; ``operations`` are by name what a forked child can be asked to do.
    """
    control.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.dont_write_bytecode = True
    os.chdir("/")  # keep no folder of the learner's busy
    processes.adopt_orphans()
    try:
        zygote = Zygote(control, parent, operations)
        zygote.serve()
        zygote.end()
    finally:
        processes.sweep()


def _freeze():
    """Collect once: the pages of modules that are frozen stay shared with the children."""
    gc.collect()
    gc.freeze()


def main():
    """Preload, then serve the socket whose descriptor is the first argument."""
    # Before the imports, which take half a second: an interrupt may come.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.dont_write_bytecode = True
    preload.load()
    _freeze()
    run(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))


if __name__ == "__main__":
    main()
