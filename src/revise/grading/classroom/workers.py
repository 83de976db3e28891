"""Workers on this machine: threads that wait while the engine's processes run the jobs."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue


@dataclass(frozen=True)
class Done:
    """A job that came back: its outcome, or the error of what ran it (never the learner's)."""

    job: object
    """What ``submit`` was given to know it by."""
    outcome: bytes = b""
    error: Exception | None = None
    seconds: float = 0.0


class LocalWorkers:
    """Keep ``count`` jobs in flight; each comes back as a ``Done`` in ``done``.

    The threads end with the process, not before it: one that waits for a job that was given up must
    not keep the command alive.
    """

    def __init__(self, run: Callable[[bytes], bytes], count: int, done: SimpleQueue):
        self.capacity = count + 1  # one is ready when a worker gets free
        self._run, self._done = run, done
        self._jobs: SimpleQueue = SimpleQueue()
        self._closed = False
        for _ in range(count):
            threading.Thread(target=self._work, daemon=True).start()

    def submit(self, key: object, job: bytes) -> None:
        """Have ``job`` run; never waits."""
        self._jobs.put((key, job))

    def check(self) -> None:
        """Raise when no job can come back any more: here they always can."""

    def close(self) -> None:
        """Give up what waits; what runs is ended by the engine's ``stop``."""
        self._closed = True

    def _work(self) -> None:
        while True:
            key, job = self._jobs.get()
            if self._closed:
                return
            self._done.put(run_one(self._run, key, job))


def run_one(run: Callable[[bytes], bytes], key: object, job: bytes) -> Done:
    """Run a job here and now, and say what came of it."""
    started = time.monotonic()
    try:
        outcome, error = run(job), None
    except Exception as failure:  # whatever it is, it must reach the bookkeeper's thread
        outcome, error = b"", failure
    return Done(key, outcome, error, time.monotonic() - started)
