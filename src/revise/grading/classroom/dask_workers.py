"""Workers of a Dask cluster: submissions travel as bytes, so no disk is shared.

Each worker's machine needs this course's package, in the same version, and what isolation needs.
"""

import contextlib
import importlib.metadata
import socket
import time
from collections.abc import Callable
from queue import SimpleQueue

import distributed

from revise.errors import NoScheduler, SchedulerLost, WorkerDiffers
from revise.grading.classroom.workers import Done

CONNECT_SECONDS = 15
LOST_SECONDS = 20
"""How long a scheduler may be away before the run is given up."""
WORKERLESS_SECONDS = 120
"""How long it may be without a worker: they are started again, or on other machines."""


VERSION = importlib.metadata.version("revise")


def run_there(run: Callable[[bytes], bytes], job: bytes, version: str) -> bytes:
    """Run a job on a worker's machine. Raises ``WorkerDiffers`` where another version is installed."""
    if version != VERSION:
        raise WorkerDiffers.on(socket.gethostname(), VERSION, version)
    return run(job)


class DaskWorkers:
    """Keep the cluster's threads busy; each job comes back as a ``Done`` in ``done``.

    A worker that dies with a job loses nothing: the scheduler gives it to another. Raises
    ``NoScheduler`` when nothing answers at ``address``.
    """

    def __init__(self, run: Callable[[bytes], bytes], address: str, done: SimpleQueue):
        try:
            self._client = distributed.Client(
                address, timeout=CONNECT_SECONDS, set_as_default=False, name="revise-grade"
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise NoScheduler.at(address, error) from None
        self._run, self._done, self._address = run, done, address
        self._futures: dict[object, distributed.Future] = {}
        self._away = _Since()
        self._idle = _Since()
        self.capacity = 1
        self.check()

    def submit(self, key: object, job: bytes) -> None:
        """Have ``job`` run on some worker; never waits."""
        started = time.monotonic()
        future = self._client.submit(run_there, self._run, job, VERSION, pure=False)
        self._futures[key] = future
        future.add_done_callback(lambda one: self._take(key, one, started))

    def check(self) -> None:
        """Look at the cluster: a job for each of its threads, and one more that is ready.

        Raises ``SchedulerLost`` when the scheduler has been away for some time, or has had no worker.
        """
        there = self._client.status == "running"
        if self._client.status == "closed" or self._away.seconds(not there) > LOST_SECONDS:
            raise SchedulerLost.at(self._address)
        with contextlib.suppress(OSError, TimeoutError):  # away: the next look will tell
            workers = self._client.scheduler_info(n_workers=-1)["workers"].values() if there else ()
            self.capacity = sum(worker["nthreads"] for worker in workers) + 1
            if self._idle.seconds(there and not workers) > WORKERLESS_SECONDS:
                raise SchedulerLost.without_workers(self._address)

    def close(self) -> None:
        """Take the jobs back and leave; the cluster goes on without this run."""
        with contextlib.suppress(Exception):  # a scheduler that is gone has nothing to cancel
            if self._client.status == "running":
                self._client.cancel(list(self._futures.values()), force=True)
        self._client.close(timeout=2)

    def _take(self, key: object, future: distributed.Future, started: float) -> None:
        """Hand on what came back (called in Dask's own thread)."""
        self._futures.pop(key, None)
        if future.cancelled() or future.status == "lost":
            return  # the run was given up, or `check` sees that the scheduler is gone
        error = future.exception()
        outcome = b"" if error else future.result()
        self._done.put(Done(key, outcome, error, time.monotonic() - started))


class _Since:
    """For how long something has been so."""

    def __init__(self):
        self._start: float | None = None

    def seconds(self, so: bool) -> float:
        """Return for how many seconds ``so`` has been true at each call, now included."""
        if not so:
            self._start = None
            return 0.0
        self._start = self._start or time.monotonic()
        return time.monotonic() - self._start
