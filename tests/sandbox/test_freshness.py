"""What makes a project what it is."""

import os

import pytest

from revise.sandbox.freshness import stamp


@pytest.mark.parametrize(
    "path", ["views.py", "templates/a.html", ".env", "static/a.css", "data.json"]
)
def test_a_file_that_a_person_wrote_counts(tmp_path, path):
    before = stamp(tmp_path)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("a")
    between = stamp(tmp_path)
    (tmp_path / path).write_text("b")
    assert len({before, between, stamp(tmp_path)}) == 3
    (tmp_path / path).unlink()
    assert stamp(tmp_path) == before


@pytest.mark.parametrize(
    "path",
    [
        "db.sqlite3",
        "db.sqlite3-journal",
        "server.log",
        "media/a.png",
        "__pycache__/a.pyc",
        ".git/HEAD",
    ],
)
def test_what_a_running_project_writes_does_not(tmp_path, path):
    before = stamp(tmp_path)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("a")
    assert stamp(tmp_path) == before


def test_the_same_date_and_size_in_another_file_is_another_state(tmp_path):
    path = tmp_path / "views.py"
    path.write_text("a")
    os.utime(path, (1, 1))
    before = stamp(tmp_path)
    (tmp_path / "new").write_text("b")
    os.replace(tmp_path / "new", path)
    os.utime(path, (1, 1))
    assert stamp(tmp_path) != before


def test_links_to_nowhere_and_loops_are_survived(tmp_path):
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    (tmp_path / "loop").symlink_to(tmp_path)
    stamp(tmp_path)


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        stamp(tmp_path / "gone")
