"""One class in which everything broken was handed in, graded by nbgrader's own command."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from ..chain import Chain
from ..hostile.malformed import BLANK, MALFORMED
from ..tiny import TINY, edit
from .conftest import RIGHT

# One worker for all of them: they share one course.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("intake-class")]

# One breaks lines, the other would be run by the formgrader's pages.
NO_IDS = {"no\nid", "<img src=x onerror=alert(1)>"}
EVERY = 10  # an honest submission after so many broken ones
SHOWS = """
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display
display(HTML("<script>alert('html')</script>"), Javascript("alert('js')"))
display(Markdown("<script>alert('md')</script>"), Latex("<script>alert('latex')</script>"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>alert('svg')</script></svg>"))
display({"text/html": "<img src=x onerror=alert(1)>", "text/plain": "<b>bold</b>"}, raw=True)
print("\\x1b[31m<script>alert('print')</script>\\x1b[0m")
raise ValueError("\\x1b[1m<script>alert('error')</script> \\"quoted\\"")
"""


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory) -> Chain:
    """The class, graded and given feedback once; ``log`` is what autograding said."""
    folder = tmp_path_factory.mktemp("class")
    chain = Chain(Path(shutil.copytree(released, folder / "course")), folder / "homes", TINY)
    for number, malformed in enumerate(MALFORMED):
        path = chain.lay(f"{number:03}-{malformed.name}")
        edit(path, RIGHT)
        malformed.write(path)
        if number % EVERY == 0:
            edit(chain.lay(f"{number:03}-z-honest"), RIGHT)
    show(chain.lay("shows"))
    (chain.course / "submitted" / "a-file").mkdir()
    (chain.course / "submitted" / "a-file" / TINY).write_text("not a folder")
    (chain.course / "submitted" / "empty" / TINY).mkdir(parents=True)
    for name in NO_IDS:
        os.makedirs(chain.course / "submitted" / name / TINY)
    chain.log = chain.nbgrader("autograde", TINY)
    chain.nbgrader("generate_feedback", TINY)
    return chain


def show(path: Path) -> None:
    edit(path, RIGHT)
    notebook = nbformat.read(path, as_version=4)
    place = [cell.id for cell in notebook.cells].index("tiny-double--answer") + 1
    notebook.cells.insert(place, nbformat.v4.new_code_cell(SHOWS))
    nbformat.write(notebook, path)


def student(malformed) -> str:
    return f"{MALFORMED.index(malformed):03}-{malformed.name}"


def graded_notebook(chain: Chain, who: str) -> Path:
    return chain.course / "autograded" / who / TINY / f"{TINY}.ipynb"


@pytest.mark.parametrize("malformed", MALFORMED, ids=str)
def test_it_is_marked(graded, malformed):
    """Is there a mark, with the stated reason in the graded notebook and on the learner's page?"""
    who = student(malformed)
    scores = graded.scores(who).values()
    assert sum(scores) == (0 if malformed.earns == BLANK else 8)
    about = nbformat.read(graded_notebook(graded, who), as_version=4).metadata.revise
    assert malformed.says in " ".join([about.get("reason", ""), *about.get("notes", [])])
    assert malformed.flagged in " ".join(flag["reason"] for flag in about.get("flags", []))
    assert bool(about.get("flags")) == bool(malformed.flagged)
    page = graded.page(who)
    assert malformed.says.replace("'", "&#39;").replace('"', "&#34;") in page
    assert "was changed from" not in page


def test_the_honest_ones_between_have_full_marks(graded):
    """Does a broken submission cost the next one nothing, and are honest ones without a word?"""
    honest = sorted(path.name for path in (graded.course / "submitted").glob("*-z-honest"))
    assert len(honest) == 1 + (len(MALFORMED) - 1) // EVERY
    for who in honest:
        assert sum(graded.scores(who).values()) == 8
        about = nbformat.read(graded_notebook(graded, who), as_version=4).metadata.revise
        assert not [about[key] for key in ("reason", "notes", "flags") if about.get(key)]


@pytest.mark.parametrize(
    ("who", "words"),
    [("a-file", "There is no file 01_tiny.ipynb"), ("empty", "There is no file 01_tiny.ipynb")],
)
def test_what_is_no_folder_is_marked(graded, who, words):
    """Does a folder without anything in it, or a file in its place, get a 0 with a reason?"""
    assert sum(graded.scores(who).values()) == 0
    assert words in graded.page(who)


def test_every_submission_is_in_the_gradebook(graded):
    """Is nobody left without marks, or waiting for a teacher?"""
    with Gradebook(f"sqlite:///{graded.course / 'gradebook.db'}") as gradebook:
        submissions = gradebook.assignment_submissions(TINY)
        assert not [one.student.id for one in submissions if one.needs_manual_grade]
        known = {one.student.id for one in submissions}
    handed_in = {path.name for path in (graded.course / "submitted").iterdir() if path.is_dir()}
    assert handed_in - known == NO_IDS
    assert "Not a student's id" in graded.log
    assert "could not be graded" not in graded.log
    assert "Traceback" not in graded.log


def test_nothing_but_notebooks_travels(graded):
    """Does no other file of a submission, and nothing behind a link, reach the graded ones?"""
    allowed = {f"{TINY}.ipynb", f"{TINY}.html", "timestamp.txt", "submission_secret.txt"}
    for step in ("autograded", "feedback"):
        for path in (graded.course / step).glob(f"*/{TINY}/**/*"):
            assert path.name in allowed
            assert path.is_file()
            assert not path.is_symlink()
            assert b"root:" not in path.read_bytes()


def test_what_a_learner_displays_does_nothing(graded):
    """Are scripts in outputs text on the learner's page, and gone from what the teacher opens?"""
    page = graded.page("shows")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "&lt;script&gt;alert(&#39;print&#39;)" in page
    assert "&lt;script&gt;alert(&#39;error&#39;)" in page
    assert "\x1b" not in page
    notebook = nbformat.read(graded_notebook(graded, "shows"), as_version=4)
    kinds = {
        kind
        for cell in notebook.cells
        for one in cell.get("outputs", [])
        for kind in one.get("data", ())
    }
    assert kinds == {"text/plain"}
    assert sum(graded.scores("shows").values()) == 8
