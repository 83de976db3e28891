"""Answers travel between notebooks, and nothing else does."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from revise.answers import Answers, Extra, put, take


def cell(id, source, role=None):
    metadata = {"revise": {"exercise": "x-one", "role": role}} if role else {}
    return new_code_cell(source, id=id, metadata=metadata)


@pytest.fixture
def edition():
    return new_notebook(
        cells=[
            new_markdown_cell("# Title", id="title"),
            cell("demo", "print(1)"),
            cell("x-one--setup", "limit = 3", "setup"),
            cell("x-one--answer", "raise NotImplementedError", "answer"),
            cell("x-one--works", "assert f() == limit", "check"),
        ]
    )


@pytest.fixture
def learners(edition):
    return nbformat.from_dict(edition)


def test_an_answer_travels(edition, learners):
    learners.cells[3].source = "def f(): return 3"
    answers = take(learners, edition)
    assert answers == Answers({"x-one--answer": "def f(): return 3"})
    assert put(answers, edition).cells[3].source == "def f(): return 3"


def test_the_edition_is_not_changed(edition, learners):
    before = nbformat.writes(edition)
    learners.cells[3].source = "def f(): return 3"
    put(take(learners, edition), edition)
    assert nbformat.writes(edition) == before


def test_an_edited_check_tag_output_or_demo_does_not_travel(edition, learners):
    """Can a learner's notebook change anything of the edition but its answers?"""
    learners.cells[4].source = "pass"
    learners.cells[4].metadata["tags"] = ["skip-execution"]
    learners.cells[1].source = "print('mine')"
    learners.cells[3].outputs = [nbformat.v4.new_output("stream", text="forged")]
    learners.metadata["kernelspec"] = {"name": "evil"}
    learners.cells.reverse()
    assert nbformat.writes(put(take(learners, edition), edition)) == nbformat.writes(edition)


def test_own_cells_keep_their_places(edition, learners):
    learners.cells.insert(0, cell("mine-0", "import os"))
    learners.cells.insert(4, cell("mine-1", "def helper(): return 3"))
    learners.cells.append(cell("mine-2", "print('end')"))
    answers = take(learners, edition)
    assert answers.extras == (
        Extra(None, "import os"),
        Extra("x-one--setup", "def helper(): return 3"),
        Extra("x-one--works", "print('end')"),
    )
    assert [one.id for one in put(answers, edition).cells] == [
        "own-1", "title", "demo", "x-one--setup", "own-2", "x-one--answer", "x-one--works", "own-3",
    ]  # fmt: skip


def test_a_copied_answer_cell_does_not_replace_the_first(edition, learners):
    learners.cells[3].source = "first"
    learners.cells.append(cell("x-one--answer", "second", "answer"))
    answers = take(learners, edition)
    assert answers.cells == {"x-one--answer": "first"}
    assert answers.extras == (Extra("x-one--works", "second"),)


def test_a_missing_answer_leaves_the_starter(edition, learners):
    del learners.cells[3]
    answered = put(take(learners, edition), edition)
    assert answered.cells[3].source == "raise NotImplementedError"


def test_a_notebook_without_ids_is_known_by_nbgraders(edition, learners):
    """Do answers survive a tool that still writes nbformat 4.4?"""
    for one in learners.cells:
        one.metadata["nbgrader"] = {"grade_id": one.id}
        del one["id"]
    learners.cells[3].source = "def f(): return 3"
    assert take(learners, edition).cells == {"x-one--answer": "def f(): return 3"}


def test_an_own_cell_whose_neighbour_is_gone_stands_at_the_end(edition):
    answered = put(Answers(extras=(Extra("gone", "x = 1"),)), edition)
    assert [one.id for one in answered.cells][-1] == "own-1"


def test_an_answer_turned_into_markdown_is_no_answer(edition, learners):
    learners.cells[3] = new_markdown_cell("I do not know", id="x-one--answer")
    assert take(learners, edition).cells == {}
