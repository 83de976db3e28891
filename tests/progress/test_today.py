"""`revise today`: what is due, as a notebook that is checked and counted like any other."""

import json
from datetime import datetime, timedelta

import nbformat
import pytest
from click.testing import CliRunner

from revise import answers
from revise.cli import main
from revise.errors import NoNotebooks
from revise.progress import attempts
from revise.progress.today import make
from tests.grading.tiny import edit

NOW = datetime(2026, 11, 30, 9, 0).astimezone()
PAST, LATER = NOW - timedelta(days=2), NOW + timedelta(days=3)
ALL = ("first-sums-double", "first-sums-add", "first-sums-root", "second-words-join")


@pytest.fixture
def revise(pair, monkeypatch):
    monkeypatch.chdir(pair.root)
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def attempted(exercise: str, at: datetime, passed: bool = True) -> None:
    cell = f"{exercise}--seen"
    assert attempts.record(attempts.Attempt(at, exercise, "seen", cell, passed, 2.0 * passed, 2.0))


def ids(made) -> list[str]:
    return [exercise.id for exercise in made.exercises]


def test_what_is_due_is_laid_blank_and_whole(pair):
    made = make(pair, {"first-sums-add": PAST, "first-sums-root": LATER}, NOW, 5)
    notebook = nbformat.read(made.path, as_version=4)
    nbformat.validate(notebook)
    assert made.path == pair.root / "work" / "today-2026-11-30.ipynb"
    assert [cell.id for cell in notebook.cells] == [
        "start-1", "start-2", "first--setup", "first-sums-add--task", "first-sums-add--setup",
        "first-sums-add--answer", "first-sums-add--seen", "first-sums-add--fresh", "first-sums-add--hint",
    ]  # fmt: skip
    published = nbformat.read(pair.section("first").notebook, as_version=4)
    sources = {cell.id: cell.source for cell in published.cells}
    assert all(cell.source == sources[cell.id] for cell in notebook.cells if answers.exercise(cell))
    assert "YOUR CODE HERE" in made.path.read_text()
    assert "hidden words" not in made.path.read_text()


def test_the_longest_due_come_first_and_the_rest_waits(pair):
    due = {id: NOW - timedelta(days=number) for number, id in enumerate(ALL[:3])}
    made = make(pair, due, NOW, 2)
    assert set(ids(made)) == {"first-sums-root", "first-sums-add"}
    assert made.waiting == 1


def test_exercises_that_cannot_share_a_notebook_do_not(pair):
    due = {"second-words-double": PAST, "first-sums-double": NOW, "first-sums-root": NOW}
    made = make(pair, due, NOW, 5)
    assert set(ids(made)) == {"second-words-double", "first-sums-root"}
    assert made.waiting == 1


def test_the_order_is_another_from_day_to_day(pair):
    orders = set()
    for day in range(8):
        now = NOW + timedelta(days=day)
        orders.add(tuple(ids(make(pair, dict.fromkeys(ALL, PAST), now, 5))))
    assert len(orders) > 3


def test_nothing_due_says_when_the_next_is_and_writes_nothing(pair):
    made = make(pair, {"first-sums-add": LATER, "gone-for-good": PAST}, NOW, 5)
    assert (made.exercises, made.next) == ([], LATER)
    assert make(pair, {}, NOW, 5).next is None
    assert not (pair.root / "work").exists()


def test_a_notebook_that_is_there_is_kept(pair):
    made = make(pair, {"first-sums-add": PAST}, NOW, 5)
    edit(made.path, {"first-sums-add--answer": "mine"})
    before = made.path.read_bytes()
    again = make(pair, {"first-sums-root": PAST}, NOW, 5)
    assert again.kept
    assert not again.exercises
    assert made.path.read_bytes() == before


def test_a_course_without_notebooks_says_so(pair):
    for section in pair.sections:
        section.notebook.unlink(missing_ok=True)
    with pytest.raises(NoNotebooks):
        make(pair, {"first-sums-add": PAST}, NOW, 5)


def test_the_command_goes_from_attempts_to_a_checked_notebook(pair, revise):
    """Failed a week ago: is it due today, laid, and marked by `revise check` under its name?"""
    now = datetime.now().astimezone()
    attempted("first-sums-add", now - timedelta(days=7), passed=False)
    attempted("first-sums-root", now)
    result = revise("today")
    assert result.exit_code == 0, result.output
    (path,) = (pair.root / "work").glob("today-*.ipynb")
    assert "first-sums-add" in result.output
    assert "first-sums-root" not in result.output
    assert f"Laid work/{path.name}: 1 of those that are due." in result.output
    assert f"revise check {path.stem}" in revise("today").output
    edit(path, {"first-sums-add--answer": "def add(number):\n    return 10 + number"})
    report = json.loads(revise("check", "--json", path.stem).output)
    assert [(one["id"], one["state"], one["points"]) for one in report["exercises"]] == [
        ("first-sums-add", "passed", 3.0)
    ]


def test_the_command_says_when_there_is_nothing_to_do(revise):
    assert "you have run no check yet" in revise("today").output
    attempted("first-sums-root", datetime.now().astimezone())
    assert "Nothing is due. The next exercise is, on " in revise("today").output


def test_a_desk_that_cannot_be_written_is_one_clear_line(pair, revise):
    attempted("first-sums-add", datetime.now().astimezone() - timedelta(days=30))
    (pair.root / "work").write_text("a file where the folder should be")
    result = revise("today")
    assert result.exit_code == 2
    assert "cannot write " in result.output
    assert "it is not a folder" in result.output
