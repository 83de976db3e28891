"""``revise progress`` in a terminal and as a page."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from revise.cli import main
from revise.progress.attempts import FILE, Attempt, record

from . import course

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def progress(tmp_path, monkeypatch):
    """Run ``revise progress`` in a course, after an attempt that passed and one that failed."""
    monkeypatch.chdir(course.lay(tmp_path / "course").root)
    record(Attempt(NOW, "tiny-greet", "greets", "tiny-greet--greets", True, 2, 2))
    record(Attempt(NOW, "tiny-double", "of-two", "tiny-double--of-two", False, 0, 3))
    return lambda *arguments: CliRunner().invoke(main, ["progress", *arguments])


def test_the_terminal_shows_the_map_and_the_sums(progress):
    said = progress()
    assert said.exit_code == 0
    lines = [line.strip() for line in said.stdout.splitlines()]
    assert lines[0] == "1 Tiny  1 of 4 mastered, 2 of 6 points"
    assert lines[1].split("  ")[0] == "Numbers & sums"
    assert [one.strip() for one in lines[1].split("  ") if one][1:] == [
        "◐ double",
        "✗ half",
        "· zero",
    ]
    assert lines[2].endswith("✓ greeting")
    assert "2 Later  0 of 1 mastered, not published yet" in lines
    assert lines[-1] == "1 of 5 concepts mastered, 2 of 6 points"
    assert said.stderr == ""


def test_the_page_stands_alone(progress, tmp_path):
    page = tmp_path / "map.html"
    assert progress("--html", str(page)).stdout == f"wrote {page}\n"
    html = page.read_text()
    assert "1 of 5 concepts mastered, 2 of 6 points" in html
    assert "Numbers &amp; sums" in html
    assert 'title="tiny.numbers.half: failed, 0 of 2 checks hold">✗ half<' in html
    assert "1 of 4 mastered, 2 of 6 points" in html
    assert not [outside for outside in ("<script", "http:", "https:", "src=") if outside in html]


def test_a_page_that_cannot_be_written_is_one_clear_line(progress, tmp_path):
    said = progress("--html", str(tmp_path / "no" / "map.html"))
    assert said.exit_code == 2
    assert said.stderr.startswith("revise: ")
    assert said.stderr.endswith(
        "cannot be written: No such file or directory. Give another path.\n"
    )


def test_where_nothing_can_be_kept_one_line_says_so(progress, monkeypatch, tmp_path):
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("REVISE_DATA", str(tmp_path / "a-file" / "data"))
    said = progress()
    assert said.exit_code == 0
    assert said.stdout.endswith("0 of 5 concepts mastered, 0 of 6 points\n")
    assert said.stderr == (
        f"New attempts cannot be kept: {tmp_path / 'a-file' / 'data' / FILE}: Not a directory. Free some space or "
        "make it writable, or set REVISE_DATA to another folder.\n"
    )


def test_a_damaged_record_is_one_clear_line(progress, folder):
    (folder / FILE).write_text("no database " * 999)
    said = progress()
    assert said.exit_code == 2
    assert "cannot be read: file is not a database. Nothing was changed." in said.stderr
