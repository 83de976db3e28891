"""The formgrader's lists of submissions: nbgrader's own, without the rest of the course."""

import random

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import event

from revise.grading.formgrader import lists

# nbgrader_config.py, which is not read here, leaves out the same.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted.* not in session")


@pytest.fixture(scope="module")
def gradebook():
    """Two assignments of two notebooks, with code, written and task cells, and a class that did some of it."""
    by_chance = random.Random(7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "any")
        gradebook = Gradebook("sqlite://")
    for name in ("one", "two"):
        gradebook.add_assignment(name)
        for notebook in ("first", "second"):
            gradebook.add_notebook(notebook, name)
            for kind in ("code", "markdown"):
                about = {"max_score": 4, "cell_type": kind}
                gradebook.add_grade_cell(kind, notebook, name, **about)
            gradebook.add_task_cell("task", notebook, name, max_score=2, cell_type="markdown")
    gradebook.add_assignment("untouched")
    for student in ("ada", "bob", "cy"):
        gradebook.add_student(student)
    for name, students in {"one": ("ada", "bob"), "two": ("bob", "cy")}.items():
        for student in students:
            for notebook in gradebook.add_submission(name, student).notebooks:
                for grade in notebook.grades:
                    grade.auto_score = by_chance.choice([0, 1, 4, None])
                    grade.needs_manual_grade = grade.auto_score is None
    gradebook.db.commit()
    yield gradebook
    gradebook.close()


def ordered(rows):
    return sorted(rows, key=lambda row: row["id"])


@pytest.mark.parametrize("assignment", ["one", "two", "untouched", "nowhere"])
def test_the_submissions_of_an_assignment_are_those_that_nbgrader_lists(gradebook, assignment):
    told = lists.submission_dicts(gradebook, assignment)
    assert ordered(told) == ordered(lists._submissions(gradebook, assignment))
    assert len(told) == (2 if assignment in ("one", "two") else 0)


@pytest.mark.parametrize("assignment", ["one", "two", "untouched", "nowhere"])
@pytest.mark.parametrize("notebook", ["first", "second"])
def test_those_of_a_notebook_are_too(gradebook, notebook, assignment):
    told = lists.notebook_submission_dicts(gradebook, notebook, assignment)
    assert ordered(told) == ordered(lists._notebook_submissions(gradebook, notebook, assignment))
    assert len(told) == (2 if assignment in ("one", "two") else 0)


def test_every_part_of_the_query_is_narrowed(gradebook):
    """Is each sum made of one assignment's marks? Else it is right, and as slow as before."""
    asked = []
    event.listen(
        gradebook.engine,
        "before_cursor_execute",
        lambda *about: asked.append(about[2]),
        named=False,
    )
    lists.submission_dicts(gradebook, "one")
    lists.notebook_submission_dicts(gradebook, "first", "one")
    of_submissions, of_notebooks = (sql for sql in asked if "needs_manual_grade" in sql)
    assert of_submissions.count("submitted_assignment.assignment_id = ?") >= 7
    assert of_notebooks.count("submitted_notebook.notebook_id = ?") >= 7


@pytest.mark.parametrize("student", ["ada", "bob", "nobody"])
def test_one_students_submissions_are_those_that_nbgrader_lists(course, student):
    told = lists.student_submissions(course, student)
    assert [one["name"] for one in told] == ["one", "two"]
    assert told == lists._of_student(course, student)
    assert sum(one["autograded"] for one in told) == (student != "nobody") * (
        1 + (student == "bob")
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> NbGraderAPI:
    """A course of two assignments: Bob did both, Ada one."""
    root = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "any")
        with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
            for student in ("ada", "bob"):
                gradebook.add_student(student)
            for name, students in {"one": ("bob",), "two": ("ada", "bob")}.items():
                gradebook.add_assignment(name)
                for student in students:
                    gradebook.add_submission(name, student)
                    for step in ("submitted", "autograded"):
                        (root / step / student / name).mkdir(parents=True)
                (root / "source" / name).mkdir(parents=True)
    return NbGraderAPI(CourseDirectory(root=str(root)))
