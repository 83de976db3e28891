"""work/: copies are laid once, never overwritten, and trusted."""

import os

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook, new_output

from revise import desk
from revise.course import Course
from revise.errors import NoNotebooks, WorkNotWritable

NAME = "02_django_fundamentals.ipynb"


def publish(course, printed="42\n"):
    """Publish a notebook of one executed cell."""
    stored = new_output("stream", text=printed)
    cell = new_code_cell("print(42)", id="demo", outputs=[stored], execution_count=1)
    (course.root / "notebooks").mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=[cell]), course.root / "notebooks" / NAME)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with one published notebook; signatures go to a folder of the test's own."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    course = Course(tmp_path / "course")
    course.root.mkdir()
    publish(course)
    return course


@pytest.fixture
def copy(course):
    """Where the learner's copy lies once it is laid."""
    return course.root / "work" / NAME


def test_the_first_time_lays_a_copy(course, copy):
    assert desk.lay(course).laid == [NAME]
    assert copy.read_bytes() == (course.root / "notebooks" / NAME).read_bytes()


def test_an_existing_copy_is_never_overwritten(course, copy):
    desk.lay(course)
    copy.write_text("an answer")
    publish(course, "43\n")
    assert desk.lay(course).laid == []
    assert copy.read_text() == "an answer"


def test_a_link_in_the_place_of_a_copy_is_left_alone(course, copy, tmp_path):
    """A dangling link exists for nobody who follows it: is nothing written through it?"""
    copy.parent.mkdir()
    copy.symlink_to(tmp_path / "elsewhere.ipynb")
    assert desk.lay(course).kept == [NAME]
    assert not (tmp_path / "elsewhere.ipynb").exists()


def test_a_newer_course_is_told(course, copy):
    desk.lay(course)
    publish(course, "43\n")
    assert desk.lay(course).outdated == [NAME]


def test_the_learners_own_changes_are_no_newer_course(course, copy):
    desk.lay(course)
    copy.write_text("an answer")
    assert desk.lay(course).outdated == []


def test_a_copy_that_was_deleted_is_laid_anew_in_its_newest_edition(course, copy):
    desk.lay(course)
    copy.unlink()
    publish(course, "43\n")
    assert desk.lay(course).laid == [NAME]
    assert desk.lay(course).outdated == []


@pytest.mark.parametrize("damage", ["", "not json", "[]"])
def test_a_damaged_ledger_stops_nobody(course, damage):
    desk.lay(course)
    (course.root / "work" / desk.LEDGER).write_text(damage)
    assert desk.lay(course).kept == [NAME]


def test_a_course_without_notebooks_says_so(course):
    (course.root / "notebooks" / NAME).unlink()
    with pytest.raises(NoNotebooks, match="make build"):
        desk.lay(course)


def test_work_that_cannot_be_written_says_so(course):
    (course.root / "work").write_text("a file where the folder should be")
    with pytest.raises(WorkNotWritable, match="work"):
        desk.lay(course)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_work_folder_says_so(course):
    (course.root / "work").mkdir(mode=0o500)
    with pytest.raises(WorkNotWritable, match="Permission denied"):
        desk.lay(course)


def test_published_notebooks_and_their_copies_are_trusted(course, copy):
    desk.lay(course)
    assert desk.trust(desk.course_notebooks(course)) == []
    notary = NotebookNotary()
    for path in (course.root / "notebooks" / NAME, copy):
        assert notary.check_signature(nbformat.read(path, as_version=4))
    notary.store.close()


def test_a_strangers_notebook_in_work_is_not_trusted(course):
    desk.lay(course)
    nbformat.write(new_notebook(), course.root / "work" / "stranger.ipynb")
    assert "stranger.ipynb" not in {path.name for path in desk.course_notebooks(course)}


def test_what_is_not_a_notebook_costs_a_line_and_stops_nothing(course, copy):
    desk.lay(course)
    copy.write_text("{")
    (line,) = desk.trust([copy, course.root / "notebooks" / NAME])
    assert NAME in line
    assert copy.read_text() == "{"
