"""The frames of a teacher's notebook."""

import pytest

from revise import report
from revise.course import Course
from revise.errors import NoMarks
from tests.grading.reporting.conftest import bare, class_, empty_course, five
from tests.grading.tiny import TINY

__all__ = ["bare", "class_", "empty_course", "five"]  # fixtures


def test_marks_have_a_row_per_learner_and_assignment(five):
    frame = report.marks(five.root).set_index("learner")
    assert frame.loc["dan", ["earned", "late_penalty", "mark", "of"]].tolist() == [5, 1.5, 3.5, 8]
    assert frame.loc["ada", "percent"] == 100
    assert frame.loc["eve", "state"] == "missing"
    assert frame.loc["eve", ["earned", "mark", "percent"]].isna().all()


def test_points_have_a_row_per_learner_and_exercise(five):
    frame = report.points(five.root, assignment="1")
    table = frame.pivot(index="learner", columns="exercise", values="points")
    assert table.loc["bob"].to_dict() == {"tiny-double": 2, "tiny-greet": 0}
    assert "eve" not in table.index


def test_exercises_have_their_figures(class_):
    class_.mark(
        "ada", {"tiny-double--of-two": 2, "tiny-double--of-others": 1} | dict.fromkeys(GREET, 0)
    )
    frame = report.exercises(class_.root).set_index("exercise")
    assert frame["facility"].to_dict() == {"tiny-double": 100, "tiny-greet": 0}
    assert frame["discrimination"].isna().all()


def test_concepts_have_points_earned_and_possible(five):
    frame = report.concepts(five.root)
    sums = frame.groupby("concept")[["earned", "of"]].sum()
    assert sums.loc["tiny.html.headings"].tolist() == [7, 20]


def test_a_course_its_gradebooks_file_and_nbgraders_object_are_the_same_place(five):
    with five.gradebook() as gradebook:
        places = (Course(five.root), str(five.root), five.root / "gradebook.db", gradebook)
        marks = [report.marks(where)["mark"].sum() for where in places]
    assert marks == [13.5] * 4


def test_by_default_it_is_the_course_of_the_current_folder(five, monkeypatch):
    monkeypatch.chdir(five.root / "release")
    assert set(report.marks()["assignment"]) == {TINY}


def test_nothing_graded_is_an_error_of_one_line(class_):
    with pytest.raises(NoMarks):
        report.marks(class_.root)


GREET = ("tiny-greet--has-a-heading", "tiny-greet--greets")
