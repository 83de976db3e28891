"""The gradebook of one run: opened once, and one transaction for each submission.

nbgrader opens the gradebook nine times for a submission, looks up each cell by a query of its own and
commits after each. That costs most of the bookkeeping, and a run that is killed leaves a submission
half marked. Nothing of nbgrader's own steps is replaced here, only what they stand on.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session, sessionmaker

LOCKED_SECONDS = 60
"""How long a formgrader that is writing is waited for."""


class _OneTransaction(Session):
    """A session whose ``commit`` waits for ``settle``: nbgrader's steps commit after each cell."""

    def commit(self) -> None:
        # What is new gets its key, and its conflicts are raised where nbgrader looks for them.
        if self.new or self.deleted:
            self.flush()

    def settle(self) -> None:
        super().commit()


class Ledger(Gradebook):
    """nbgrader's gradebook, which reads a submission's rows at once and writes them all or none."""

    def __init__(self, db_url: str = "", course_id: str = "default_course", authenticator=None):
        if "engine" in vars(self):
            return  # a step opens the gradebook: it gets this one, see `in_use`
        super().__init__(db_url, course_id, authenticator)
        self.db.remove()
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _be_patient)
            self.engine.dispose()  # the connections that are open already
        self.db = scoped_session(
            sessionmaker(class_=_OneTransaction, bind=self.engine, expire_on_commit=False)
        )
        # What was released does not change during a run; it is read once.
        self._course = Session(self.engine)
        self._released: dict[tuple, dict] = {}
        self._notebooks: dict[tuple, Notebook] = {}
        self._marks: dict[tuple, dict] = {}

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Be the gradebook that every step gets which opens one, until the end of the block."""
        Gradebook.__new__ = staticmethod(lambda cls, *_, **__: self)
        try:
            yield
        finally:
            # Deleting it again would leave a class that refuses arguments (CPython keeps the slot).
            Gradebook.__new__ = staticmethod(lambda cls, *_, **__: object.__new__(cls))
            self._course.close()
            self.db.remove()
            self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that is written in the block, or nothing when it raises."""
        try:
            yield
            self.db().settle()
        except BaseException:
            self.db.rollback()
            raise
        finally:
            self._marks.clear()
            self.db.remove()

    def close(self) -> None:
        """End a step's look at the gradebook: the next one reads what this one wrote."""
        self.db.flush()
        self.db.expire_all()
        self._marks.clear()

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        found = self._of_course(SourceCell, notebook, assignment).get(name)
        return found or super().find_source_cell(name, notebook, assignment)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> GradeCell | TaskCell:
        for kind in (GradeCell, TaskCell):
            if found := self._of_course(kind, notebook, assignment).get(name):
                return found
        return super().find_graded_cell(name, notebook, assignment)

    def find_notebook(self, name: str, assignment: str) -> Notebook:
        if (name, assignment) not in self._notebooks:
            found = self._course.query(Notebook).join(Assignment)
            one = found.filter(Notebook.name == name, Assignment.name == assignment).one_or_none()
            if one is None:
                return super().find_notebook(name, assignment)  # it knows what to raise
            self._notebooks[name, assignment] = one
        return self._notebooks[name, assignment]

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        found = self.marks(Grade, notebook, assignment, student).get(grade_cell)
        return found or super().find_grade(grade_cell, notebook, assignment, student)

    def find_comment(
        self, solution_cell: str, notebook: str, assignment: str, student: str
    ) -> Comment:
        found = self.marks(Comment, notebook, assignment, student).get(solution_cell)
        return found or super().find_comment(solution_cell, notebook, assignment, student)

    def marks(self, kind: type, notebook: str, assignment: str, student: str) -> dict:
        """Return the grades (or comments) of a submitted notebook by the name of their cell."""
        key = (kind, notebook, assignment, student)
        if key not in self._marks:
            rows = (
                self.db.query(kind, BaseCell.name)
                .join(BaseCell, BaseCell.id == kind.cell_id)
                .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
                .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
                .join(
                    SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id
                )
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .join(Student, Student.id == SubmittedAssignment.student_id)
                .filter(Notebook.name == notebook, Assignment.name == assignment)
                .filter(Student.id == student)
            )
            self._marks[key] = {name: row for row, name in rows}
        return self._marks[key]

    def max_scores(self, notebook: str, assignment: str) -> dict[str, float]:
        """Return the most that each graded cell of a released notebook earns, by the cell's name."""
        kinds = (self._of_course(kind, notebook, assignment) for kind in (GradeCell, TaskCell))
        return {name: float(cell.max_score or 0) for cells in kinds for name, cell in cells.items()}

    def source_cells(self, notebook: str, assignment: str) -> dict[str, SourceCell]:
        """Return the cells of a released notebook as the gradebook keeps them, by name."""
        return self._of_course(SourceCell, notebook, assignment)

    def notebooks(self, assignment: str) -> list[str]:
        """Return the names of a released assignment's notebooks. Raises MissingEntry."""
        return sorted(one.name for one in self.find_assignment(assignment).notebooks)

    def _of_course(self, kind: type, notebook: str, assignment: str) -> dict:
        key = (kind, notebook, assignment)
        if key not in self._released:
            rows = self._course.query(kind).join(Notebook, Notebook.id == kind.notebook_id)
            rows = rows.join(Assignment, Assignment.id == Notebook.assignment_id)
            rows = rows.filter(Notebook.name == notebook, Assignment.name == assignment)
            self._released[key] = {row.name: row for row in rows}
        return self._released[key]


def _be_patient(connection, _record) -> None:
    connection.execute(f"PRAGMA busy_timeout = {LOCKED_SECONDS * 1000}")
