"""The kernel's side of the zygote: start it, ask it for a command or a server."""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from ..errors import SandboxError
from .wire import close_all, ready, send_message

SIGNAL_SECONDS = 2.0
SIGNALLED = b'{"signalled": true}'
READ = 4096  # bytes
PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])


class ForkServer:
    """A zygote at the other end of a socket."""

    def __init__(self, control):
        self.owner = os.getpid()
        self.lock = threading.Lock()
        self.control = control

    def ask(self, request, fds):
        """Send a request; its descriptors are closed here in any case. Return a `Child`.

        Raises SandboxError when no zygote answers.
        """
        reports, theirs = socket.socketpair()
        try:
            self._send(request, [*fds, theirs.fileno()])
        except BaseException:
            reports.close()
            raise
        finally:
            close_all(fds)
            theirs.close()
        return Child(reports, self)

    def warm(self, group):
        """Have the zygote import a group of `preload`; does not wait for it.

        Raises SandboxError when no zygote answers.
        """
        self._send({"op": "warm", "group": group}, [])

    def _send(self, request, fds):
        try:
            with self.lock:
                send_message(self.control, request, fds)
        except OSError as error:
            self.control.close()
            raise SandboxError(f"the sandbox's fork server is gone. {self.last_words()}") from error
        except BaseException:  # interrupted half way: what follows could not be understood
            self.control.close()
            raise

    def signal(self, pid, number, *, group=False):
        """Signal a process that the zygote forked, or its group; return whether it was still there."""
        request = {"op": "signal", "pid": pid, "number": int(number), "group": group}
        try:
            answer = self.ask(request, [])
        except SandboxError:  # without a zygote nothing runs any more
            return False
        with contextlib.closing(answer):
            told = answer.reports.recv(READ) if ready([answer], SIGNAL_SECONDS) else b""
            return told.strip() == SIGNALLED

    def last_words(self):
        """Return what is known of why the zygote is gone, or what to do then."""
        return "Run the cell again."


class OwnForkServer(ForkServer):
    """A zygote that this process started; it ends when this object's socket closes, at the latest
    with this process."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        super().__init__(ours)
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        with theirs:
            self.process = subprocess.Popen(
                # -P: nothing in the notebook's folder may shadow a module.
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "revise.sandbox.zygote",
                    str(theirs.fileno()),
                    str(self.owner),
                ],
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.log,
                # Interrupting a kernel signals its whole process group.
                start_new_session=True,
            )

    @property
    def alive(self):
        """Whether the zygote runs, and is this process's own (not its parent's)."""
        own = self.owner == os.getpid() and self.control.fileno() != -1
        return own and self.process.poll() is None

    def last_words(self):
        """Return the last line that the zygote wrote."""
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else super().last_words()

    def close(self):
        """End the zygote and everything it started; wait for it."""
        if self.owner != os.getpid():
            return
        self.control.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class AttachedForkServer(ForkServer):
    """A zygote that somebody else started and ends; this process holds a control socket of it."""

    @property
    def alive(self):
        """Whether the zygote still holds its end of the socket."""
        if self.control.fileno() == -1:
            return False
        try:
            return self.control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def of_this_process(self):
        """Return a server that no other process writes to: itself, or in a fork a new attachment."""
        if self.owner == os.getpid():
            return self
        ours, theirs = socket.socketpair()
        with theirs:
            send_message(self.control, {"op": "attach"}, [theirs.fileno()])
        return AttachedForkServer(ours)

    def close(self):
        """Close this process's socket; the zygote goes on."""
        self.control.close()


def _environment():
    """Return the zygote's environment: revise can be imported, and no byte code is written."""
    paths = [PACKAGE_PARENT] if not _installed() else []
    paths += [path for path in [os.environ.get("PYTHONPATH")] if path]
    extra = {"PYTHONPATH": os.pathsep.join(paths)} if paths else {}
    return {**os.environ, **extra, "PYTHONDONTWRITEBYTECODE": "1"}


def _installed():
    return Path(PACKAGE_PARENT).name in ("site-packages", "dist-packages")


class Child:
    """A process that the zygote forked; ``reports`` tells its id, then its exit status."""

    def __init__(self, reports, server):
        self.reports = reports
        self.server = server
        self.pid = None  # as the zygote counts: its namespace may be another one than ours
        self.status = None
        self.cpu = None
        self._buffer = b""
        self._reading = threading.Lock()  # checks ask a project's URL from many threads at once

    def fileno(self):
        """Return the descriptor to wait on, for select."""
        return self.reports.fileno()

    def read_report(self):
        """Take in what the zygote said; call it when the descriptor is readable.

        Raises SandboxError when the zygote is gone before it told the end, or did not fork.
        """
        with self._reading:
            try:
                data = self.reports.recv(READ, socket.MSG_DONTWAIT)
            except BlockingIOError:  # another thread has read it meanwhile
                return
            if not data:
                words = self.server.last_words()
                raise SandboxError(f"the sandbox's fork server ended early. {words}")
            *lines, self._buffer = (self._buffer + data).split(b"\n")
            for line in lines:
                self._take(line)

    def _take(self, line):
        try:
            message = json.loads(line)
            numbers = [message.get(name, 0) for name in ("pid", "status", "cpu")]
            if not all(isinstance(number, int | float) for number in numbers):
                raise TypeError(line)
        except (ValueError, TypeError, AttributeError, RecursionError):
            # A zygote that was attached runs where a learner's code may tamper with it.
            raise SandboxError("the sandbox's fork server talks nonsense.") from None
        if "failed" in message:
            raise SandboxError(str(message["failed"]))
        self.pid = message.get("pid", self.pid)
        self.status = message.get("status")
        self.cpu = message.get("cpu")

    @property
    def ended(self):
        """Whether the exit status is known."""
        return self.status is not None

    def poll(self):
        """Take in what was said without waiting; return whether the process has ended or is lost."""
        try:
            while not self.ended and ready([self.reports], 0):
                self.read_report()
        except (SandboxError, OSError, ValueError):
            return True
        return self.ended

    def wait(self, seconds):
        """Wait for the end, at most ``seconds``; return whether it came."""
        deadline = time.monotonic() + seconds
        while not self.poll():
            left = deadline - time.monotonic()
            if left <= 0 or not ready([self.reports], left):
                return False
        return True

    def signal(self, number, *, group=False):
        """Signal the process, or all of its group; after its end this does nothing.

        The zygote does it: it knows whether the process is still there. Returns when it is done.
        """
        if self.pid and not self.poll():
            self.server.signal(self.pid, number, group=group)

    def kill(self):
        """Kill the process and all of its group."""
        self.signal(signal.SIGKILL, group=True)

    def close(self):
        """Forget the process; it is not ended by that."""
        self.reports.close()


_current = None
_starting = threading.Lock()


def fork_server():
    """Return this process's zygote; start one when there is none, or it died. Does not wait for it.

    Raises SandboxError when the one that was attached is gone: it is not this process's to replace.
    """
    global _current
    with _starting:
        if isinstance(_current, AttachedForkServer):
            if not _current.alive:
                raise SandboxError("the sandbox's fork server is gone: it was ended from outside.")
            _current = _current.of_this_process()
        elif _current is None or not _current.alive:
            if _current is not None:
                _current.close()
            _current = OwnForkServer()
    return _current


def attach(control):
    """Make the zygote at the other end of ``control`` this process's fork server, and return it.

    The one before it is not closed: who made it may go back to it.
    """
    global _current
    with _starting:
        _current = AttachedForkServer(control)
    return _current


@atexit.register
def close_current():
    """Close this process's fork server, if it has one; the next use starts another."""
    global _current
    with _starting:
        if _current is not None:
            _current.close()
        _current = None
