"""The command `revise`: one clear line for bad input, a status that tells, nothing lost."""

import json

import pytest
from click.testing import CliRunner

from revise.cli import main
from tests.authoring.conftest import SYLLABUS, TEXT


@pytest.fixture
def revise(tmp_path, monkeypatch):
    """Run `revise` in a fresh course of one small section."""
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "syllabus.toml").write_text(SYLLABUS)
    (tmp_path / "sections" / "01_python.md").write_text(TEXT.read_text())
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, [*arguments])


def test_build_then_check(revise):
    assert revise("build", "--check").exit_code == 1
    built = revise("build")
    assert built.output.splitlines() == [
        "built source/01_python/01_python.ipynb",
        "built notebooks/01_python.ipynb",
    ]
    assert revise("build", "--check").exit_code == 0


def test_prove_says_what_holds(revise):
    done = revise("prove", "01")
    assert done.exit_code == 0
    assert "the reference: holds" in done.output


def test_prove_says_what_does_not(revise, tmp_path):
    text = tmp_path / "sections" / "01_python.md"
    text.write_text(text.read_text().replace('says="late_fee(3) returned 23"', 'says="other"'))
    done = revise("prove", "01", "--exercise", "python-functions-late-fee")
    assert done.exit_code == 1
    assert "the words 'other' are not shown" in done.output


def test_proving_one_exercise_says_that_a_demo_binds_its_name(revise, tmp_path):
    """Is it said before the whole section is built, where it would stop the building?"""
    text = tmp_path / "sections" / "01_python.md"
    text.write_text(text.read_text().replace("object()", "late_fee = object()"))
    done = revise("prove", "01", "--exercise", "python-functions-late-fee")
    assert done.exit_code == 1
    assert "it binds 'late_fee', which is an answer of python-functions-late-fee" in done.output


def test_exercises_as_json(revise):
    entries = json.loads(revise("exercises", "--json").output)
    assert entries[0] == {
        "id": "python-functions-late-fee",
        "section": "python",
        "concepts": ["python.functions.defining"],
        "points": 3,
        "hints": 2,
        "wrong": 3,
        "right": 1,
    }


def test_exercises_as_a_list(revise):
    assert "python-functions-sort-key" in revise("exercises").output


def test_new_does_not_overwrite(revise, tmp_path):
    before = (tmp_path / "sections" / "01_python.md").read_bytes()
    done = revise("new", "01")
    assert done.exit_code == 2
    assert "exists already and is not overwritten" in done.output
    assert (tmp_path / "sections" / "01_python.md").read_bytes() == before


def test_new_lays_a_skeleton_that_reads(revise, tmp_path):
    """Is the skeleton a text that only lacks what an author must write?"""
    (tmp_path / "sections" / "01_python.md").unlink()
    assert revise("new", "python").exit_code == 0
    done = revise("build")
    assert done.exit_code == 2
    for line in done.output.splitlines():
        assert "wrong answers" in line or "no other right answer" in line, line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "99"), "no section is named '99'"),
        (("build", "pyhton"), "did you mean 'python'"),
        (("adopt", "01"), "There is nothing to adopt"),
        (("prove", "01", "--exercise", "python-none"), "has no exercise 'python-none'"),
    ],
)
def test_bad_input_is_one_clear_line(revise, arguments, said):
    done = revise(*arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_broken_text_names_file_line_exercise_and_mend(revise, tmp_path):
    text = tmp_path / "sections" / "01_python.md"
    text.write_text(text.read_text().replace('check="three-days" points=2', 'check="three-days"'))
    done = revise("build")
    assert done.exit_code == 2
    assert (
        "01_python.md:46: python-functions-late-fee: a check without points. Write points=1"
        in done.output
    )


def test_a_built_file_that_is_no_notebook_is_told(revise, tmp_path):
    revise("build")
    path = tmp_path / "notebooks" / "01_python.ipynb"
    path.write_text("<<<<<<< HEAD")
    done = revise("build")
    assert done.exit_code == 2
    assert "is not a notebook" in done.output
    assert path.read_text() == "<<<<<<< HEAD"
    assert revise("build", "--force").exit_code == 0


def test_debug_shows_the_traceback(revise):
    done = revise("--debug", "build", "99")
    assert type(done.exception).__name__ == "UnknownSection"


def test_outside_of_a_course(revise, tmp_path, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    done = revise("build")
    assert done.exit_code == 2
    assert "is not inside a course" in done.output
