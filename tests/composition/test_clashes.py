"""Exercises of several sections in one notebook: which can stand side by side."""

import pytest
from nbformat.v4 import new_code_cell

from revise.composition.clashes import clash, clashing
from revise.composition.exercises import Exercise, of_sources


@pytest.fixture
def exercises(pair) -> dict[str, Exercise]:
    return {exercise.id: exercise for exercise in of_sources(pair)}


def made(section: str, start: str, *cells: tuple[str, str]) -> Exercise:
    """Return an exercise of a section with the setup ``start``, of cells given as role and code."""
    own = [new_code_cell(code, metadata={"revise": {"role": role}}) for role, code in cells]
    return Exercise(f"{section}-x", section, tuple(own), (new_code_cell(start),))


def test_exercises_of_one_section_never_clash(exercises):
    assert clash(exercises["first-sums-add"], exercises["first-sums-root"]) is None


def test_two_answers_of_one_name_clash_both_ways_round(exercises):
    one, other = exercises["first-sums-double"], exercises["second-words-double"]
    assert clash(one, other) == clash(other, one) == "both bind double"


def test_a_name_that_two_setups_bind_differently_is_a_clash_only_where_it_is_used(exercises):
    """``unit`` is a number in one section and a word in the other."""
    add, shout, join = (
        exercises[id] for id in ("first-sums-add", "second-words-shout", "second-words-join")
    )
    assert clash(add, shout) == "their sections' setup cells mean another unit"
    assert clash(add, join) == "their sections' setup cells mean another unit"
    assert clash(exercises["first-sums-root"], join) is None


def test_the_same_import_in_two_setups_is_none(exercises):
    """Both import math, and the root uses it."""
    assert clash(exercises["first-sums-root"], exercises["second-words-join"]) is None


def test_an_answer_under_a_name_of_another_sections_setup_clashes():
    """The grader takes a setup's name for its own, whatever an answer puts there."""
    answer = made("a", "import math", ("answer", "def helper():\n    return 1"))
    assert clash(answer, made("b", "def helper():\n    return 2")) == "both bind helper"


def test_a_check_that_binds_what_anothers_setup_needs_clashes():
    setup = made("a", "", ("setup", "shelf = 3"), ("answer", "books = shelf"))
    assert clash(setup, made("b", "", ("check", "shelf = 4"))) == "both bind shelf"


@pytest.mark.parametrize(
    "theirs", ['Project("library", "desk")', 'Project("library", name="desk")', 'Project("desk")']
)
def test_two_projects_in_one_folder_clash(theirs):
    ours = made("a", "", ("setup", 'mine = Project("library_api", "desk")'))
    assert clash(ours, made("b", "", ("setup", f"yours = {theirs}"))) == "both lay the project desk"
    assert clash(ours, made("b", f"yours = {theirs}")) == "both lay the project desk"


def test_a_folder_that_both_sections_lay_for_their_demos_is_none():
    one = made("a", 'library = Project("library")', ("setup", 'mine = Project("library", "mine")'))
    other = made("b", 'library = Project("library_api", "library")', ("answer", "x = 1"))
    assert clash(one, other) is None
    user = made("a", 'library = Project("library")', ("check", "library.get('/')"))
    assert clash(user, made("b", 'shelf = Project("library_api", "library")')) == (
        "both lay the project library"
    )


def test_the_one_in_the_way_is_named(exercises):
    chosen = [exercises["first-sums-root"], exercises["first-sums-double"]]
    assert clashing(exercises["second-words-double"], chosen).id == "first-sums-double"
    assert clashing(exercises["second-words-join"], chosen) is None
