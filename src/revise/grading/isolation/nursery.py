"""The grader's side of the nursery: start it, run submissions in it, end it."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from revise.errors import GradingFailed, SandboxError
from revise.sandbox import forkserver, starters, wire

from . import bubblewrap
from .limits import Limits
from .outcome import Outcome

START_SECONDS = 120.0
SPARE_SECONDS = 60.0
"""Beyond the notebook's own time: what the world has to start and to end."""
END_SECONDS = 20.0
MOST_OF_AN_OUTCOME = 256 * 1024 * 1024
# numpy's threads would not survive a fork; each submission has a share of the machine anyhow.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Nursery:
    """A warm process behind the wall, and the submissions that run in forks of it.

    Several threads may run jobs at the same time. Raises IsolationMissing where there can be no
    wall, GradingFailed when the nursery does not start.

    >>> with Nursery() as nursery:
    ...     outcome = nursery.run(job)
    """

    def __init__(self):
        bubblewrap.require()
        shown = _warm_starters()
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        self.control, theirs = socket.socketpair()
        self.server = forkserver.ForkServer(self.control)
        with theirs:
            program = [sys.executable, "-P", "-m", __package__ + ".inside", str(theirs.fileno())]
            self.process = subprocess.Popen(
                bubblewrap.command(program, env=_environment(), shown=shown),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.log,
                start_new_session=True,  # Ctrl-C is the grader's to handle
            )
        if not wire.ready([self.control], START_SECONDS) or not self._greeted():
            self.close()
            raise GradingFailed.because(f"the nursery did not start: {self.last_words()}")

    def _greeted(self) -> bool:
        try:
            return wire.receive_message(self.control)[0] is not None
        except OSError:
            return False

    @property
    def alive(self) -> bool:
        """Whether it can take another job."""
        return self.process.poll() is None

    def run(self, job: bytes) -> bytes:
        """Run a job (`revise.grading.judge.job`) in a world of its own; return its outcome.

        Raises GradingFailed when the nursery is lost, or no cell was run: that is no submission's
        doing. Whatever a submission does is an outcome.
        """
        content = json.loads(job)
        limits = Limits(**content["limits"])
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                child = self._ask({"op": "world", "limits": limits.as_dict()}, theirs)
            outcome = _converse(ours, content, limits.notebook_seconds + SPARE_SECONDS)
        # Closed: what has not ended by now ends.
        if not child.wait(END_SECONDS):
            child.kill()
            child.wait(END_SECONDS)
        child.close()
        if not self.alive:
            raise GradingFailed.because(f"the nursery is gone: {self.last_words()}")
        if outcome.reason and not outcome.cells:
            raise GradingFailed.because(f"{outcome.reason}: {self.last_words()}")
        return replace(outcome, cpu=child.cpu or 0.0).as_bytes()

    def _ask(self, request: dict, world: socket.socket) -> forkserver.Child:
        try:
            return self.server.ask(request, [os.dup(world.fileno())])
        except SandboxError as error:
            raise GradingFailed.because(f"the nursery is gone: {self.last_words()}") from error

    def last_words(self) -> str:
        """Return the last line that the nursery wrote on stderr."""
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def close(self) -> None:
        """End the nursery, and every submission in it."""
        self.control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_error) -> None:
        self.close()


def _converse(world: socket.socket, job: dict, seconds: float) -> Outcome:
    """Send the job to the judge and take what it tells, as far as it comes."""
    outcome = Outcome()
    deadline = time.monotonic() + seconds
    size = 0
    try:
        wire.send_message(world, job)
        while (left := deadline - time.monotonic()) > 0:
            world.settimeout(left)
            message, _fds = wire.receive_message(world)
            if message is None:
                break
            if message.get("done"):
                return Outcome(outcome.cells, message["flags"], message["reason"])
            size += len(str(message))
            if size > MOST_OF_AN_OUTCOME:
                break
            outcome.cells[message["cell"]] = message["outputs"]
    except OSError:
        pass
    late = time.monotonic() >= deadline
    reason = "its time was over" if late else "the judge ended before it was done"
    return Outcome(outcome.cells, outcome.flags, reason)


def _environment() -> dict[str, str]:
    """Return the whole environment inside: nothing of the grader's."""
    return {
        "HOME": bubblewrap.HOME,
        "IPYTHONDIR": "/tmp/ipython",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "NBGRADER_EXECUTION": "autograde",
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(bubblewrap.PACKAGE_PARENT),
        "TZ": "UTC",
        "USER": "learner",
        "XDG_CACHE_HOME": str(starters.cache_folder().parents[1]),
        **dict.fromkeys(ONE_THREAD, "1"),
    }


def _warm_starters() -> tuple[Path, ...]:
    """Build the starter projects outside, where the copies can be kept; return where they are."""
    starters.keep_all()
    folder = starters.cache_folder()
    return (folder,) if folder.is_dir() else ()


_nursery: Nursery | None = None
_starting = threading.Lock()


def run_job(job: bytes) -> bytes:
    """Run a job in this process's nursery, which is started on first use and when it was lost.

    Thread-safe. Raises IsolationMissing, GradingFailed.
    """
    return _current().run(job)


def _current() -> Nursery:
    global _nursery
    with _starting:
        if _nursery is None or not _nursery.alive:
            if _nursery is not None:
                _nursery.close()
            _nursery = Nursery()
        return _nursery


@atexit.register
def close() -> None:
    """End this process's nursery, if it has one."""
    global _nursery
    with _starting:
        if _nursery is not None:
            _nursery.close()
            _nursery = None
