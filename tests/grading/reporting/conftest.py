"""A tiny course with a gradebook that nbgrader made, filled by the tests; nothing is run."""

import copy
import json
import shutil
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from sqlalchemy import update

from revise import answers
from revise.grading.reporting import autograded, figures, marks, place
from tests.grading import tiny
from tests.grading.tiny import TINY, tiny_notebook, write

TWO, OTHERS = "tiny-double--of-two", "tiny-double--of-others"
HEADING, GREETS = "tiny-greet--has-a-heading", "tiny-greet--greets"
CELLS = {TWO: 2, OTHERS: 1, HEADING: 2, GREETS: 3}
FULL = CELLS
NOTHING = dict.fromkeys(CELLS, 0)


@dataclass
class Classroom:
    """A course, and what its gradebook is given."""

    root: Path

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "backend-revise")

    def release(self, name: str = TINY) -> None:
        """Make an assignment of the tiny notebook known, as its release and in the gradebook."""
        edition = tiny_notebook()
        for cell in edition.cells:
            if answers.role(cell) == answers.ANSWER:
                cell.source = "YOUR CODE HERE"
        write(edition, self.root / "release" / name / f"{name}.ipynb")
        with self.gradebook() as gradebook:
            gradebook.add_assignment(name)
            gradebook.add_notebook(name, name)
            for cell, points in CELLS.items():
                gradebook.add_grade_cell(cell, name, name, max_score=points, cell_type="code")

    def mark(self, who: str, points: dict, name: str = TINY, *, late: float = 0, **about) -> None:
        """Give a learner marks by cell; None waits for a teacher. ``about`` are the learner's names."""
        with self.gradebook() as gradebook, warnings.catch_warnings():
            # SQLAlchemy 2 warns about how nbgrader adds a submission; what it stores is right.
            warnings.simplefilter("ignore")
            gradebook.update_or_create_student(who, **about)
            gradebook.add_submission(name, who)
            notebook = gradebook.find_submission_notebook(name, name, who)
            notebook.late_submission_penalty = late
            for grade in notebook.grades:
                grade.auto_score = points[grade.name]
                grade.needs_manual_grade = points[grade.name] is None
            gradebook.db.commit()

    def enrol(self, *learners: str) -> None:
        with self.gradebook() as gradebook:
            for learner in learners:
                gradebook.add_student(learner)

    def hand_in(self, who: str, name: str = TINY) -> None:
        (self.root / "submitted" / who / name).mkdir(parents=True)

    def graded_notebook(self, who: str, said: dict[str, str], *, blank=(), name=TINY, **about):
        """Lay a graded notebook: ``said`` by failing cell, ``blank`` exercises, ``about`` the submission."""
        notebook = copy.deepcopy(tiny_notebook())
        for cell in notebook.cells:
            if answers.role(cell) == answers.ANSWER and answers.exercise(cell) in blank:
                cell.source = "YOUR CODE HERE"
            if words := said.get(cell.id):
                cell.outputs = [new_output("error", ename="AssertionError", evalue=words)]
        notebook.metadata["revise"] = about
        return write(notebook, self.root / "autograded" / who / name / f"{name}.ipynb")

    def report(self, asked: str | None = TINY, *, marks_only: bool = False) -> figures.Report:
        with place.opened(self.root) as here:
            read = marks.class_marks(here, asked)
            seen = None if marks_only else autograded.look(here, read.assignments)
        return figures.Report(read, seen)

    def set_extra_credit(self, who: str, cell: str, points: float) -> None:
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(cell, TINY, TINY, who)
            gradebook.db.execute(
                update(type(grade)).where(type(grade).id == grade.id).values(extra_credit=points)
            )
            gradebook.db.commit()


@pytest.fixture(scope="session")
def empty_course(tmp_path_factory) -> Path:
    """A course whose gradebook is empty: read only, copy it. nbgrader takes seconds to make one."""
    root = tiny.empty_course(tmp_path_factory.mktemp("reported") / "course")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
        Gradebook(f"sqlite:///{root / 'gradebook.db'}", "backend-revise").close()
    return root


@pytest.fixture
def bare(empty_course, tmp_path) -> Classroom:
    """A class of nobody, and nothing released."""
    return Classroom(Path(shutil.copytree(empty_course, tmp_path / "course")))


@pytest.fixture
def class_(bare) -> Classroom:
    """A class of nobody, for whom the tiny section was released."""
    bare.release()
    return bare


@pytest.fixture
def five(class_) -> Classroom:
    """Ada has all, Bob half of one exercise, Cy nothing, Dan a late penalty; Eve handed in nothing."""
    class_.mark("ada", FULL, first_name="Ada", last_name="Lovelace")
    class_.mark("bob", NOTHING | {TWO: 2})
    class_.mark("cy", NOTHING)
    class_.mark("dan", FULL | {GREETS: 0}, late=1.5)
    class_.enrol("eve")
    return class_


def as_lines(path: Path) -> None:
    """Rewrite a notebook with its texts as lists of lines, as JupyterLab writes them."""
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if isinstance(cell["source"], str):
            cell["source"] = cell["source"].splitlines(keepends=True)
    path.write_text(json.dumps(notebook))
