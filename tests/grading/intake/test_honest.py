"""What honest learners and their tools do to a notebook: no flag, and the answers are there."""

import json
from collections.abc import Callable

import pytest

from revise.grading.intake import read

from ..hostile.malformed import code, each_cell, nbgrader, one_cell, with_new_ids, without_ids
from .conftest import RIGHT

CHECK = "tiny-double--of-two"
SEEN = 'got = double(2)\nassert got == 4, f"double(2) returned {got}, expected 4. Look at what double returns."'


def check(source: str) -> Callable:
    return one_cell(CHECK, lambda cell: cell.update(source=source))


def change(path, edit: Callable[[list], None]) -> None:
    content = json.loads(path.read_text())
    edit(content["cells"])
    path.write_text(json.dumps(content))


def index(cells: list, id: str) -> int:
    return next(number for number, cell in enumerate(cells) if cell["id"] == id)


def copy_the_answer(path) -> None:
    """Ctrl-C, Ctrl-V on an answer: JupyterLab gives a new id and keeps the metadata."""

    def edit(cells):
        place = index(cells, "tiny-double--answer")
        cells.insert(place, cells[place] | {"id": "new", "source": "an old try"})

    change(path, edit)


def split_the_answer(path) -> None:
    def edit(cells):
        place = index(cells, "tiny-double--answer")
        cells.insert(place, cells[place] | {"id": "new", "source": "import math"})

    change(path, edit)


def cut_and_paste_the_answer(path) -> None:
    """Ctrl-X, Ctrl-V further down: a new id."""

    def edit(cells):
        cell = cells.pop(index(cells, "tiny-double--answer"))
        cells.append(cell | {"id": "new"})

    change(path, edit)


def rewrite_the_answer(path) -> None:
    """Delete the answer's cell, and write it anew in a cell of one's own in its place."""

    def edit(cells):
        place = index(cells, "tiny-double--answer")
        cells[place] = code(RIGHT["tiny-double--answer"], id="new")

    change(path, edit)


def own_cells(path) -> None:
    sources = (
        "def helper():\n    return 4", "print(double(2))", "%timeit double(2)", "!ls",
        "import matplotlib.pyplot as plt\nplt.plot([1])", "await something()", "assert True",
    )  # fmt: skip
    change(path, lambda cells: cells.extend(code(one, id=f"mine-{one}") for one in sources))


def from_another_edition(path) -> None:
    """A notebook fetched before the teacher released a newer edition, with other points and checks."""
    each_cell(nbgrader(checksum="of another release"))(path)
    one_cell(CHECK, nbgrader(points=1))(path)
    check("assert double(3) == 6")(path)


def colab(path) -> None:
    """Colab's ids, and its metadata on each cell."""

    def edit(cell):
        with_new_ids(cell)
        cell["metadata"] |= {
            "id": "x8Y",
            "colab": {"base_uri": "…"},
            "executionInfo": {"status": "ok"},
        }

    each_cell(edit)(path)


HONEST = {
    "a print in a check": check("print(double(2))\n" + SEEN),
    "another variable in a check": check("x = 5\n" + SEEN + "\nprint(x, got)"),
    "a check formatted anew": check(SEEN.replace('"', "'''")),
    "a message of one's own": check("got = double(2)\nassert got == 4, 'no!'"),
    "another input in a check": check(SEEN.replace("double(2)\n", "double(21)\n")),
    "an assert put into a comment": check("got = double(2)\nprint(got)\n# " + SEEN.partition("\n")[2]),
    "all put into comments": check("# " + SEEN.replace("\n", "\n# ")),
    "a stray letter": check("s" + SEEN + ")"),
    "a check emptied": check(""),
    "an answer copied": copy_the_answer,
    "an answer split": split_the_answer,
    "an answer moved": cut_and_paste_the_answer,
    "an answer written anew": rewrite_the_answer,
    "own cells": own_cells,
    "another edition": from_another_edition,
    "VS Code without ids": each_cell(without_ids),
    "Colab": colab,
    "checks deleted": lambda path: change(path, lambda cells: cells.__delitem__(slice(index(cells, CHECK), None, 20))),
    "outputs cleared": each_cell(lambda cell: cell.update(outputs=[]) if "outputs" in cell else None),
    "tags of one's own": each_cell(lambda cell: cell["metadata"].update(tags=["todo", "remove-input"])),
    "slides and scrolling": each_cell(lambda cell: cell["metadata"].update(slideshow={"slide_type": "-"}, scrolled=True)),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_it_is_never_flagged(honest, edition, name):
    """Is a legitimate submission without suspicion, and are its answers found?"""
    HONEST[name](honest)
    taken = read(honest, edition, {honest.name})
    assert taken.flags == ()
    assert taken.reason == ""
    assert taken.answers.cells == RIGHT


def test_an_edited_check_is_mentioned(honest, edition):
    """Is a learner told that the course's own check was used?"""
    check("print(1)\n" + SEEN)(honest)
    (note,) = read(honest, edition).notes
    assert note == f"Checks were edited; the course's own were used: {CHECK}."


def test_an_untouched_submission_has_nothing_to_say(honest, edition):
    taken = read(honest, edition)
    assert (taken.reason, taken.notes, taken.flags) == ("", (), ())
