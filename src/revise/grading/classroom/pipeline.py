"""A run: prepare, have run, settle, and never stop for one submission.

One thread, this one, does nbgrader's steps and writes the gradebook; workers run the jobs. What is
ready is sent before what came back is settled, so that no worker waits for the bookkeeping.
"""

import errno
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import Protocol

from sqlalchemy.exc import OperationalError

from revise.errors import DiskFull, GradebookUnusable, IsolationMissing, ReviseError
from revise.grading.classroom import state
from revise.grading.classroom.bookkeeper import Bookkeeper, Part, Submission
from revise.grading.classroom.engines import cpu_seconds
from revise.grading.classroom.ledger import Ledger
from revise.grading.classroom.results import Result, Status, take_marks, take_notebook
from revise.grading.classroom.workers import Done

TRIES = 3
"""How often a job is run when what runs it fails: a worker that was lost, a machine that was full."""
TICK_SECONDS = 1.0
LOST = "Not graded by a failure of the grader, not of the submission: {}. Grade it again."
UNEXPECTED = "Not graded, since something unexpected happened: {}. Look at the notebook."


class Workers(Protocol):
    """What runs jobs: this machine's processes, or a cluster."""

    capacity: int

    def submit(self, key: object, job: bytes) -> None: ...
    def check(self) -> None: ...
    def close(self) -> None: ...


class Watcher(Protocol):
    """Who is told what happens: the progress bar."""

    def begin(self, submissions: int) -> None: ...
    def done(self, result: Result) -> None: ...


class Run:
    """Grade submissions; ``results`` grows as they are done."""

    def __init__(
        self,
        bookkeeper: Bookkeeper,
        ledger: Ledger,
        kept: state.State,
        names: dict[str, dict],
        watcher: Watcher,
    ):
        self.results: list[Result] = []
        self.interrupted = False
        self.error: ReviseError | None = None
        self.done: SimpleQueue = SimpleQueue()
        self._bookkeeper, self._ledger, self._kept = bookkeeper, ledger, kept
        self._names, self._watcher = names, watcher
        self._ran = False
        self._tries: dict[int, int] = {}
        self._flying: dict[int, tuple[Submission, Part]] = {}

    def stop(self) -> None:
        """Start nothing more, and come back soon. May be called from a signal handler."""
        self.interrupted = True
        self.done.put(None)

    def grade(self, submissions: list[Submission], workers: Workers, *, all: bool) -> None:
        """Grade ``submissions``, those that changed or, with ``all``, each of them.

        Raises ``GradebookUnusable``, ``DiskFull``, ``IsolationMissing``, ``SchedulerLost``, or what
        the engine raises when it can run nothing: no submission can be blamed for these; what was done until then is in ``results``, and is kept.
        """
        self._watcher.begin(len(submissions))
        waiting = iter(submissions)
        self._send(waiting, workers, all)
        while self._flying and not self.interrupted:
            came = self._next(workers)
            if came is None:
                continue
            self._take(came, workers)
            self._send(waiting, workers, all)

    def _send(self, waiting: Iterable[Submission], workers: Workers, all: bool) -> None:
        """Prepare submissions until the workers have enough to do."""
        for submission in () if self._full(workers) else waiting:
            if self.interrupted:
                return
            if not all and (result := self._before(submission)):
                self._finish(result, submission)
                continue
            self._prepare(submission, workers)
            if self._full(workers):
                return

    def _full(self, workers: Workers) -> bool:
        return len(self._flying) >= workers.capacity

    def _prepare(self, submission: Submission, workers: Workers) -> None:
        try:
            with self._ledger.transaction():
                self._bookkeeper.prepare(submission)
        except (Exception, SystemExit) as error:  # nbgrader exits where it cannot go on
            self._give_up(submission, error)
            return
        for part in submission.parts:
            self._flying[id(part)] = (submission, part)
            self._tries[id(part)] = 1
            workers.submit(id(part), part.job)

    def _next(self, workers: Workers) -> Done | None:
        workers.check()
        try:
            return self.done.get(timeout=TICK_SECONDS)
        except Empty:
            return None

    def _take(self, came: Done, workers: Workers) -> None:
        """Take in a job that came back; settle its submission when it was the last one."""
        if came.job not in self._flying:
            return  # of a submission that was given up meanwhile
        submission, part = self._flying[came.job]
        if isinstance(came.error, IsolationMissing):
            raise came.error
        if came.error is not None and self._tries[came.job] < TRIES:
            self._tries[came.job] += 1
            workers.submit(came.job, part.job)
            return
        if came.error is not None:
            if not self._ran and isinstance(came.error, ReviseError):
                raise came.error  # nothing can be run here, whoever's it is
            self._land(submission)
            self._give_up(submission, came.error, lost=True)
            return
        self._ran = True
        del self._flying[came.job], self._tries[came.job]
        part.outcome, part.job = came.outcome, b""
        submission.seconds += came.seconds
        if not any(other is submission for other, _ in self._flying.values()):
            self._settle(submission)

    def _land(self, submission: Submission) -> None:
        for key in [key for key, (one, _) in self._flying.items() if one is submission]:
            del self._flying[key], self._tries[key]

    def _settle(self, submission: Submission) -> None:
        result = Result(submission.student)
        graded = self._bookkeeper.graded(submission)
        state.forget(graded)
        try:
            with self._ledger.transaction():
                self._bookkeeper.settle(submission)
                self._read_marks(result, submission)
        except (Exception, SystemExit) as error:
            self._give_up(submission, error)
            return
        for part in submission.parts:
            take_notebook(result, part.notebook)
        result.cpu = _sum(cpu_seconds(part.outcome) for part in submission.parts)
        result.seconds = round(submission.seconds, 2)
        try:
            # Last: while it is not there, the next run grades the submission again.
            self._kept.keep(submission.folder, graded, result)
        except OSError as error:
            _raise_if_nobodys(error, self._ledger)
        self._finish(result, submission)

    def _give_up(self, submission: Submission, error: Exception, *, lost: bool = False) -> None:
        """Mark with 0 what could not be graded; the reason is for the teacher, and the rest goes on."""
        _raise_if_nobodys(error, self._ledger)
        result = Result(submission.student, Status.FAILED)
        result.reason = _words(error, lost=lost)
        state.forget(self._bookkeeper.graded(submission))
        try:
            with self._ledger.transaction():
                self._bookkeeper.give_up(submission, result.reason)
                self._read_marks(result, submission)
        except Exception as second:
            _raise_if_nobodys(second, self._ledger)
            result.reason += f" It has no mark: {_words(second)}"
        self._finish(result, submission)

    def _before(self, submission: Submission) -> Result | None:
        """Return the result of a former run, where the gradebook still holds its marks."""
        kept = self._kept.before(submission.folder, self._bookkeeper.graded(submission))
        if kept is None:
            return None
        marks = kept.marks
        try:
            with self._ledger.transaction():
                self._read_marks(kept, submission)
        except ValueError:  # nbgrader's MissingEntry: the gradebook is another one
            return None
        kept.status = Status.UNCHANGED
        return kept if kept.marks == marks else None

    def _read_marks(self, result: Result, submission: Submission) -> None:
        take_marks(result, self._ledger, submission.assignment, self._names)

    def _finish(self, result: Result, submission: Submission) -> None:
        submission.parts = []  # a class does not fit into memory
        self.results.append(result)
        self._watcher.done(result)


def _raise_if_nobodys(error: Exception, ledger: Ledger) -> None:
    """Raise what would befall every submission alike."""
    if isinstance(error, OperationalError):
        raise GradebookUnusable.at(ledger.engine.url.database, error.orig) from error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise DiskFull.at(error.filename or "the graded notebooks") from error


def _words(error: BaseException, *, lost: bool = False) -> str:
    """Return one sentence for the teacher."""
    lines = str(error).strip().splitlines()
    words = lines[0].rstrip(".") if lines else ""
    if not isinstance(error, ReviseError):
        words = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return (LOST if lost else UNEXPECTED).format(words)


def _sum(numbers: Iterable[float | None]) -> float | None:
    known = [one for one in numbers if one is not None]
    return round(sum(known), 3) if known else None
