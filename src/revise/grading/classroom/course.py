"""Set up a run on a course: its settings, its gradebook, its submissions, its workers."""

import contextlib
import difflib
import fcntl
import gc
import glob
import logging
import os
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.apps.autogradeapp import AutogradeApp
from rich.console import Console

from revise.course import Course
from revise.errors import (
    GradingAlready,
    NoCourse,
    NoScheduler,
    NothingToGrade,
    NotReleased,
    ReviseError,
    UnknownSection,
)
from revise.grading.classroom import engines, exporter, interrupt, progress, state
from revise.grading.classroom.bookkeeper import Bookkeeper
from revise.grading.classroom.feedback import FeedbackWriter
from revise.grading.classroom.ledger import Ledger
from revise.grading.classroom.pipeline import Run, Workers
from revise.grading.classroom.results import Result, Status, exercises_of
from revise.grading.classroom.table import Report
from revise.grading.classroom.workers import LocalWorkers
from revise.grading.folder import course_folder
from revise.grading.released import read_edition, released_folder


@dataclass(frozen=True)
class Options:
    """What ``revise grade`` was asked for."""

    assignment: str
    student: str = "*"
    workers: int | None = None
    scheduler: str | None = None
    all: bool = False
    isolated: bool = True
    feedback: bool = True
    silent: bool = False
    debug: bool = False


def grade_class(options: Options, engine: engines.Engine | None = None) -> Report:
    """Grade the submissions of one assignment; return what came of it.

    ``engine`` runs the learners' code; by default the one that ``options`` ask for.

    Raises ``NothingToGrade``, ``NotReleased``, ``NothingGraded``, ``GradingAlready``, ``IsolationMissing``
    and ``NoScheduler``; what ends a run that has begun is in the report.
    """
    started = time.monotonic()
    root = course_folder()
    engine = engine or _engine(options)
    with _alone(root), _quiet(options.debug), contextlib.chdir(root):
        app = _nbgrader(root, options)
        ledger = Ledger(app.coursedir.db_url, app.coursedir.course_id)
        with ledger.in_use(), exporter.metadata_checked_once(), _seldom_collected():
            class_ = _Class(app, ledger, engine, options)
            report = class_.grade()
    return Report(
        app.coursedir.assignment_id, report.results, engine.isolated, report.interrupted,
        round(time.monotonic() - started, 2), class_.count - len(report.results), report.error,
    )  # fmt: skip


def _engine(options: Options) -> engines.Engine:
    if not options.isolated:
        return engines.bare()
    # On a cluster it is the workers' machines that need a wall, and say so if they have none.
    return engines.isolated(here=not options.scheduler)


class _Class:
    """A run on one course."""

    def __init__(self, app: AutogradeApp, ledger: Ledger, engine: engines.Engine, options: Options):
        self._app, self._ledger, self._engine, self._options = app, ledger, engine, options
        self._assignment = app.coursedir.assignment_id
        self._names = self._released()
        self._bookkeeper = Bookkeeper(coursedir=app.coursedir, parent=app)
        _require_submissions(app, options)
        self._submissions = {one.student: one for one in self._bookkeeper.open(engine)}
        self.count = len(self._submissions) + len(self._bookkeeper.refused())
        self._pages = FeedbackWriter(coursedir=app.coursedir, parent=app)
        if options.feedback:
            self._pages.open()
        self._watcher = progress.watcher(Console(), silent=options.silent)

    def grade(self) -> Run:
        """Grade them all; return the run, interrupted or not."""
        editions = self._editions()
        names = {name: exercises_of(edition) for name, edition in editions.items()}
        kept = state.State(self._given(editions), self._engine.isolated)
        run = Run(self._bookkeeper, self._ledger, kept, names, self)
        run.results += [_refused(folder) for folder in self._bookkeeper.refused()]
        with interrupt.told(run.stop):
            workers = self._workers(run)
            try:
                run.grade(list(self._submissions.values()), workers, all=self._options.all)
            except ReviseError as error:
                run.error = error
            finally:
                workers.close()
                self._engine.stop()
                self._watcher.end()
        return run

    def begin(self, submissions: int) -> None:
        self._watcher.begin(submissions)

    def done(self, result: Result) -> None:
        """Write the page of a submission as soon as it is graded: an interrupted run leaves no gap."""
        submission = self._submissions[result.student]
        graded = self._bookkeeper.graded(submission)
        if self._options.feedback and graded.is_dir():
            fresh = result.status is Status.UNCHANGED and self._pages.is_there(submission, graded)
            missing = "" if fresh else self._pages.write(graded)
            result.reason = "\n".join(filter(None, [result.reason, missing]))
        self._watcher.done(result)

    def _workers(self, run: Run) -> Workers:
        if not self._options.scheduler:
            count = self._options.workers or os.cpu_count() or 1
            return LocalWorkers(self._engine.run, count, run.done)
        try:
            from revise.grading.classroom.dask_workers import DaskWorkers
        except ModuleNotFoundError:
            raise NoScheduler.not_installed() from None
        return DaskWorkers(self._engine.run, self._options.scheduler, run.done)

    def _released(self) -> list[str]:
        """Return the names of the assignment's notebooks, as the gradebook knows them."""
        with contextlib.suppress(MissingEntry):
            if names := self._ledger.notebooks(self._assignment):
                return names
        raise NotReleased.named(self._assignment, self._ledger.engine.url.database)

    def _editions(self) -> dict[str, NotebookNode]:
        folder = released_folder(self._app.coursedir, self._assignment)
        return {name: read_edition(folder / f"{name}.ipynb") for name in self._names}

    def _given(self, editions: dict[str, NotebookNode]) -> bytes:
        """Return all that marks depend on beside a submission: the release, and the checks."""
        given = []
        for name, edition in editions.items():
            cells = self._ledger.source_cells(name, self._assignment).items()
            given.append((name, repr(edition), sorted((id, cell.source) for id, cell in cells)))
            given.append(sorted(self._ledger.max_scores(name, self._assignment).items()))
        return repr(given).encode(errors="backslashreplace")


def assignment_named(name: str, submitted: Path) -> str:
    """Return the assignment that ``name`` means: itself, or a section's (``2`` and ``02`` as well)."""
    if any(submitted.glob(f"*/{name}")):
        return name
    try:
        return Course.find().section(name).name
    except (NoCourse, UnknownSection, OSError):
        return name


def _nbgrader(root: Path, options: Options) -> AutogradeApp:
    """Return nbgrader's command, with the settings that it would have if it were typed."""
    app = AutogradeApp()
    app.initialize([f"--course-dir={root}", "--log-level=CRITICAL"])
    if options.debug:
        app.log_level = logging.INFO
    course = app.coursedir
    submitted = Path(course.root) / course.submitted_directory
    course.assignment_id = assignment_named(options.assignment, submitted)
    course.student_id = options.student
    return app


def _refused(folder: Path) -> Result:
    why = "The folder's name cannot be a student's id: it does not print. Rename the folder."
    return Result(ascii(folder.parent.name), Status.FAILED, reason=why)


def _require_submissions(app: AutogradeApp, options: Options) -> None:
    """Raise ``NothingToGrade`` where no folder is there, and say what may have been meant."""
    course = app.coursedir
    pattern = course.format_path(
        course.submitted_directory, course.student_id, course.assignment_id
    )
    if os.path.lexists(pattern) or glob.glob(pattern):
        return
    submitted = Path(course.root) / course.submitted_directory
    asked, student = course.assignment_id, None
    known = {path.name for path in submitted.glob("*/*")}
    if options.student != "*":
        asked = student = options.student
        known = {path.parent.name for path in submitted.glob(f"*/{course.assignment_id}")}
    close = difflib.get_close_matches(asked, sorted(known), n=1)
    close = close[0] if close and close[0] != asked else None
    raise NothingToGrade.of(course.assignment_id, submitted, close, student)


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the course's folder for this run. Raises ``GradingAlready``."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise GradingAlready.at(root) from None
    except OSError:
        pass  # a file system without locks: as safe as nbgrader itself
    try:
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _quiet(debug: bool) -> Iterator[None]:
    """Keep libraries' warnings off the terminal: what matters is in the table."""
    with warnings.catch_warnings():
        if not debug:
            warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage less often: each submission is a hundred thousand objects, and few have cycles."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
