"""`revise check` on the course's own sections: each joins by existing."""

import nbformat
import pytest

from revise import answers
from revise.course import Course
from revise.grading.compare import Comparison
from revise.grading.find import Target, find, read
from revise.grading.run import State
from revise.grading.verdict import verdict

from .tiny import REPOSITORY

pytestmark = pytest.mark.slow

BUILT = [section for section in Course(REPOSITORY).sections if section.notebook.is_file()]


def answered(section):
    """Return the published notebook with the reference's answers."""
    source = nbformat.read(section.source, as_version=4)
    return answers.put(answers.take(source, source), read(section.notebook))


@pytest.mark.parametrize("section", BUILT, ids=lambda section: section.name)
def test_the_reference_changes_no_demo(section):
    """Does nbval find every demo as it is stored when all exercises are answered?

    What the checks give for the reference is tested with the hidden ones (tests/content).
    """
    with Comparison(answered(section)) as comparison:
        assert comparison.differences() == []


def test_an_untouched_notebook_fails_politely():
    """Is every exercise named as not attempted, and does every demo show what it should?"""
    section = BUILT[0]
    before = section.notebook.read_bytes()
    report = verdict(find(str(section.notebook)))
    tasks = [cell for cell in read(section.notebook).cells if answers.role(cell) == "task"]
    assert [one.id for one in report.exercises] == [answers.exercise(cell) for cell in tasks]
    assert {one.state for one in report.exercises} == {State.BLANK}
    assert report.points == 0
    assert report.differences == []
    assert not report.passed
    assert section.notebook.read_bytes() == before


def test_a_reference_passes():
    """Do the reference's answers pass the visible checks, and are hidden ones counted?"""
    section = BUILT[0]
    edition = read(section.notebook)
    report = verdict(Target(section.notebook, answered(section), section.name, edition))
    assert [(one.id, one.words) for one in report.exercises if one.state is not State.PASSED] == []
    assert report.differences == []
    assert report.hidden > 0
