"""Lists of the formgrader that nbgrader makes out of all marks of the course, made of those they are about.

For the submissions of an assignment nbgrader sums up the marks of all submissions, joins them, and then keeps those of
the assignment. The queries stay nbgrader's; wherever they name a submission, it is now one of that assignment. For one
student's submissions it makes the list of the class once for each assignment; here it makes it once.
"""

import contextlib
from collections.abc import Iterator

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

_submissions = Gradebook.submission_dicts
_notebook_submissions = Gradebook.notebook_submission_dicts
_of_student = NbGraderAPI.get_student_submissions


def install() -> None:
    """Have every gradebook of this process answer so. Called by ``nbgrader_config.py``."""
    Gradebook.submission_dicts = submission_dicts
    Gradebook.notebook_submission_dicts = notebook_submission_dicts
    NbGraderAPI.get_student_submissions = student_submissions


def submission_dicts(self: Gradebook, assignment_id: str) -> list[dict]:
    """Stand in for nbgrader's own method: the same list, from the marks of ``assignment_id`` alone."""
    try:
        wanted = SubmittedAssignment.assignment_id == self.find_assignment(assignment_id).id
    except MissingEntry:
        return []
    with _only(self, SubmittedAssignment, wanted):
        return _submissions(self, assignment_id)


def notebook_submission_dicts(self: Gradebook, notebook_id: str, assignment_id: str) -> list[dict]:
    """Stand in for nbgrader's own method: the same list, from the marks of one notebook alone."""
    try:
        wanted = SubmittedNotebook.notebook_id == self.find_notebook(notebook_id, assignment_id).id
    except MissingEntry:
        return []
    with _only(self, SubmittedNotebook, wanted):
        return _notebook_submissions(self, notebook_id, assignment_id)


def student_submissions(self: NbGraderAPI, student_id: str) -> list[dict]:
    """Stand in for nbgrader's ``get_student_submissions``: the same list, the class asked for once."""
    students = {student["id"]: student for student in self.get_students()}
    submissions = [
        self.get_submission(assignment, student_id, students=students)
        for assignment in self.get_source_assignments()
    ]
    return sorted(submissions, key=lambda submission: submission["name"])


@contextlib.contextmanager
def _only(gradebook: Gradebook, entity: type, wanted: ColumnElement) -> Iterator[None]:
    """Have each query in the block, and each query within it, see the rows of ``entity`` that are wanted."""

    def narrow(asked: ORMExecuteState) -> None:
        asked.statement = asked.statement.options(with_loader_criteria(entity, wanted))

    session = gradebook.db()
    event.listen(session, "do_orm_execute", narrow)
    try:
        yield
    finally:
        event.remove(session, "do_orm_execute", narrow)
