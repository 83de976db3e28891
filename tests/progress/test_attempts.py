"""The record of attempts: kept whole, or silently not at all."""

import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, timedelta, timezone

import pytest

from revise.errors import AttemptsUnreadable
from revise.progress.attempts import FILE, Attempt, attempts, path, record, refusal

from .tries import NOON, attempt


def run(code, **options):
    """Run ``code`` in another process; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, **options
    )
    assert done.stderr == ""
    return done.stdout


ONE = "from revise.progress.attempts import *\nfrom tests.progress.tries import attempt\n"


def test_what_is_recorded_is_read_back_oldest_first():
    later, earlier = attempt(5), attempt(1, passed=False)
    assert record(later)
    assert record(earlier)
    assert attempts() == (earlier, later)


def test_times_are_utc_whatever_the_clock_on_the_wall_says():
    home = timezone(timedelta(hours=2))
    record(Attempt(**{**vars(attempt()), "at": NOON.astimezone(home)}))
    (kept,) = attempts()
    assert kept.at == NOON
    assert kept.at.tzinfo == UTC


def test_nothing_recorded_is_no_error_and_makes_no_file(folder):
    assert attempts() == ()
    assert not folder.exists()


def test_the_file_is_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("REVISE_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert path().is_relative_to(tmp_path)
    assert path().name == FILE


def test_two_jupyterlabs_record_at_the_same_time():
    """Is each of 120 attempts of three processes kept?"""
    many = ONE + "print(all(record(attempt(minute)) for minute in range(40)))"
    running = [
        subprocess.Popen([sys.executable, "-c", many], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [one.communicate()[0] for one in running] == ["True\n"] * 3
    assert len(attempts()) == 120


def test_a_writer_that_is_killed_in_the_middle_leaves_what_was_there():
    record(attempt())
    run(
        ONE
        + "import os\nfrom revise.progress.attempts import _writing, INSERT\n"
        + "with _writing() as database:\n"
        + "    database.execute('PRAGMA cache_spill = 1')\n"
        + "    database.execute('DELETE FROM attempts')\n    os._exit(0)"
    )
    assert attempts() == (attempt(),)
    assert record(attempt(1))


# SQLite meets a limit on a file's size as it meets a full disk: the write does not happen.
FULL = ONE + "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"


def test_a_full_disk_keeps_no_record_and_raises_nothing():
    code = FULL.format(0) + "print(record(attempt()), attempts(), bool(refusal()))"
    assert run(code) == "False () True\n"


def test_what_was_kept_before_the_disk_was_full_stays():
    record(attempt())
    size = path().stat().st_size
    assert (
        run(FULL.format(size) + "print([record(attempt(n)) for n in range(99)][-1])") == "False\n"
    )
    assert attempts()[0] == attempt()
    assert refusal() is None


def test_a_disk_that_cannot_be_written_is_told_in_words(folder, monkeypatch):
    blocked = folder.parent / "a-file"
    blocked.write_text("")
    monkeypatch.setenv("REVISE_DATA", str(blocked / "data"))
    assert refusal() == "Not a directory"


def test_a_read_only_folder_is_read_and_not_written(monkeypatch):
    with tempfile.TemporaryDirectory() as shared:  # pytest's own folders are closed to other users
        monkeypatch.setenv("REVISE_DATA", shared)
        record(attempt())
        path().chmod(0o444)
        path().parent.chmod(0o555)
        # Root may write everywhere, so it becomes somebody else first.
        somebody = "import os\nif os.geteuid() == 0: os.seteuid(65534)\n"
        told = run(f"{ONE}{somebody}print(record(attempt(1)), len(attempts()), bool(refusal()))")
        assert told == "False 1 True\n"
        path().parent.chmod(0o755)


def test_a_file_that_is_none_of_ours_is_one_clear_line_and_stays(folder):
    folder.mkdir()
    (folder / FILE).write_text("not a database, and long enough to be looked at" * 99)
    before = (folder / FILE).read_bytes()
    with pytest.raises(AttemptsUnreadable, match="Nothing was changed"):
        attempts()
    assert refusal() == "file is not a database"
    assert (folder / FILE).read_bytes() == before


def test_a_newer_course_may_have_added_a_column():
    record(attempt())
    with sqlite3.connect(path()) as database:
        database.execute("ALTER TABLE attempts ADD COLUMN seconds REAL")
    assert record(attempt(1))
    assert attempts() == (attempt(), attempt(1))
