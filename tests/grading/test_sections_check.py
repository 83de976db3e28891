"""`revise check` on the course's own sections: each joins by existing."""

import nbformat
import pytest

from revise import answers
from revise.course import Course
from revise.grading.find import Target, find, read
from revise.grading.run import State
from revise.grading.verdict import verdict

from .tiny import REPOSITORY

pytestmark = pytest.mark.slow

BUILT = [section for section in Course(REPOSITORY).sections if section.notebook.is_file()]


@pytest.fixture(params=BUILT, ids=lambda section: section.name)
def section(request):
    return request.param


def test_the_untouched_notebook_fails_politely(section):
    """Is every exercise named as not attempted, and does every demo show what it should?"""
    before = section.notebook.read_bytes()
    report = verdict(find(str(section.notebook)))
    tasks = [cell for cell in read(section.notebook).cells if answers.role(cell) == "task"]
    assert [one.id for one in report.exercises] == [answers.exercise(cell) for cell in tasks]
    assert {one.state for one in report.exercises} == {State.BLANK}
    assert report.points == 0
    assert report.differences == []
    assert not report.passed
    assert section.notebook.read_bytes() == before


def test_the_reference_passes(section):
    """Do the reference's answers pass the visible checks and change no demo?"""
    edition = read(section.notebook)
    source = nbformat.read(section.source, as_version=4)
    learners = answers.put(answers.take(source, source), edition)
    report = verdict(Target(section.notebook, learners, section, edition))
    assert [(one.id, one.words) for one in report.exercises if one.state is not State.PASSED] == []
    assert report.differences == []
    assert report.hidden > 0
