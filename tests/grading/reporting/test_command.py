"""`revise report` as it is typed: two files, one line for bad input, nothing overwritten."""

import json

import pytest
from click.testing import CliRunner

from revise.cli import main

from .conftest import TWO


@pytest.fixture
def revise(five, monkeypatch):
    """Run `revise report` in the course's folder."""
    monkeypatch.chdir(five.root)
    return lambda *arguments: CliRunner().invoke(main, ["report", *arguments])


def test_a_page_and_a_table_are_written_and_said(revise, five):
    done = revise("1")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "A tiny section: 4 of 5 learners graded, 1 missing, mean 42.19 %.",
        "reports/01_tiny.html",
        "reports/01_tiny.csv",
    ]
    assert "<!DOCTYPE html>" in (five.root / "reports" / "01_tiny.html").read_text()
    # Excel takes UTF-8 for something else without its mark.
    assert (five.root / "reports" / "01_tiny.csv").read_bytes().startswith(b"\xef\xbb\xbflearner,")
    assert revise("1").exit_code == 0


def test_all(revise, five):
    assert revise("--all", "--marks-only").exit_code == 0
    assert (five.root / "reports" / "01_tiny.html").is_file()


def test_json_has_every_figure_and_no_nan(revise, five):
    five.graded_notebook("bob", {TWO: "double(2) returned 5"})
    said = json.loads(revise("1", "--json").output)
    assert said["spread"]["count"] == 4
    assert said["learners"][-1]["percent"] == 100
    double = next(one for one in said["exercises"] if one["exercise"] == "tiny-double")
    assert double["words"] == [{"text": "double(2) returned 5", "hidden": False, "learners": 1}]
    assert said["page"].endswith("reports/01_tiny.html")


def test_output_names_a_page_or_a_folder(revise, five, tmp_path):
    assert revise("1", "--output", str(tmp_path / "new" / "marks.html")).exit_code == 0
    assert (tmp_path / "new" / "marks.csv").is_file()
    assert revise("1", "--output", str(tmp_path / "new")).exit_code == 0
    assert (tmp_path / "new" / "01_tiny.html").is_file()


@pytest.mark.parametrize("name", ["mine.html", "mine.csv"])
def test_a_file_that_is_no_report_is_not_overwritten(revise, tmp_path, name):
    (tmp_path / name).write_text("mine")
    done = revise("1", "--output", str(tmp_path / "mine.html"))
    assert done.exit_code == 2
    assert "exists and is no report" in done.output
    assert (tmp_path / name).read_text() == "mine"
    assert len(list(tmp_path.glob("mine.*"))) == 1


def test_where_nothing_can_be_written_it_says_so(revise, tmp_path):
    (tmp_path / "file").write_text("")
    done = revise("1", "--output", str(tmp_path / "file" / "marks.html"))
    assert done.exit_code == 2
    assert "cannot write" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["01_tniy"], "Did you mean 01_tiny?"),
        (["later"], "knows no assignment '02_later'"),
        ([], "Name an assignment, or give --all."),
        (["1", "--all"], "Name an assignment, or give --all."),
        (["1", "--output", "marks.pdf"], "a page's name ends in .html"),
    ],
)
def test_bad_input_is_one_clear_line(revise, arguments, said):
    done = revise(*arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_without_a_gradebook_or_a_mark_it_says_what_to_do(revise, class_):
    (class_.root / "gradebook.db").unlink()
    done = revise("--all")
    assert done.exit_code == 2
    assert "`revise grade ASSIGNMENT` fills it" in done.output
