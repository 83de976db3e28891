"""A cell is known by what is left of its identity, and never by a guess."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from revise.identity import headline, identify


def edition():
    return [
        new_markdown_cell("# One", id="one--task"),
        new_code_cell("def one(x):\n    ...", id="one--answer"),
        new_code_cell("assert one(1)", id="one--check"),
        new_markdown_cell("# Two", id="two--task"),
        new_code_cell("# YOUR CODE HERE", id="two--answer"),
        new_code_cell("assert two", id="two--check"),
    ]


ANSWERS = ("one--answer", "two--answer")


def bare(cells):
    for cell in cells:
        del cell["id"]
        cell.metadata.clear()
    return cells


def known(cells):
    return identify(cells, edition(), ANSWERS)


def test_ids_come_first():
    cells = edition()
    cells[1].metadata["nbgrader"] = {"grade_id": "two--answer"}
    assert known(cells) == [cell.id for cell in edition()]


def test_a_grade_id_serves_where_the_id_is_new():
    cells = edition()
    cells[1] = new_code_cell("x = 1", id="new", metadata={"nbgrader": {"grade_id": "one--answer"}})
    assert known(cells)[1] == "one--answer"


def test_bare_cells_are_known_by_text_headline_and_place():
    """Without ids and metadata, are a named answer and one between its neighbours both found?"""
    cells = bare(edition())
    cells[1].source = "def one(x):\n    return x"
    cells[4].source = "print('anything')"
    assert known(cells) == [cell.id for cell in edition()]


@pytest.mark.parametrize("more", ["def one(x):\n    return 3", "def one(y): pass"])
def test_two_that_look_alike_are_nobodys(more):
    cells = bare(edition())
    cells[1].source = "def one(x):\n    return x"
    cells.insert(2, new_code_cell(more))
    assert "one--answer" not in known(cells)


def test_two_in_one_place_are_nobodys():
    cells = bare(edition())
    cells[4].source = "first()"
    cells.insert(5, new_code_cell("second()"))
    assert "two--answer" not in known(cells)


def test_answers_side_by_side_are_known_by_their_order():
    two = [new_code_cell("# YOUR CODE", id=f"answer-{number}") for number in (1, 2)]
    around = [new_markdown_cell("task", id="task"), *two, new_code_cell("check()", id="check")]
    cells = [new_markdown_cell("task"), *map(new_code_cell, ("a()", "b()", "check()"))]
    found = identify(cells, around, ("answer-1", "answer-2"))
    assert found == ["task", "answer-1", "answer-2", "check"]


def test_an_answer_of_an_exercise_that_is_gone_takes_no_new_ones_place():
    cells = bare(edition())
    cells[4].source = "print('anything')"
    cells[4].metadata["nbgrader"] = {"grade_id": "old--answer"}
    assert known(cells)[4] is None


def test_an_own_cell_elsewhere_is_no_answer():
    cells = edition()
    del cells[4]
    cells.append(new_code_cell("helper()"))
    assert known(cells)[-1] is None


def test_a_text_in_the_answers_place_is_no_answer():
    cells = edition()
    cells[4] = new_markdown_cell("I do not know")
    assert known(cells)[4] is None


@pytest.mark.parametrize(
    ("source", "about"),
    [
        ("%%writefile  {shelf}/models.py\nx = 1", "file {shelf}/models.py"),
        ("import os\n\n\nasync def fetch(url):\n    inner = 1", "name fetch"),
        ("class Book:\n    title = ''", "name Book"),
        ("order: str = 'up'", "name order"),
        ("key = lambda pair: pair[1]", "name key"),
        ("key == 1", None),
        ("print('x')", None),
    ],
)
def test_headline(source, about):
    assert headline(new_code_cell(source)) == about
