"""PostgreSQL for a notebook: a real server, which ends with the kernel however that ends."""

import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from revise import Project
from revise.errors import CommandTimeout, NoDatabase, PostgresFailed, PostgresMissing
from revise.sandbox import starters
from revise.sandbox.services import clusters, guard, programs
from revise.sandbox.services.guard import NOBODY
from revise.sandbox.services.postgres import Postgres, postgres

LAY = """
    from revise import Project
    library = Project("library_pg")
    from revise.sandbox.services.postgres import postgres
    print(postgres().folder, flush=True)
"""  # what follows it is indented alike


@pytest.fixture
def library(notebook):
    project = Project("library_pg")
    yield project
    project.stop()


def gone(path, seconds=5.0):
    """Wait until ``path`` is not there any more; return whether it came to that."""
    deadline = time.monotonic() + seconds
    while Path(path).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not Path(path).exists()


# What a learner meets


def test_a_project_has_a_seeded_database_of_its_own(library):
    assert library.sql("SELECT count(*) FROM loans_loan").rows == [[12]]
    other = Project("library_pg", "other")
    other.sql("DELETE FROM loans_loan")
    assert library.shell("Loan.objects.count()").value == 12
    assert Project("library_pg", "other").sql("SELECT count(*) FROM loans_loan").rows == [[12]]


def test_sql_shows_itself_as_psql_does(library):
    result = library.sql("SELECT title, copies FROM catalog_book WHERE copies > %s", [3])
    assert (result.columns, result.rows, result.tag) == (
        ["title", "copies"],
        [["Dune", 4]],
        "SELECT 1",
    )
    assert repr(result) == " title | copies\n-------+--------\n Dune  |      4\n(1 row)"


def test_a_change_shows_what_it_did(library):
    result = library.sql("UPDATE catalog_book SET copies = 1 WHERE copies = 2")
    assert (result.rows, repr(result)) == ([], "UPDATE 5")


def test_an_error_is_told_and_raises_nothing(library):
    result = library.sql("INSERT INTO catalog_author (id, name, country) VALUES (1, 'A', '')")
    assert result.error.startswith(
        "UniqueViolation: duplicate key value violates unique constraint"
    )
    assert (result.rows, result.returncode) == ([], 1)
    assert repr(result).startswith("ERROR:  duplicate key")


def test_several_statements_are_one_transaction(library):
    failed = library.sql("DELETE FROM loans_loan; SELECT 1 / 0")
    assert failed.error == "DivisionByZero: division by zero"
    assert library.sql("SELECT 1; SELECT count(*) FROM loans_loan").rows == [[12]]


def test_dates_and_decimals_come_as_texts(library):
    assert library.sql("SELECT date '2026-03-01', 1.50, 2, NULL").rows == [
        ["2026-03-01", "1.50", 2, None]
    ]


def test_a_plan_is_shown_whole(library):
    shown = repr(
        library.sql("EXPLAIN SELECT * FROM loans_loan JOIN catalog_book b ON b.id = book_id")
    )
    assert "Hash Join" in shown
    assert "…" not in shown


def test_a_project_may_be_called_as_postgresqls_own_databases(notebook):
    assert Project("library_pg", "postgres").sql("SELECT count(*) FROM loans_loan").rows == [[12]]


def test_two_connections_of_ones_own(library):
    import psycopg

    with psycopg.connect(library.dsn) as one, psycopg.connect(library.dsn) as two:
        one.execute("DELETE FROM loans_loan")
        assert two.execute("SELECT count(*) FROM loans_loan").fetchone() == (12,)


def test_sql_that_waits_for_ever_is_ended_on_both_sides(library):
    library.timeout = 1
    with pytest.raises(CommandTimeout, match="the SQL did not end within 1 s"):
        library.sql("SELECT pg_sleep(600)")
    library.timeout = 10
    busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(600)%' AND pid <> pg_backend_pid()"
    deadline = time.monotonic() + 5
    while library.sql(busy).rows != [[0]] and time.monotonic() < deadline:
        time.sleep(0.1)
    assert library.sql(busy).rows == [[0]]


def test_a_project_on_sqlite_says_so(notebook):
    plain = Project("library")
    for use in (lambda: plain.sql("SELECT 1"), lambda: plain.dsn):
        with pytest.raises(NoDatabase, match="library_pg"):
            use()


def test_the_starters_migrations_are_those_of_its_models(library):
    assert library.manage("makemigrations", "--check", "--dry-run").returncode == 0


def test_the_starters_own_tests_can_make_a_database(library):
    (library.path / "loans/tests.py").write_text(
        "from django.test import TestCase\nfrom loans.models import Loan\n\n\n"
        "class Empty(TestCase):\n    def test_it(self):\n        self.assertEqual(Loan.objects.count(), 0)\n"
    )
    tested = library.manage("test", "loans")
    assert tested.returncode == 0, tested.stderr


def test_many_loans_are_made_in_seconds(library):
    assert library.sql(library.read("many_loans.sql")).error is None
    counted = "SELECT count(*) >= 200000, count(DISTINCT member_id) > 2500 FROM loans_loan"
    assert library.sql(counted).rows == [[True, True]]


# The server


def test_one_server_without_a_network(library):
    server = postgres()
    connections = psutil.Process(server.pid).net_connections("inet")
    assert (connections, Project("library_pg", "other") and postgres()) == ([], server)
    assert library.sql("SHOW server_version_num").rows[0][0] >= "180000"


def test_nobody_else_reaches_the_socket(library):
    around = Path(postgres().folder).parent.stat()
    assert (around.st_uid, stat.S_IMODE(around.st_mode)) == (os.getuid(), 0o700)


def test_the_socket_is_short_wherever_temporary_files_are(tmp_path, monkeypatch):
    long = tmp_path / ("long" * 20)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    server = Postgres()
    assert len(f"{server.folder}/.s.PGSQL.5432") <= 103
    server.close()


def test_closing_leaves_nothing(notebook):
    server = Postgres()
    folder = Path(server.folder).parent
    assert folder.is_dir()
    server.close()
    assert not folder.exists()
    assert not psutil.pid_exists(server.pid)


def test_a_server_that_was_killed_is_replaced(notebook):
    Project("library_pg")
    before = postgres()
    os.kill(before.pid, signal.SIGKILL)
    before._guard.wait(10)
    assert Project("library_pg").sql("SELECT 1").rows == [[1]]
    assert postgres() is not before


def test_without_a_cache_the_databases_are_made_anew(notebook, monkeypatch, tmp_path):
    monkeypatch.setattr(clusters, "_kept", lambda: tmp_path / "none")
    monkeypatch.setattr(starters, "keep", lambda kept, build: False)
    server = clusters.start()
    with server.admin("library_pg.template") as admin:
        assert admin.execute("SELECT count(*) FROM loans_loan").fetchone() == (12,)
    server.close()


def test_a_ready_data_folder_is_whole_or_not_there(tmp_path, monkeypatch):
    """Is nothing left in the ready folder's place when the copying is cut short?"""
    data = tmp_path / "data"
    (data / "base").mkdir(parents=True)

    def cut_short(command):
        subprocess.run(command, check=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(guard, "run", cut_short)
    with pytest.raises(KeyboardInterrupt):
        guard.give(str(data), str(tmp_path / "kept"))
    assert not (tmp_path / "kept").exists()
    monkeypatch.undo()
    guard.give(str(data), str(tmp_path / "kept"))
    assert (tmp_path / "kept" / "base").is_dir()


def test_a_server_that_cannot_start_says_why(tmp_path):
    (tmp_path / "data").mkdir()
    with pytest.raises(PostgresFailed, match='PG_VERSION" is missing'):
        Postgres(tmp_path / "data")


def test_a_machine_without_postgresql_says_what_to_install(monkeypatch):
    for found in ("_of_the_wheel", "_on_path"):
        monkeypatch.setattr(programs, found, lambda: None)
    programs.folder.cache_clear()
    try:
        with pytest.raises(PostgresMissing, match="Install PostgreSQL 18"):
            programs.folder()
    finally:
        programs.folder.cache_clear()


# It ends with the kernel


def test_nothing_is_left_after_a_kernel_that_was_killed(kernel):
    notebook = kernel(LAY + "    input()")
    folder = notebook.line()
    assert Path(folder).is_dir()
    notebook.process.kill()
    assert notebook.nothing_left() == []
    assert gone(Path(folder).parent)


def test_nothing_is_left_after_a_kernel_that_ended(kernel):
    notebook = kernel(LAY)
    folder = notebook.line()
    _out, err = notebook.end()
    assert (err, notebook.left(), gone(Path(folder).parent, 0)) == ("", [], True)


def test_a_fork_of_the_kernel_does_not_keep_the_server(kernel):
    code = "import os, time\nif os.fork() == 0:\n    time.sleep(4)\nprint('forked', flush=True)\ninput()"
    notebook = kernel(LAY + "".join(f"\n    {line}" for line in code.split("\n")))
    folder = notebook.line()
    assert notebook.line() == "forked"
    notebook.process.kill()
    assert gone(Path(folder).parent, 3)


def test_a_killed_guard_takes_the_server_along_and_the_next_cleans_up(notebook):
    server = Postgres()
    folder = Path(server.folder).parent
    os.kill(server._guard.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while psutil.pid_exists(server.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not psutil.pid_exists(server.pid)
    server.close()
    Postgres().close()
    assert not folder.exists()


def test_two_kernels_do_not_meet(kernel, tmp_path):
    one, two = (
        kernel(LAY + "    input()\n    print(library.sql('SELECT count(*) FROM loans_loan').rows)")
        for _ in "12"
    )
    first, second = one.line(), two.line()
    assert first != second
    one.process.kill()
    one.nothing_left()
    out, err = two.end()
    assert (out.strip(), err) == ("[[12]]", "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_needs_no_root(kernel, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    # The capability: the interpreter may lie in root's home.
    become = [shutil.which("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    become += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    notebook = kernel(LAY + "    print(library.sql('SELECT 1').rows)", folder=home, before=become)
    folder = notebook.line()
    out, err = notebook.end()
    assert (out.strip(), err, gone(folder)) == ("[[1]]", "", True)


@pytest.mark.skipif(os.geteuid() != 0, reason="for root only")
def test_for_root_the_server_is_nobodys(library):
    assert psutil.Process(postgres().pid).uids().effective == NOBODY
