"""PostgreSQL behind the wall: the learner's server for what is checked, one of the judge's for its setup."""

import pytest

from revise.grading.isolation.limits import MIB

from .jobs import cell, error, run, text

pytestmark = pytest.mark.xdist_group("nursery")
ROOM = {"files": 512 * MIB, "memory": 1024 * MIB, "process_memory": 4096 * MIB, "cell_seconds": 30}
LAY = "from revise import Project\nshelf = Project('library_pg', 'shelf')\n"
SETUP = cell("setup", LAY + "shelf.sql('CREATE TABLE wish (title text)')", "setup")


def test_a_check_asks_the_learners_database(nursery):
    answer = cell("answer", "shelf.sql(\"INSERT INTO wish VALUES ('Solaris')\")")
    check = cell(
        "check", "assert shelf.sql('SELECT * FROM wish').rows == [['Solaris']]\nshelf.url", "check"
    )
    outcome = run(nursery, SETUP, answer, check, **ROOM)
    assert (error(outcome.cells["check"]), outcome.reason) == ("", "")


def test_what_a_learner_wrote_runs_on_the_learners_side(nursery):
    """Does a program that SQL starts see the judge's folder? The superuser may start one."""
    answer = cell(
        "answer",
        "import psycopg\n"
        "admin = psycopg.connect(shelf.dsn.replace('user=library', 'user=postgres'), autocommit=True)\n"
        "admin.execute('ALTER ROLE library SUPERUSER')\n"
        "(shelf.path / 'ask.sql').write_text(\n"
        "    \"CREATE TEMP TABLE seen (line text); COPY seen FROM PROGRAM 'ls -d /tmp/mirror; true'; SELECT * FROM seen\")",
    )
    check = cell("check", "print(shelf.sql(shelf.read('ask.sql')).rows)", "check")
    outcome = run(nursery, SETUP, answer, check, **ROOM)
    assert (error(outcome.cells["answer"]), text(outcome.cells["check"])) == ("", "[]\n")


def test_two_connections_are_opened_beside_the_answer(nursery):
    answer = cell(
        "answer", "def count(connection):\n    return connection.execute('SELECT 1').rowcount"
    )
    check = cell(
        "check",
        "from revise import probe\n"
        "assert probe('import psycopg\\none, two = (psycopg.connect(dsn) for _ in range(2))\\n"
        "[count(one), count(two)]', dsn=shelf.dsn) == [1, 1]",
        "check",
        probes=True,
    )
    outcome = run(nursery, SETUP, answer, check, **ROOM)
    assert error(outcome.cells["check"]) == ""
