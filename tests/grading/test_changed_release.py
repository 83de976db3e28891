"""A teacher changes an assignment after learners handed in, and grades it again."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from .classroom.conftest import RIGHT, WRONG, Class
from .tiny import TINY, cell, write

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chain")]

FUNCTIONS = ["tiny.functions.defining"]
OF_THREE = "got = double(3)\nassert got == 6, f'double(3) returned {got}, expected 6.'"
CHANGED = "got = double(2)\nassert got in (4, 5), f'double(2) returned {got}, expected 4.'"


class Changing(Class):
    """A class whose teacher changes the assignment."""

    def change(self, change) -> str:
        """Change the source and generate the assignment again; return what nbgrader said."""
        path = self.course / "source" / TINY / f"{TINY}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        change(notebook)
        write(notebook, path)
        return self.nbgrader("generate_assignment", TINY, "--force")

    def regrade(self) -> dict[str, dict]:
        # What is graded is the same behind the wall; here it is sooner.
        report = self.grade("--no-isolation", "--workers=1")
        return {one["student"]: one for one in report["students"]}


def found(notebook, id: str):
    return next(one for one in notebook.cells if one.id == id)


def other_points(notebook) -> None:
    check = found(notebook, "tiny-double--of-two")
    check.source, check.metadata.nbgrader.points = CHANGED, 5


def another_exercise(notebook) -> None:
    """Take the second exercise out, and a check in."""
    notebook.cells = [one for one in notebook.cells if not one.id.startswith("tiny-greet")]
    place = notebook.cells.index(found(notebook, "tiny-double--of-others"))
    check = cell(
        "tiny-double", "check", OF_THREE, behaviour="of-three", points=4, concepts=FUNCTIONS
    )
    notebook.cells.insert(place, check)


@pytest.fixture(scope="module")
def changed(built_tiny, tmp_path_factory) -> Changing:
    """A class that is graded, graded with other points, and graded with other cells."""
    folder = tmp_path_factory.mktemp("changed")
    one = Changing(Path(shutil.copytree(built_tiny, folder / "course")), folder / "homes", TINY)
    one.nbgrader("generate_assignment", TINY)
    one.submit("ada", RIGHT)
    one.submit("bob", WRONG)
    one.handed_in = (one.course / "submitted" / "ada" / TINY / f"{TINY}.ipynb").read_bytes()
    one.first = one.regrade()
    with Gradebook(one.gradebook) as gradebook:
        grade = gradebook.find_grade("tiny-double--of-two", TINY, TINY, "bob")
        grade.manual_score = 1.5
        comment = gradebook.find_comment("tiny-double--answer", TINY, TINY, "bob")
        comment.manual_comment = "Look again."
        gradebook.db.commit()
    one.said_of_points = one.change(other_points)
    one.second = one.regrade()
    one.said_of_cells = one.change(another_exercise)
    one.third = one.regrade()
    return one


def points(results: dict[str, dict]) -> dict[str, tuple]:
    return {who: (one["score"], one["max_score"]) for who, one in results.items()}


def test_before_the_change_the_class_is_graded_as_released(changed):
    assert points(changed.first) == {"ada": (8, 8), "bob": (2, 8)}


def test_other_points_and_another_check_count_at_the_next_grading(changed):
    """`--all` is not needed: the release is part of what a mark depends on."""
    assert points(changed.second) == {"ada": (11, 11), "bob": (1.5, 11)}
    assert {one["status"] for one in changed.second.values()} == {"graded"}


def test_nbgrader_says_what_changed(changed):
    assert (
        "tiny-double--of-two gives 5 points, before 2; marks by hand stay as they are: 1"
        in changed.said_of_points
    )
    assert "tiny-double--of-three is new" in changed.said_of_cells
    assert "tiny-greet--greets is gone, with its marks and comments" in changed.said_of_cells
    assert f"`revise grade {TINY}`" in changed.said_of_cells


def test_added_checks_are_marked_and_removed_exercises_leave_the_totals(changed):
    """nbgrader refuses to generate such a release (its issue 1699)."""
    assert points(changed.third) == {"ada": (10, 10), "bob": (1.5, 10)}
    assert changed.scores("ada") == {
        "tiny-double--of-two": 5, "tiny-double--of-three": 4, "tiny-double--of-others": 1,
    }  # fmt: skip


def test_totals_in_the_gradebook_are_those_of_the_new_release(changed):
    with Gradebook(changed.gradebook) as gradebook:
        assert gradebook.find_assignment(TINY).max_score == 10
        assert gradebook.find_submission(TINY, "ada").score == 10


def test_a_comment_on_an_answer_that_stays_is_kept(changed):
    with Gradebook(changed.gradebook) as gradebook:
        comment = gradebook.find_comment("tiny-double--answer", TINY, TINY, "bob")
        assert comment.comment == "Look again."
    assert "Look again." in changed.page("bob")


def test_the_submission_is_not_touched_and_its_answers_are_all_in_the_graded_notebook(changed):
    path = changed.course / "submitted" / "ada" / TINY / f"{TINY}.ipynb"
    assert path.read_bytes() == changed.handed_in
    graded = nbformat.read(changed.course / "autograded" / "ada" / TINY / path.name, as_version=4)
    own = [one.source for one in graded.cells if one.id.startswith("own-")]
    # Neither the setup nor the checks of the exercise that is gone.
    assert own == [RIGHT["tiny-greet--answer"]]


def test_nobody_is_flagged_for_having_handed_in_the_older_release(changed):
    assert not [one["flags"] for one in changed.third.values() if one["flags"]]


def test_the_feedback_is_of_the_new_release(changed):
    page = changed.page("bob")
    assert "double(3) returned 5" in page
    assert "1.5" in page


def test_the_gradebook_is_copied_before_marks_are_removed(changed):
    (copy,) = changed.course.glob("gradebook.db.before-*")
    with Gradebook(f"sqlite:///{copy}") as gradebook:
        assert gradebook.find_grade("tiny-greet--greets", TINY, TINY, "ada").auto_score == 3
