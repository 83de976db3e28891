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

PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])


class ForkServer:
    """A zygote process; it ends when this object's socket closes, at the latest with the kernel."""

    def __init__(self):
        self.owner = os.getpid()
        self.lock = threading.Lock()
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        self.control, theirs = socket.socketpair()
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

    def ask(self, request, fds):
        """Send a request; its descriptors are closed here in any case. Return a `Child`.

        Raises SandboxError when no zygote answers.
        """
        reports, theirs = os.pipe()
        try:
            with self.lock:
                send_message(self.control, request, [*fds, theirs])
        except OSError as error:
            os.close(reports)
            self.control.close()
            raise SandboxError(
                f"the sandbox's fork server is gone. {self._last_words()}"
            ) from error
        except BaseException:  # interrupted half way: what follows could not be understood
            self.control.close()
            raise
        finally:
            close_all([*fds, theirs])
        return Child(reports, self._last_words)

    def _last_words(self):
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "Run the cell again."

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

    def __init__(self, reports, last_words):
        self.reports = reports
        self.last_words = last_words
        self.pid = None
        self.status = None
        self.cpu = None
        self._buffer = b""

    def fileno(self):
        """Return the descriptor to wait on, for select."""
        return self.reports

    def read_report(self):
        """Take in what the zygote said; call it when the descriptor is readable.

        Raises SandboxError when the zygote is gone before it told the end.
        """
        data = os.read(self.reports, 4096)
        if not data:
            raise SandboxError(f"the sandbox's fork server ended early. {self.last_words()}")
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "failed" in message:
                raise SandboxError(message["failed"])
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

    def signal(self, number):
        """Signal the process; after its end this does nothing."""
        if self.pid and not self.poll():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self):
        """Kill the process and all of its group."""
        if self.pid and not self.poll():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def close(self):
        """Forget the process; it is not ended by that."""
        if self.reports is not None:
            os.close(self.reports)
            self.reports = None


_current = None
_starting = threading.Lock()


def fork_server():
    """Return this kernel's zygote; start one when there is none, or it died. Does not wait for it."""
    global _current
    with _starting:
        if _current is None or not _current.alive:
            if _current is not None:
                _current.close()
            _current = ForkServer()
    return _current


@atexit.register
def _close_at_exit():
    if _current is not None:
        _current.close()
