"""`revise check`: the visible checks and nbval's comparison, on a learner's notebook."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell

from revise.cli import Commands
from revise.grading.check import check

from .tiny import TINY, edit, write

RIGHT = {
    "tiny-double--answer": "def double(number):\n    return number + number",
    "tiny-greet--answer": "%%writefile greeting.html\n<h1>Hello, you</h1>",
}


@pytest.fixture
def revise(tiny, monkeypatch):
    """Run the command in the course's folder; return its exit status and output."""
    monkeypatch.chdir(tiny)
    group = Commands("revise", commands={"check": check})

    def run(*arguments: str):
        return CliRunner().invoke(group, ["check", *arguments], prog_name="revise")

    return run


@pytest.fixture
def work(tiny) -> Path:
    """The learner's copy, not yet answered."""
    (tiny / "work").mkdir()
    return Path(shutil.copy(tiny / "notebooks" / f"{TINY}.ipynb", tiny / "work"))


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_untouched_notebook_is_not_attempted(revise):
    """Is each exercise named, without a traceback, and the status 1?"""
    result = revise("01")
    assert result.exit_code == 1
    assert "– 0/2  Double a number  tiny-double  not attempted\n" in result.output
    assert "– 0/2  Greet in HTML  tiny-greet  not attempted\n" in result.output
    assert "0 of 4 points, 2 of 2 exercises not attempted" in result.output
    assert "The notebook still shows what it should." in result.output


def test_right_answers_pass(revise, work):
    """Is the status 0 when all is well, and is it said that hidden checks were not run?"""
    edit(work, RIGHT)
    result = revise("01")
    assert result.exit_code == 0, result.output
    assert "✓ 2/2  Double a number" in result.output
    assert "Visible checks only: 4 more points are for hidden checks" in result.output
    assert "\x1b" not in result.output


def test_a_wrong_answer_is_told_what_the_check_said(revise, work):
    """Does one wrong answer fail, with the words of its check, and no other?"""
    edit(work, RIGHT | {"tiny-double--answer": "def double(number):\n    return number"})
    result = revise(str(work))
    assert result.exit_code == 1
    assert "✗ 0/2  Double a number" in result.output
    assert "double(2) returned 2, expected 4. Look at what double returns." in result.output
    assert "✓ 2/2  Greet in HTML" in result.output


def test_the_notebook_and_its_folder_stay_as_they_are(revise, work):
    """Does checking write nothing: not in the notebook, not beside it, not in the course?"""
    edit(work, RIGHT)
    course = work.parents[1]
    before = files_in(course)
    revise(str(work))
    assert files_in(course) == before


def test_json_says_the_same(revise, work):
    """Can a program read what a person reads?"""
    edit(work, RIGHT | {"tiny-double--answer": "def double(number):\n    return number"})
    said = json.loads(revise("01", "--json").stdout)
    assert (said["passed"], said["points"], said["of"], said["visible_checks_only"]) == (
        False,
        2,
        4,
        True,
    )
    assert {one["id"]: one["state"] for one in said["exercises"]} == {
        "tiny-double": "failed",
        "tiny-greet": "passed",
    }
    assert said["exercises"][1]["hidden"] == 3
    assert said["exercises"][1]["concepts"] == ["tiny.html.headings", "tiny.functions.defining"]
    assert said["differences"] == []


def test_a_demo_that_an_answer_breaks_is_shown(revise, work):
    """Does an answer that changes what the lesson shows fail the comparison, with both texts?"""
    edit(
        work,
        RIGHT
        | {
            "tiny-double--answer": f"{RIGHT['tiny-double--answer']}\ndef print(*words): return __import__('sys').stdout.write('broken\\n') and None"
        },
    )
    result = revise("01")
    assert result.exit_code == 1
    assert (
        "1 of the notebook's cells no longer show what they should:\n✗ double-a-number-1 print('the end of it')"
        in result.output
    )
    assert "the end of it" in result.output
    assert "broken" in result.output


def test_an_answer_that_ends_the_kernel_costs_only_itself(revise, work):
    """Are the other exercises marked although the kernel died?"""
    edit(work, RIGHT | {"tiny-double--answer": "import os\nos._exit(1)"})
    result = revise("01")
    assert result.exit_code == 1
    assert "✗ 0/2  Double a number" in result.output
    assert "The cell tiny-double--answer ended the kernel" in result.output
    assert "✓ 2/2  Greet in HTML" in result.output
    assert "The notebook still shows what it should." in result.output


def test_tricks_do_not_pass(revise, work):
    """Do an edited check, a tag that skips it, and a cell on stderr earn what they should: nothing?"""
    edit(
        work,
        RIGHT
        | {
            "tiny-double--answer": "def double(number):\n    import sys\n    print('x', file=sys.stderr)\n    return 4"
        },
    )
    notebook = nbformat.read(work, as_version=4)
    for cell in notebook.cells:
        if cell.id == "tiny-greet--answer":
            cell.source = "%%writefile greeting.html\n<p>no heading</p>"
        if cell.id == "tiny-greet--has-a-heading":
            cell.source, cell.metadata.tags = "assert True", ["skip-execution"]
    notebook.metadata.kernelspec.name = "no-such-kernel"
    write(notebook, work)
    result = revise("01")
    assert "✗ 0/2  Double a number" in result.output
    assert "It wrote on stderr, which costs its points: x" in result.output
    assert "✗ 0/2  Greet in HTML" in result.output


def test_a_learners_own_cells_run_in_their_places(revise, work):
    """May an answer use a helper from a cell of the learner's own, and may such a cell raise?"""
    edit(work, RIGHT | {"tiny-double--answer": "def double(number):\n    return times(number, 2)"})
    notebook = nbformat.read(work, as_version=4)
    notebook.cells[4:4] = [
        new_code_cell("def times(a, b):\n    return a * b"),
        new_code_cell("1 / 0"),
    ]
    write(notebook, work)
    result = revise("01")
    assert result.exit_code == 0, result.output


def test_a_renamed_notebook_is_known_by_its_cells(revise, work):
    """Does a notebook under another name, in another folder, find its section?"""
    notebook = nbformat.read(work, as_version=4)
    del notebook.metadata["revise"]
    path = write(notebook, work.parents[2] / "elsewhere" / "mine.ipynb")
    assert "Double a number" in revise(str(path)).output


@pytest.mark.parametrize(
    ("asked", "content", "words"),
    [
        ("02x", None, "no section is named '02x'"),
        ("tinny", None, "did you mean 'tiny'?"),
        ("02", None, "02_later.ipynb does not exist"),
        ("work/01_tny.ipynb", None, "Did you mean work/01_tiny.ipynb?"),
        ("broken.ipynb", "not json", "broken.ipynb is not a notebook: it is not JSON"),
        ("broken.ipynb", "", "is not a notebook: it is not JSON"),
        (
            "broken.ipynb",
            '{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
            "is not a notebook",
        ),
        ("broken.ipynb", "[1, 2]", "is not a notebook"),
        ("broken.ipynb", b"\xff\xfe\x00", "is not a notebook: it is not text"),
        (
            "other.ipynb",
            '{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
            "no notebook of the course",
        ),
    ],
)
def test_bad_input_is_one_clear_line(revise, work, asked, content, words):
    """Does each mistake end with 2, one line, and nothing lost?"""
    if content is not None:
        Path(asked).write_bytes(content if isinstance(content, bytes) else content.encode())
    result = revise(asked)
    assert result.exit_code == 2, result.output
    assert words in result.output
    assert result.output.count("\n") == 1
    assert "Traceback" not in result.output


def test_a_missing_kernel_is_one_clear_line(revise, tiny):
    """Is it said which kernel is missing?"""
    path = tiny / "notebooks" / f"{TINY}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kernelspec.name = "no-such-kernel"
    write(notebook, path)
    result = revise("01")
    assert result.exit_code == 2
    assert "no Jupyter kernel is named 'no-such-kernel'" in result.output


def test_a_folder_that_cannot_be_written_is_no_obstacle(revise, work):
    """Can a notebook be checked where nothing can be written?"""
    if os.getuid() == 0:
        pytest.skip("root may write anywhere")
    work.parent.chmod(0o500)
    try:
        assert revise(str(work)).exit_code == 1
    finally:
        work.parent.chmod(0o700)
