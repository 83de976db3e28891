"""The fork server: one warm interpreter per kernel, which forks commands and servers.

It holds Django imported and no settings, one thread, no event loop and no connection, so a
fork of it is a fresh interpreter that need not import Django. It runs no code of the learner's:
whatever that does, the zygote stays there to reap it.

Run by `forkserver` as ``python -m revise.sandbox.zygote FD PARENT``.
"""

import gc
import os
import signal
import socket
import sys
import time
import traceback

from . import preload, processes
from .wire import close_all, ready, receive_message, write_line

CHECK_PARENT_SECONDS = 2.0
END_SECONDS = 2.0


class Zygote:
    """Serves the requests that come over ``control``, until it closes."""

    def __init__(self, control, parent):
        self.control = control
        self.parent = parent
        self.reports = {}  # pid → the descriptor its end is told on
        self.wakeup, wakeup_write = socket.socketpair()
        self.wakeup.setblocking(False)
        wakeup_write.setblocking(False)
        self._wakeup_write = wakeup_write
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakeup_write.fileno(), warn_on_full_buffer=False)

    def serve(self):
        """Fork what is asked for; return when the kernel is gone.

        The kernel's end of ``control`` may outlive it in a process it forked, so its id is
        looked at as well.
        """
        while os.getppid() == self.parent:
            readable = ready([self.control, self.wakeup], CHECK_PARENT_SECONDS)
            if self.wakeup in readable:
                self._drain()
            self._report_ends()
            if self.control in readable and not self._answer():
                return

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

    def _answer(self):
        message, fds = receive_message(self.control)
        if message is None:
            return False
        # The last descriptor is where the end of the child is told.
        *given, report = fds
        try:
            pid = processes.fork()
        except OSError as error:
            write_line(report, {"failed": f"no process could be started: {error.strerror}"})
            close_all(fds)
            return True
        if pid == 0:
            self._become_child(message, given, report)
        close_all(given)
        write_line(report, {"pid": pid})
        self.reports[pid] = report
        return True

    def _become_child(self, message, given, report):
        status = 1
        try:
            self.control.close()
            self.wakeup.close()
            self._wakeup_write.close()
            close_all([report, *self.reports.values()])
            status = OPERATIONS[message.pop("op")](given, **message)
        except BaseException:
            traceback.print_exc()
        finally:
            processes.leave(status)

    def _report_ends(self):
        for pid, status, usage in processes.reap():
            report = self.reports.pop(pid, None)
            if report is None:
                continue  # an orphan
            processes.kill_group(pid)  # what a command left in the background ends with it
            write_line(report, {"status": status, "cpu": usage.ru_utime + usage.ru_stime})
            os.close(report)


def _run(fds, **request):
    from .commands import run

    return run(fds, **request)


def _serve(fds, **request):
    from .supervisor import supervise

    return supervise(fds, **request)


OPERATIONS = {"run": _run, "serve": _serve}


def main():
    """Preload, then serve the socket whose descriptor is the first argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.dont_write_bytecode = True
    os.chdir("/")  # keep no folder of the learner's busy
    processes.adopt_orphans()
    preload.load()
    # Collected once and frozen, the pages of the modules stay shared with the children.
    gc.collect()
    gc.freeze()
    try:
        zygote = Zygote(control, int(sys.argv[2]))
        zygote.serve()
        zygote.end()
    finally:
        processes.sweep()


if __name__ == "__main__":
    main()
