"""nbgrader's chain, from release to feedback, with nbgrader's own commands."""

import csv
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from revise import answers
from revise.grading.reporting.autograded import look
from revise.grading.reporting.figures import Report
from revise.grading.reporting.marks import class_marks
from revise.grading.reporting.place import opened

from .chain import Chain
from .tiny import TINY, edit, write

# One worker for all of them: they share one course.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chain")]

STUB = 'raise NotImplementedError("YOUR CODE HERE")'
HIDDEN_WORDS = ("21000", "42000", "secret", "words_of_the_page", "BEGIN HIDDEN")
EVIL = "<script>alert(1)</script>"

RIGHT = {
    "tiny-double--answer": "def double(number):\n    return number + number",
    "tiny-greet--answer": "%%writefile greeting.html\n<h1>Hello, you</h1>",
}
# Right for the number that learners see, wrong for others; prints what it is called with.
MISTAKES = {
    "tiny-double--answer": f"def double(number):\n    '''{EVIL}'''\n    print('called with', number)\n    return number + 2",
    "tiny-greet--answer": "%%writefile greeting.html\n<p>Good day</p>",
}


def tampered(path: Path) -> None:
    """Right answers in a notebook with a check deleted, one doctored, one tagged, one doubled."""
    edit(path, RIGHT | {"tiny-double--of-two": "assert True"})
    notebook = nbformat.read(path, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["tiny-double--answer"].source = "def double(number):\n    return 0"
    cells["tiny-double--of-two"].metadata.tags = ["skip-execution"]
    cells["tiny-double--of-others"].metadata.revise.hidden = False
    doubled = nbformat.from_dict(cells["tiny-double--of-others"])
    doubled.id = "copy"
    removed = {"tiny-greet--setup", "tiny-greet--has-a-heading"}
    notebook.cells = [doubled, *(cell for cell in notebook.cells if cell.id not in removed)]
    write(notebook, path)


def nosy(path: Path) -> None:
    """A right answer, and cells of one's own that print the history after the hidden checks."""
    edit(path, {"tiny-double--answer": RIGHT["tiny-double--answer"]})
    notebook = nbformat.read(path, as_version=4)
    place = [cell.id for cell in notebook.cells].index("tiny-double--of-others") + 1
    notebook.cells[place:place] = [
        new_code_cell("print(In)"),
        new_code_cell("helper = 'mine'\nprint(_ih[-2])"),
    ]
    write(notebook, path)


LEARNERS = {
    "ada": lambda path: edit(path, RIGHT),
    "bob": lambda path: edit(path, MISTAKES),
    "cy": tampered,
    "dan": nosy,
    "eve": lambda path: None,
}


@pytest.fixture(scope="module")
def chain(built_tiny, tmp_path_factory) -> Chain:
    """Everything a teacher and five learners do, once."""
    folder = tmp_path_factory.mktemp("chain")
    chain = Chain(Path(shutil.copytree(built_tiny, folder / "course")), folder / "homes", TINY)
    chain.nbgrader("generate_assignment", TINY)
    chain.nbgrader("release_assignment", TINY)
    for who, answer in LEARNERS.items():
        if who in ("ada", "bob"):
            answer(chain.fetch(who))
            chain.submit_with_a_file_in_the_way(who)
        else:
            answer(chain.lay(who))
    chain.nbgrader("collect", TINY)
    chain.log = chain.nbgrader("autograde", TINY)
    chain.nbgrader("generate_feedback", TINY)
    chain.nbgrader("release_feedback", TINY)
    chain.nbgrader("export")
    return chain


def test_the_release_holds_stubs_and_no_solution(chain):
    """Does a learner get stubs that fit the file, demo outputs, and nothing hidden?"""
    path = chain.course / "release" / TINY / f"{TINY}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["tiny-double--answer"].source == f"def double(number):\n    {STUB}"
    assert cells["tiny-greet--answer"].source == "%%writefile greeting.html\nYOUR CODE HERE"
    assert (
        cells["tiny-double--of-others"].source
        == "# A hidden check: it tries your answer with other inputs."
    )
    assert cells["start-3"].outputs[0].text == "2 + 2 = 4\nhttp://127.0.0.1:8000/\n"
    assert not [word for word in (*HIDDEN_WORDS, "reference") if word in path.read_text()]


@pytest.mark.parametrize(
    ("who", "marks"),
    [
        ("ada", (2, 1, 2, 3)),
        ("bob", (2, 0, 0, 0)),
        ("cy", (0, 0, 2, 3)),
        ("dan", (2, 1, 0, 0)),
        ("eve", (0, 0, 0, 0)),
    ],
)
def test_marks(chain, who, marks):
    """Is each cell marked as it should, also where cells were deleted, doctored, tagged or doubled?"""
    ids = (
        "tiny-double--of-two",
        "tiny-double--of-others",
        "tiny-greet--has-a-heading",
        "tiny-greet--greets",
    )
    assert chain.scores(who) == dict(zip(ids, marks, strict=True))


def test_a_tampered_submission_is_the_courses_notebook_again(chain):
    """Is nothing of a submission graded but its answers?"""
    path = chain.course / "autograded" / "cy" / TINY / f"{TINY}.ipynb"
    release = chain.course / "release" / TINY / f"{TINY}.ipynb"
    graded, released = (nbformat.read(one, as_version=4) for one in (path, release))
    assert [cell.id for cell in released.cells] == [
        cell.id for cell in graded.cells if not cell.id.startswith("own-")
    ]
    assert not [cell for cell in graded.cells if "skip-execution" in cell.metadata.get("tags", [])]


def test_nothing_but_the_notebook_travels(chain):
    """Can a file beside a submission stand in the way of a library?"""
    folders = [
        chain.course / step / "ada" / TINY for step in ("submitted", "autograded", "feedback")
    ]
    assert not [path for folder in folders for path in folder.rglob("*.py")]


def test_autograding_warns_of_nothing_in_an_honest_submission(chain):
    """Is the log quiet where nothing is wrong, so that what is wrong stands out?"""
    assert "has changed" not in chain.log
    assert "Traceback" not in chain.log


def test_what_a_learners_program_wrote_goes_nowhere(chain):
    """Is an HTML file that an answer wrote not released as a page of feedback?"""
    names = {
        path.name
        for step in ("autograded", "feedback")
        for path in (chain.course / step / "ada" / TINY).iterdir()
    }
    assert names == {f"{TINY}.ipynb", f"{TINY}.html", "timestamp.txt", "submission_secret.txt"}


@pytest.mark.parametrize("who", LEARNERS)
def test_feedback_shows_nothing_hidden(chain, who):
    """Is no hidden check's code, message, value or output on any page, or in the exchange?"""
    page = chain.page(who)
    assert not [word for word in HIDDEN_WORDS if word in page]
    released = [path.read_text() for path in (chain.course / "exchange").rglob("feedback/*.html")]
    assert page in released
    assert len(released) == len(LEARNERS)


def test_feedback_says_that_a_hidden_check_failed(chain):
    """Is a learner told that points were lost, and how many, and no more?"""
    page = chain.page("bob")
    assert "A hidden check failed. It tries your answer with other inputs. 0 / 1" in page
    assert "A hidden check passed. 1 / 1" in chain.page("ada")


def test_feedback_sums_up_points_and_what_to_revise(chain):
    """Are points per exercise and concept at the top, the weakest concept first?"""
    top = chain.page("bob").partition("<h2>Exercises</h2>")[0]
    assert "2 / 8 points" in top
    assert '<a href="#tiny-double">Double a number</a></td><td>2 / 3</td>' in top
    assert "<code>tiny.html.headings</code></td><td>0 / 5</td>" in top
    assert "<code>tiny.functions.defining</code></td><td>2 / 8</td>" in top
    revise = top.partition("<h2>Revise next</h2>")[2].partition("<h2>")[0]
    assert revise.index("tiny.html.headings") < revise.index("tiny.functions.defining")
    assert "Nothing: every check passed." in chain.page("ada")


def test_feedback_shows_the_answer_and_what_came_back(chain):
    """Does a learner see what was asked, what ran and what came back?"""
    page = chain.page("bob")
    assert "return number + 2" in page
    assert (
        "greeting.html holds &#39;&lt;p&gt;Good day&lt;/p&gt;\\n&#39;, expected an &lt;h1&gt;. Look at the tags."
        in page
    )
    assert "Write <code>double(number)</code>." in page
    assert "Not attempted." in chain.page("eve")


def test_feedback_runs_nothing_that_a_learner_wrote(chain):
    """Is everything of a learner's escaped, and is the page whole without a network?"""
    page = chain.page("bob")
    assert EVIL not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "http:" not in page.replace("http://127.0.0.1", "")
    assert "https:" not in page
    assert 'name="viewport"' in page


def test_feedback_shows_cells_of_ones_own(chain):
    """Does a cell that prints the history show its code, and find no hidden check in the history?"""
    page = chain.page("dan")
    assert "print(In)" in page
    assert "helper = &#39;mine&#39;" in page
    assert not [word for word in HIDDEN_WORDS if word in page]
    # The checks never were in that process, so there was no echo to be taken out.
    assert "it repeats a part of a hidden check" not in page


def test_a_learner_fetches_the_feedback(chain):
    """Does the page come back to the learner who submitted, by nbgrader's own way?"""
    chain.nbgrader(
        "fetch_feedback",
        TINY,
        "--student=ada",
        f"--course-dir={chain.course}",
        cwd=chain.homes / "ada",
        who="ada",
    )
    (page,) = (chain.homes / "ada" / TINY / "feedback").rglob("*.html")
    assert page.read_text() == chain.page("ada")


def test_export(chain):
    """Can a teacher take the marks away as CSV?"""
    with (chain.course / "grades.csv").open() as file:
        rows = {
            row["student_id"]: (float(row["score"]), float(row["max_score"]))
            for row in csv.DictReader(file)
        }
    assert rows == {"ada": (8, 8), "bob": (2, 8), "cy": (5, 8), "dan": (3, 8), "eve": (0, 8)}


def test_the_report_of_a_class_that_nbgrader_graded(chain):
    """Does it have the exported marks, every check's words, what was not attempted, and the flags?"""
    with opened(chain.course) as place:
        marks = class_marks(place, "1")
        report = Report(marks, look(place, marks.assignments))
    assert {row.learner.id: row.mark for row in report.rows} == {
        "ada": 8, "bob": 2, "cy": 5, "dan": 3, "eve": 0,
    }  # fmt: skip
    items = {item.exercise.id: item for item in report.items}
    assert {id: item.blank for id, item in items.items()} == {"tiny-double": 1, "tiny-greet": 1}
    said = {words.text: words.hidden for words in items["tiny-double"].words}
    assert said["double(21000) returned 21002: the secret message"] is True
    assert {one.learner for one in report.remarks if one.kind == "flag"} == {"cy"}


def test_validate(chain):
    """Does Validate, which learners press, say what the visible checks say?"""
    notebook = f"{TINY}/{TINY}.ipynb"
    assert "Success!" in chain.nbgrader("validate", notebook, cwd=chain.homes / "ada")
    failed = chain.nbgrader("validate", notebook, cwd=chain.course / "release")
    assert "VALIDATION FAILED ON 2 CELL(S)" in failed


def test_without_the_release_nothing_is_graded_and_nothing_is_lost(chain):
    """With release/ gone, is the teacher told, are the marks kept, and is the hidden still hidden?"""
    before = chain.scores("bob")
    released = chain.course / "release"
    aside = released.rename(chain.course / "aside")
    try:
        said = chain.nbgrader("autograde", TINY, "--student=bob", "--force", ok=False)
        chain.nbgrader("generate_feedback", TINY, "--student=bob", "--force")
        page = chain.page("bob")
    finally:
        aside.rename(released)
    assert "nothing was graded and nothing was changed" in said
    assert chain.scores("bob") == before
    assert not [word for word in HIDDEN_WORDS if word in page]


def test_released_answers_are_known_as_blank(chain):
    """Do the published edition and the release agree on every starter?"""
    release = nbformat.read(chain.course / "release" / TINY / f"{TINY}.ipynb", as_version=4)
    published = nbformat.read(chain.course / "notebooks" / f"{TINY}.ipynb", as_version=4)
    assert answers.take(release, published) == answers.take(published, published)
