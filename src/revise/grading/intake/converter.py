"""nbgrader's Autograde, so that every submission gets a result.

nbgrader has settings for the steps of a notebook, and none for what stands around them: which
folders count as submissions, what is copied out of them, and what becomes of one that fails. That
is overridden here, and all the rest is nbgrader's.
"""

import fnmatch
import glob
import os
import re
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError
from sqlalchemy.exc import OperationalError

from revise.errors import GradingFailed, IsolationMissing, ReleaseMissing, UnreadableSubmission
from revise.grading.fresh_edition import laid
from revise.grading.intake import Taken, read, timestamps
from revise.grading.intake.files import read_file
from revise.grading.released import read_edition, released_folder, released_names
from revise.grading.tidy import NBGRADERS_OWN

# The teacher's errors: they hold for the whole class, and nbgrader says what to do.
NOT_THE_LEARNERS = (
    IsolationMissing, NbGraderException, OperationalError, ReleaseMissing, SchemaTooNewError,
    SchemaTooOldError,
)  # fmt: skip

HTML = set('<>"&\\')

# How often a notebook is run when it is the grader that failed.
TRIES = 3


class OnlyItsNotebook(BaseConverter):
    """Copies nothing out of a submission's folder but nbgrader's own two small files.

    nbgrader copies every other file, follows links out of the folder, and waits at a named pipe.
    """

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        source = Path(self._format_source(assignment_id, student_id))
        destination = Path(self._format_dest(assignment_id, student_id))
        destination.mkdir(parents=True, exist_ok=True)
        for name in NBGRADERS_OWN:
            try:
                (destination / name).write_bytes(read_file(source / name, most=10_000))
            except UnreadableSubmission:
                self.log.debug("No %s in %s", name, source)


class RobustAutograde(Autograde, OnlyItsNotebook):
    """Autograde for a class in which anything may have been handed in.

    Whatever a learner sent is marked, with a stated reason where it is not as it should be; what
    is missing on the teacher's side stops the command before anything is touched.
    """

    def init_notebooks(self) -> None:
        """Take every submission's folder, also one without a notebook or with a renamed one.

        Raises ``NbGraderException`` where the release or the gradebook's entry is missing.
        """
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        # A student's id may hold what a pattern would read otherwise.
        literal = [pattern] if os.path.lexists(pattern) else []
        found = [folder for folder in glob.glob(pattern) or literal if self._has_an_id(folder)]
        if not found:
            super().init_notebooks()  # raises, and says what may have been meant
        names = self._asked_for()
        self.notebooks = []
        self.assignments = {
            folder: [os.path.join(folder, name) for name in names] for folder in found
        }

    def start(self) -> None:
        """Grade the class. Raises ``NbGraderException``, at once where there can be no isolation."""
        if any(map(_isolates, self.autograde_preprocessors)):
            # Here: a JupyterLab that reads the configuration need not load it.
            from revise.grading.isolation import bubblewrap

            try:
                bubblewrap.require()
            except IsolationMissing as error:
                raise self._stop(str(error)) from None
        super().start()

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grade one notebook; one that cannot be graded goes to the teacher, and says why."""
        try:
            self._convert_with_patience(notebook_filename)
        except NOT_THE_LEARNERS:
            raise
        except Exception as error:
            self.log.exception("%s could not be graded", notebook_filename)
            self.not_graded(notebook_filename, f"{type(error).__name__}: {error}")

    def _convert_with_patience(self, notebook_filename: str) -> None:
        for _ in range(TRIES - 1):
            try:
                return super().convert_single_notebook(notebook_filename)
            except GradingFailed as error:
                self.log.warning("%s: once more, since %s", notebook_filename, error)
        return super().convert_single_notebook(notebook_filename)

    def not_graded(self, notebook_filename: str, why: str) -> None:
        """Give a notebook that no step can get through 0 points, a reason, and to the teacher."""
        about = self.init_single_notebook_resources(notebook_filename)["nbgrader"]
        path = Path(notebook_filename)
        folder = released_folder(self.coursedir, about["assignment"])
        edition = read_edition(folder / path.name)
        taken = read(path, edition, released_names(self.coursedir, about["assignment"]))
        reason = f"It could not be graded, and your teacher will look at it ({why[:300]})."
        told = Taken(taken.answers, f"{taken.reason} {reason}".strip(), taken.notes, taken.flags)
        graded = Path(self._format_dest(about["assignment"], about["student"]), path.name)
        graded.unlink(missing_ok=True)
        graded.write_text(nbformat.writes(laid(told, edition)) + "\n", encoding="utf-8")
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            submission = gradebook.find_submission_notebook(
                about["notebook"], about["assignment"], about["student"]
            )
            for grade in submission.grades:
                grade.auto_score, grade.needs_manual_grade = 0, True
            gradebook.db.commit()

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Set the permissions of what was written; a link is removed, not followed."""
        for folder, folders, names in os.walk(self._format_dest(assignment_id, student_id)):
            for path in (os.path.join(folder, name) for name in [*folders, *names]):
                if os.path.islink(path):
                    os.unlink(path)
        super().set_permissions(assignment_id, student_id)

    def _has_an_id(self, folder: str) -> bool:
        """Return whether the gradebook can hold the student; a name in broken encoding it cannot.

        Nor may it be HTML: the formgrader writes it into its pages as it stands, and a learner may choose it.
        """
        shape = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        matched = re.match(shape, folder)
        if matched and matched["student_id"].isprintable() and not HTML & {*matched["student_id"]}:
            return True
        self.log.error("Not a student's id, so it is not graded: %r. Rename the folder.", folder)
        return False

    def _asked_for(self) -> list[str]:
        """Return the file names of the assignment's notebooks, those that the command is about."""
        assignment = self.coursedir.assignment_id
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                notebooks = gradebook.find_assignment(assignment).notebooks
                names = sorted(f"{notebook.name}.ipynb" for notebook in notebooks)
            for name in names:
                self._require_release(released_folder(self.coursedir, assignment) / name)
        except MissingEntry:
            raise self._stop(
                f"The gradebook has no assignment {assignment!r}, so nothing was graded. "
                f"Run `nbgrader generate_assignment {assignment}` first."
            ) from None
        except ReleaseMissing as error:
            raise self._stop(str(error)) from None
        pattern = f"{self.coursedir.notebook_id}.ipynb"
        asked = [name for name in names if fnmatch.fnmatchcase(name, pattern)]
        if not asked:
            raise self._stop(f"{assignment!r} has no notebook {pattern}; it has {names}.")
        return asked

    def _require_release(self, path: Path) -> None:
        try:
            read_edition(path)
        except OSError as error:
            raise ReleaseMissing.at(path, path.parent.name, error.strerror.lower()) from None
        except Exception:  # nbformat raises what its converters happen to meet
            raise ReleaseMissing.at(path, path.parent.name, "it is no notebook") from None

    def _stop(self, message: str) -> NbGraderException:
        self.log.error(message)
        return NbGraderException(message)


def _isolates(step: object) -> bool:
    name = step if isinstance(step, str) else f"{step.__module__}.{step.__qualname__}"
    return name.startswith("revise.grading.execute.")


def install() -> None:
    """Have ``nbgrader autograde`` and the formgrader use what is here.

    Called by ``nbgrader_config.py``, which every one of them reads first.
    """
    autogradeapp.Autograde = api.Autograde = RobustAutograde
    CourseDirectory.get_existing_timestamp = timestamps.existing_timestamp
    api.NbGraderAPI.get_submitted_timestamp = _submitted_timestamp


def _submitted_timestamp(self: api.NbGraderAPI, assignment_id: str, student_id: str):
    course = self.coursedir
    folder = course.format_path(course.submitted_directory, student_id, assignment_id)
    return course.get_existing_timestamp(folder)
