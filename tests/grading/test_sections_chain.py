"""nbgrader's chain on the course's own sections: each joins by existing, and is drawn (tests/drawn.py)."""

import functools
import html
import json
import shutil
from collections.abc import Iterator

import nbformat
import pytest

from revise import answers
from revise.answers import Answers
from revise.authoring import attempts
from revise.grading.feedback.echoes import bare, hidden_lines
from tests import drawn

from .chain import Chain
from .tiny import REPOSITORY, write

pytestmark = pytest.mark.slow


def each(sections):
    """Return a parameter for each section; the tests of one run in one worker, which grades it once."""
    group = pytest.mark.xdist_group
    return [pytest.param(one, id=one.name, marks=group(f"chain-{one.id}")) for one in sections]


def texts(node) -> Iterator[str]:
    """Yield every text of a notebook's JSON; a list of lines is one, without JSON's own commas."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list) and all(isinstance(value, str) for value in node):
        yield "".join(node)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


@pytest.fixture(params=each(drawn.walled()))
def section(request):
    return request.param


@pytest.fixture
def source(section):
    return nbformat.read(section.source, as_version=4)


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """Return what grades a section once. All share a course: to make a gradebook takes seconds."""
    folder = tmp_path_factory.mktemp("sections")
    (folder / "course").mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder / "course")

    @functools.cache
    def grade(section):
        shutil.copytree(section.source.parent, folder / "course" / "source" / section.name)
        chain = Chain(folder / "course", folder / "homes", section.name)
        chain.nbgrader("generate_assignment", section.name)
        for who, given in handed_in(section).items():
            path = chain.lay(who)
            write(answers.put(given, nbformat.read(path, as_version=4)), path)
        chain.log = chain.nbgrader("autograde", section.name)
        chain.nbgrader("generate_feedback", section.name)
        return chain

    return grade


def handed_in(section) -> dict[str, Answers]:
    """Return the reference, and for some sections a common mistake in every exercise."""
    source = nbformat.read(section.source, as_version=4)
    right = {"right": answers.take(source, source)}
    if section not in drawn.mistaken():
        return right
    return right | {"wrong": attempts.first_mistakes(drawn.parse(section.text))}


@pytest.fixture
def chain(graded, section) -> Chain:
    """The section's submissions, graded by nbgrader's own commands."""
    return graded(section)


only_mistaken = pytest.mark.parametrize("section", each(drawn.mistaken()), indirect=True)


def test_the_reference_earns_every_point(chain, source):
    """Do nbgrader's own commands give full marks for the reference?"""
    marks = {
        cell.id: cell.metadata.nbgrader.points
        for cell in source.cells
        if "points" in cell.metadata.get("nbgrader", {})
    }
    assert chain.scores("right") == marks


@only_mistaken
def test_a_mistake_costs_points_in_every_exercise(chain, source):
    """Does each exercise see its mistake?"""
    scores = chain.scores("wrong")
    lost = {
        answers.exercise(cell)
        for cell in source.cells
        if cell.id in scores and scores[cell.id] < cell.metadata.nbgrader.points
    }
    assert lost == {answers.exercise(cell) for cell in source.cells if answers.role(cell) == "task"}


def test_no_page_shows_a_hidden_check(chain, source):
    """Is no line of a hidden check in the feedback, quoted or not?"""
    page = bare(html.unescape(chain.page("right")))
    assert not [line for line in hidden_lines(source) if line in page]


@only_mistaken
def test_no_page_shows_a_hidden_check_that_failed(chain, source):
    """Is none there either when most of them fail?"""
    page = bare(html.unescape(chain.page("wrong")))
    hidden = hidden_lines(source)
    assert hidden
    assert not [line for line in hidden if line in page]


def test_the_release_shows_no_hidden_check(chain, source):
    """Is no line of a hidden check in what learners fetch?"""
    released = chain.course / "release" / chain.section / f"{chain.section}.ipynb"
    text = bare("\n".join(texts(json.loads(released.read_text()))))
    assert not [line for line in hidden_lines(source) if line in text]


def test_grading_is_quiet(chain):
    """Is there no warning of changed cells and no traceback in nbgrader's log?"""
    assert "has changed" not in chain.log
    assert "Traceback" not in chain.log


def test_nothing_is_left_beside_the_graded_notebook(chain):
    """Are the projects gone that grading laid?"""
    for step in ("autograded", "feedback"):
        assert (chain.course / step / "right" / chain.section).is_dir()
        assert not (chain.course / step / "right" / chain.section / "sandbox").exists()
