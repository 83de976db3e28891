"""What a cell is: told by a notebook's file, by a request's metadata, or by its text alone."""

import json

import pytest

from revise.progress.checks import Checks, check_of, checks_of, read

from . import course

OF_TWO = "tiny-double--of-two"


@pytest.fixture
def checks():
    return checks_of(course.notebook())


def test_a_check_says_what_it_is_worth(checks):
    check = checks.by_cell[OF_TWO]
    assert (check.exercise, check.behaviour, check.points) == ("tiny-double", "of-two", 3)
    assert check.concepts == ("tiny.numbers.double", "tiny.numbers.half")
    assert not check.hidden
    assert checks.by_cell["tiny-double--of-others"].hidden
    assert checks.section == "01_tiny"


def test_the_file_and_nbformat_say_the_same(checks, tmp_path):
    published = course.lay(tmp_path).section("01").notebook
    assert read(published) == checks


@pytest.mark.parametrize(
    ("cell_id", "metadata", "source"),
    [
        (OF_TWO, {}, "anything"),
        ("2f6b", course.notebook().cells[3].metadata, "anything"),
        ("vscode-notebook-cell:/x/01_tiny.ipynb#W3sZmlsZQ%3D%3D", {}, course.OF_TWO),
        ("vscode-notebook-cell:/x/01_tiny.ipynb#W3sZmlsZQ%3D%3D", None, course.OF_TWO),
    ],
    ids=["by its id", "by the request's metadata", "by its text", "by its text, no metadata"],
)
def test_a_check_is_found(checks, cell_id, metadata, source):
    assert checks.find(cell_id, metadata, source).cell == OF_TWO


def test_what_is_no_check_is_not_found(checks):
    assert checks.find("start-2", {"revise": {"role": "setup"}}, "%load_ext revise") is None
    assert checks.find("mine", {}, "1 + 1") is None


def test_a_text_that_two_checks_share_names_none():
    notebook = course.notebook()
    notebook.cells[4].source = notebook.cells[3].source
    assert checks_of(notebook).find("x", {}, course.OF_TWO) is None


def test_an_edited_check_is_noticed_and_line_ends_are_not(checks):
    check = checks.by_cell[OF_TWO]
    assert not checks.is_changed(check, course.OF_TWO)
    assert not checks.is_changed(check, course.OF_TWO.replace("\n", "\r\n"))
    assert checks.is_changed(check, "pass")
    assert not Checks().is_changed(check, "pass")


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        [],
        {"revise": None, "nbgrader": {}},
        {"revise": {"role": "check"}, "nbgrader": {"points": "many", "grade_id": "x"}},
        {"revise": {"role": "answer"}, "nbgrader": {}},
    ],
)
def test_metadata_in_disorder_is_no_check(metadata):
    assert check_of(metadata) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", json.dumps({"cells": 3, "metadata": {}}), "[" * 99999]
)
def test_a_file_that_is_no_notebook_has_no_checks(tmp_path, text):
    (tmp_path / "x.ipynb").write_text(text)
    assert read(tmp_path / "x.ipynb") == Checks()
    assert read(tmp_path / "none.ipynb") == Checks()
