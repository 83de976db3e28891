"""Read nbgrader's gradebook: a few queries on its own tables, whatever the size of the class.

nbgrader's API asks for each grade by itself, which takes minutes for a class of hundreds. Nothing is
written here, and no gradebook is made where there is none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from revise.errors import GradebookUnusable

# The tables and not the classes, which load what nobody asked for.
CELLS, GRADE_CELLS, TASK_CELLS, NOTEBOOKS, STUDENTS, SUBMITTED, SUBMITTED_NOTEBOOKS = (
    kind.__table__
    for kind in (
        BaseCell, GradeCell, TaskCell, Notebook, Student, SubmittedAssignment, SubmittedNotebook,
    )
)  # fmt: skip


@dataclass(frozen=True)
class Learner:
    """A learner, as the gradebook knows them."""

    id: str
    first_name: str = ""
    last_name: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Cell:
    """A cell that earns points: its notebook, its grade id, and the most it earns."""

    notebook: str
    name: str
    max: float


@dataclass
class Submission:
    """What the gradebook holds of one learner's submission."""

    points: list[float]
    """Points earned, in the order of ``Sheet.cells``."""
    penalty: float = 0.0
    """Points taken off since it came late."""
    waiting: int = 0
    """How many cells wait for a teacher's mark."""
    flagged: bool = False
    """Whether somebody flagged it in formgrader."""


@dataclass(frozen=True)
class Sheet:
    """An assignment in the gradebook: its cells, and its graded submissions by learner."""

    assignment: str
    cells: tuple[Cell, ...]
    submissions: dict[str, Submission] = field(default_factory=dict)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection for reading. Raises ``GradebookUnusable`` for what is no gradebook of today's."""
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise GradebookUnusable.at(engine.url.database, error.orig) from None


def assignments(connection: Connection) -> dict[str, str]:
    """Return the key of each assignment by its name, in the order of the names."""
    rows = connection.execute(select(Assignment.name, Assignment.id).order_by(Assignment.name))
    return dict(rows.all())


def learners(connection: Connection) -> list[Learner]:
    """Return every learner that the gradebook knows, whether they handed in anything or not."""
    about = STUDENTS.c
    rows = connection.execute(select(about.id, about.first_name, about.last_name))
    return [Learner(id, first or "", last or "") for id, first, last in rows]


def sheet(connection: Connection, name: str, key: str) -> Sheet:
    """Return all marks of the assignment ``name``, whose key is ``key``."""
    cells = _cells(connection, key)
    read = Sheet(name, tuple(cells.values()))
    of_notebook = _submissions(connection, key, read)
    places = {id: index for index, id in enumerate(cells)}
    # By nbgrader's rule, which is in Grade.score: a teacher's mark before the computed one.
    grades = select(Grade.notebook_id, Grade.cell_id, Grade.score, Grade.needs_manual_grade)
    grades = grades.where(Grade.cell_id.in_(_of_assignment(select(CELLS.c.id), key)))
    for notebook, cell, score, waits in connection.execute(grades):
        if (submission := of_notebook.get(notebook)) and cell in places:
            submission.points[places[cell]] = score
            submission.waiting += bool(waits)
    return read


def _cells(connection: Connection, key: str) -> dict[str, Cell]:
    most = func.coalesce(GRADE_CELLS.c.max_score, TASK_CELLS.c.max_score)
    rows = _of_assignment(select(CELLS.c.id, NOTEBOOKS.c.name, CELLS.c.name, most), key)
    rows = rows.outerjoin(GRADE_CELLS, GRADE_CELLS.c.id == CELLS.c.id)
    rows = rows.outerjoin(TASK_CELLS, TASK_CELLS.c.id == CELLS.c.id)
    rows = rows.where(most.is_not(None)).order_by(NOTEBOOKS.c.name, CELLS.c.name)
    return {
        id: Cell(notebook, name, points) for id, notebook, name, points in connection.execute(rows)
    }


def _of_assignment(rows, key: str):
    rows = rows.select_from(CELLS).join(NOTEBOOKS, NOTEBOOKS.c.id == CELLS.c.notebook_id)
    return rows.where(NOTEBOOKS.c.assignment_id == key)


def _submissions(connection: Connection, key: str, into: Sheet) -> dict[str, Submission]:
    """Add the submissions to ``into``, without points; return them by the key of their notebooks."""
    about = SUBMITTED_NOTEBOOKS.c
    rows = select(about.id, SUBMITTED.c.student_id, about.late_submission_penalty, about.flagged)
    rows = rows.join(SUBMITTED, SUBMITTED.c.id == about.assignment_id)
    of_notebook = {}
    for id, learner, penalty, flagged in connection.execute(
        rows.where(SUBMITTED.c.assignment_id == key)
    ):
        empty = Submission([0.0] * len(into.cells))
        of_notebook[id] = submission = into.submissions.setdefault(learner, empty)
        submission.penalty += penalty or 0.0
        submission.flagged |= bool(flagged)
    return of_notebook
