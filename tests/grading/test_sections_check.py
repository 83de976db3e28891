"""`revise check` on a section of the course; on all of them its two halves run in tests/content."""

import nbformat
import pytest

from revise import answers
from revise.course import Course
from revise.grading.find import Target, find, read
from revise.grading.run import State
from revise.grading.verdict import verdict

from .tiny import REPOSITORY

pytestmark = pytest.mark.slow

SECTION = Course(REPOSITORY).written[0]


def test_an_untouched_notebook_fails_politely():
    """Is every exercise named as not attempted, and does every demo show what it should?"""
    before = SECTION.notebook.read_bytes()
    report = verdict(find(str(SECTION.notebook)))
    tasks = [cell for cell in read(SECTION.notebook).cells if answers.role(cell) == "task"]
    assert [one.id for one in report.exercises] == [answers.exercise(cell) for cell in tasks]
    assert {one.state for one in report.exercises} == {State.BLANK}
    assert report.points == 0
    assert report.differences == []
    assert not report.passed
    assert SECTION.notebook.read_bytes() == before


def test_a_reference_passes():
    """Do the reference's answers pass the visible checks, and are hidden ones counted?"""
    edition = read(SECTION.notebook)
    source = nbformat.read(SECTION.source, as_version=4)
    learners = answers.put(answers.take(source, source), edition)
    report = verdict(Target(SECTION.notebook, learners, SECTION.name, edition))
    assert [(one.id, one.words) for one in report.exercises if one.state is not State.PASSED] == []
    assert report.differences == []
    assert report.hidden > 0
