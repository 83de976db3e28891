"""nbgrader's own autograding, cut in two where the learner's code runs.

``prepare`` takes a submission as far as the job that a worker runs; ``settle`` does the rest when the
outcome is back: marks, files, hooks. Every step is nbgrader's or the course's, in the order of
``nbgrader_config.py``.
"""

import glob
from dataclasses import dataclass, field
from pathlib import Path

from nbconvert.writers import FilesWriter
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.converters import NbGraderException
from nbgrader.preprocessors import Execute
from traitlets.utils.importstring import import_item

from revise.errors import NothingGraded
from revise.grading.classroom import exporter
from revise.grading.classroom.engines import Engine
from revise.grading.intake.converter import RobustAutograde


@dataclass
class Part:
    """A notebook of a submission on its way: prepared, run, or not yet either."""

    path: str
    notebook: NotebookNode | None = None
    resources: dict | None = None
    job: bytes = b""
    outcome: bytes = b""


@dataclass
class Submission:
    """What one learner handed in."""

    student: str
    assignment: str
    folder: Path
    paths: list[str]
    parts: list[Part] = field(default_factory=list)
    seconds: float = 0.0
    """How long its notebooks ran."""


class Bookkeeper(RobustAutograde):
    """The course's ``Autograde``, whose notebooks are run elsewhere between two of its steps."""

    def open(self, engine: Engine) -> list[Submission]:
        """Find the submissions, whatever stands in their folders; return them by student.

        Raises ``NothingGraded`` where the release is missing.
        """
        self.engine, self.force = engine, True
        try:
            self.init_notebooks()
        except NbGraderException as error:
            raise NothingGraded.because(error) from None
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = exporter.in_memory(self.exporter_class)(parent=self, config=self.config)
        self._runner = engine.step(parent=self.exporter)
        found = [self._submission(*one) for one in sorted(self.assignments.items())]
        excluded = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        return [one for one in found if one.student not in excluded]

    def refused(self) -> list[Path]:
        """Return the folders whose names cannot be a student's: nbgrader leaves them out."""
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        return [Path(one) for one in sorted(glob.glob(pattern)) if one not in self.assignments]

    def prepare(self, submission: Submission) -> None:
        """Make a job of each notebook of ``submission``. Only reads."""
        self.notebooks = submission.paths
        self.run_pre_convert_hook()
        self._sanitizing = True
        submission.parts = [Part(path) for path in self.notebooks]
        for part in submission.parts:
            self._init_preprocessors()
            resources = self.init_single_notebook_resources(part.path)
            part.notebook, part.resources = self.exporter.from_filename(part.path, resources)
            part.job = self._runner.job(part.notebook, part.resources)

    def settle(self, submission: Submission) -> None:
        """Write the marks, the graded notebooks and the files of ``submission``, whose parts were run.

        The caller holds the transaction: the gradebook is written last, when it ends.
        """
        self._begin(submission)
        self._sanitizing = False
        try:
            for part in submission.parts:
                self._settle_part(part)
        finally:
            self._sanitizing = True
        self.set_permissions(submission.assignment, submission.student)
        self.run_post_convert_hook()

    def give_up(self, submission: Submission, why: str) -> None:
        """Mark ``submission`` with 0 and the reason; formgrader lists it as one that needs a teacher.

        The caller holds the transaction.
        """
        self._begin(submission)
        for path in submission.paths:
            self.not_graded(path, why)
        self.set_permissions(submission.assignment, submission.student)

    def graded(self, submission: Submission) -> Path:
        """Return the folder that holds what was graded of ``submission``."""
        return Path(self._format_dest(submission.assignment, submission.student))

    def _begin(self, submission: Submission) -> None:
        self.notebooks = submission.paths
        self.init_destination(submission.assignment, submission.student)
        self.init_assignment(submission.assignment, submission.student)

    def _settle_part(self, part: Part) -> None:
        self._init_preprocessors()
        part.resources.setdefault("revise", {})["outcome"] = part.outcome
        with utils.setenv(NBGRADER_EXECUTION="autograde"):
            part.notebook, resources = self.exporter.from_notebook_node(
                part.notebook, part.resources
            )
        self.write_single_notebook(exporter.as_text(part.notebook), resources)

    def _init_preprocessors(self) -> None:
        """Register the steps, with the engine's own in the place of the one that runs notebooks."""
        self.exporter._preprocessors = []
        steps = self.sanitize_preprocessors if self._sanitizing else self.autograde_preprocessors
        for step in steps:
            step = import_item(step) if isinstance(step, str) else step
            self.exporter.register_preprocessor(self.engine.step if _runs(step) else step)

    def _submission(self, folder: str, paths: list[str]) -> Submission:
        about = self.init_single_notebook_resources(paths[0])["nbgrader"]
        return Submission(about["student"], about["assignment"], Path(folder), sorted(paths))


def _runs(step: object) -> bool:
    """Return whether a step of the configuration is one that runs notebooks, isolated or not."""
    return isinstance(step, type) and (
        issubclass(step, Execute) or step.__module__ == "revise.grading.execute"
    )
