"""The indexes of the gradebook: made with a new one, and in one that was there before."""

import sqlite3
from pathlib import Path

import pytest
from nbgrader.api import Base, Gradebook
from sqlalchemy import event

from revise.grading.formgrader import indexes

NAMES = {index.name for index in indexes.INDEXES}
MARKS_OF_A_SUBMISSION = "EXPLAIN QUERY PLAN SELECT * FROM grade WHERE notebook_id = 'one'"


def made(path: Path) -> set[str]:
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'revise_%'")
        return {name for (name,) in rows}


def plan(path: Path) -> str:
    with sqlite3.connect(path) as database:
        return " ".join(str(row[-1]) for row in database.execute(MARKS_OF_A_SUBMISSION))


# nbgrader_config.py, which is not read here, leaves out the same.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted.* not in session")


@pytest.fixture(autouse=True)
def without_alembic(monkeypatch):
    """nbgrader starts a program to ask for the version of its tables; here nobody asks for it."""
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "any")


@pytest.fixture
def gradebook(tmp_path):
    """A gradebook of before: with nbgrader's own tables and without the indexes."""
    path = tmp_path / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as database:
        for name in made(path):
            database.execute(f"DROP INDEX {name}")
    yield path
    if event.contains(Base.metadata, "after_create", indexes._complete):
        event.remove(Base.metadata, "after_create", indexes._complete)


def test_a_gradebook_of_before_gets_them_when_it_is_opened(gradebook):
    assert made(gradebook) == set()
    assert "SCAN" in plan(gradebook)
    indexes.install()
    indexes.install()  # each nbgrader command, and JupyterLab many times, reads the configuration
    Gradebook(f"sqlite:///{gradebook}").close()
    assert made(gradebook) == NAMES
    assert "USING INDEX revise_grade_notebook_id" in plan(gradebook)


def test_a_gradebook_that_cannot_be_written_just_now_opens_without_them(gradebook):
    indexes.install()
    with sqlite3.connect(gradebook) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with Gradebook(f"sqlite:///{gradebook}?timeout=0.1") as opened:
            assert opened.students == []
    assert made(gradebook) == set()


def test_sqlite_begins_with_the_few_notebooks_and_not_with_all_marks(gradebook):
    """Are the notebooks counted as soon as there is one, and the average asked for by way of them?"""
    indexes.install()
    with Gradebook(f"sqlite:///{gradebook}") as first:
        first.add_assignment("one")
        first.add_notebook("one", "one")
    with Gradebook(f"sqlite:///{gradebook}") as then:
        asked = []
        event.listen(then.engine, "before_cursor_execute", lambda *about: asked.append(about[2:4]))
        then.average_assignment_score("one")
        then.add_student("ada")
        then.add_submission("one", "ada")
        then.average_assignment_score("one")
    averages = [one for one in asked if one[0].startswith("SELECT coalesce(sum(")]
    assert averages
    with sqlite3.connect(gradebook) as database:
        plans = [[*database.execute(f"EXPLAIN QUERY PLAN {sql}", told)] for sql, told in averages]
    assert not [plan for plan in plans if "SCAN grade" in (step[-1] for step in plan)]


def test_a_new_gradebook_has_them(tmp_path):
    Gradebook(f"sqlite:///{tmp_path / 'new.db'}").close()
    assert made(tmp_path / "new.db") == NAMES
