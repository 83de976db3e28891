"""nbgrader's formgrader: a class is released, collected, graded, commented and sent home by clicking."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from tests.browser import labs
from tests.browser.conftest import SCREENSHOTS
from tests.browser.formgrader_page import FormgraderPage
from tests.grading.conftest import built_tiny  # noqa: F401  (a fixture)
from tests.grading.tiny import TINY, edit

pytestmark = pytest.mark.slow

# Runs wherever a browser takes it for HTML.
EVIL = "<script>window.owned = 1</script><img src='data:,' onerror='window.owned = 1'>"
RIGHT = {
    "tiny-double--answer": "def double(number):\n    return number + number",
    "tiny-greet--answer": "%%writefile greeting.html\n<h1>Hello, you</h1>",
}
WRONG = {
    "tiny-double--answer": f'def double(number):\n    """{EVIL}"""\n    return number + 2',
    "tiny-greet--answer": f"%%writefile greeting.html\n<p>Good day {EVIL}</p>",
}
SHOWS = f"""from IPython.display import HTML, Markdown, display
display(HTML({EVIL!r}), Markdown({EVIL!r}))
print({EVIL!r})
raise ValueError({EVIL!r})"""
COMMENT = "Nearly. What is double(5)? <b>Try</b> it."


def wrong(path: Path) -> None:
    """Wrong answers full of HTML, and a cell that displays, prints and raises it."""
    edit(path, WRONG)
    notebook = nbformat.read(path, as_version=4)
    place = [cell.id for cell in notebook.cells].index("tiny-double--answer") + 1
    notebook.cells.insert(place, new_code_cell(SHOWS))
    nbformat.write(notebook, path)


LEARNERS = {
    "ada": lambda path: edit(path, RIGHT),
    "bob": wrong,
    # Blank, with a check that passes anything.
    "cy": lambda path: edit(path, {"tiny-double--of-two": "assert True"}),
}
MARKS = {"ada": "8 / 8", "bob": "2 / 8", "cy": "0 / 8"}


@pytest.fixture(scope="module")
def course(built_tiny, tmp_path_factory):  # noqa: F811
    return Path(shutil.copytree(built_tiny, tmp_path_factory.mktemp("teacher") / "course"))


@pytest.fixture(scope="module")
def formgrader(browser, course):
    """A teacher's window on the course, of an ordinary width; nothing in it may complain."""
    lab = labs.start(course, course.with_name("home"), "--teacher")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(labs.PATIENCE * 1000)
    formgrader = FormgraderPage(context.new_page(), lab, SCREENSHOTS / "formgrader")
    yield formgrader
    context.close()
    lab.stop()
    assert formgrader.complaints == []


def hand_in(course: Path) -> None:
    """Submit as ada by nbgrader's command; the others' submissions lie beside it as that would lay them."""
    home = course.with_name("ada")
    shutil.copytree(course / "release" / TINY, home / TINY)
    LEARNERS["ada"](home / TINY / f"{TINY}.ipynb")
    command = [sys.executable, "-m", "nbgrader", "submit", TINY, "--student=ada"]
    data = {"HOME": str(home), "JUPYTER_DATA_DIR": str(home / ".data")}
    done = subprocess.run(
        [*command, f"--course-dir={course}"],
        cwd=home, env=os.environ | data, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (adas,) = (course / "exchange").glob("*/inbound/ada+*")
    for who in LEARNERS.keys() - {"ada"}:
        theirs = Path(shutil.copytree(adas, adas.with_name(adas.name.replace("ada", who, 1))))
        shutil.copy(course / "release" / TINY / f"{TINY}.ipynb", theirs)
        # nbgrader finds a learner's feedback by it.
        (theirs / "submission_secret.txt").unlink()
        (theirs / "submission_secret.txt").write_text(f"the secret of {who}")
        LEARNERS[who](theirs / f"{TINY}.ipynb")


@pytest.fixture(scope="module")
def graded(formgrader, course):
    """The course after its class was released, collected and graded by the buttons."""
    formgrader.open("manage_assignments")
    formgrader.picture("1-assignments")
    formgrader.press(TINY, "assign")
    formgrader.press(TINY, "release")
    expect(formgrader.row(TINY).locator(".status")).to_have_text("released")
    hand_in(course)
    formgrader.press(TINY, "collect")
    expect(formgrader.row(TINY).locator(".num-submissions")).to_have_text("3")
    formgrader.picture("2-collected")
    shutil.copytree(course, course.with_name("by command"))
    formgrader.row(TINY).locator(".num-submissions a").click()
    expect(formgrader.row("ada").locator(".status")).to_have_text("needs autograding")
    for who in LEARNERS:
        formgrader.press(who, "autograde")
    return course


def marks(course: Path) -> dict[str, dict[str, float]]:
    """Return each learner's marks by check."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            who: {grade.name: grade.score for grade in submission.grades}
            for who in LEARNERS
            for submission in [gradebook.find_submission_notebook(TINY, TINY, who)]
        }


def submission(formgrader, who: str) -> str:
    """Open the page of a learner's submission from the list of all; return its path."""
    formgrader.open(f"gradebook/{TINY}/{TINY}")
    formgrader.page.get_by_role("button", name="Show All Names").click()
    formgrader.picture("4-submissions-of-the-notebook")
    formgrader.page.locator("#main-table").get_by_text(who, exact=True).click()
    expect(formgrader.page.locator("#tiny-double--of-two")).to_have_attribute("placeholder", "2")
    return formgrader.page.url


def test_the_buttons_grade_a_class_as_revise_grade_does(graded, formgrader):
    """Is a mark the same, cell by cell, whichever way it came about?"""
    formgrader.open(f"manage_submissions/{TINY}")
    formgrader.picture("3-graded")
    for who, mark in MARKS.items():
        expect(formgrader.row(who).locator(".status")).to_have_text("graded")
        expect(formgrader.row(who).locator(".score")).to_have_text(mark)
    command = [sys.executable, "-m", "revise.cli", "grade", TINY, "--json", "--no-feedback"]
    other = graded.with_name("by command")
    done = subprocess.run(command, cwd=other, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)
    assert marks(other) == marks(graded)


def test_a_submission_shows_what_the_checks_said_and_runs_nothing_of_it(graded, formgrader):
    """Does a learner's HTML stay words, in answers, outputs, errors and what checks repeat?"""
    submission(formgrader, "bob")
    page = formgrader.page
    formgrader.picture("5-submission")
    notebook = page.locator("#notebook").first
    expect(notebook).to_contain_text("double(21000) returned 21002: the secret message")
    expect(notebook).to_contain_text("expected an <h1>. Look at the tags.")
    expect(notebook).to_contain_text(f"raise ValueError({EVIL!r})")
    expect(notebook).to_contain_text("<IPython.core.display.HTML object>")
    assert page.evaluate("window.owned === undefined")
    assert page.locator("img").count() == 0


def test_a_mark_and_a_comment_by_hand_stay_and_are_sent_home(graded, formgrader):
    """Are they there after the page is opened again, and on the page that the learner gets?"""
    page = formgrader.page
    submission(formgrader, "bob")
    with page.expect_response("**/api/grade/*"):
        page.locator("#tiny-double--of-others").fill("0.5")
        page.keyboard.press("Tab")
    with page.expect_response("**/api/comment/*"):
        page.locator("#tiny-double--answer-comment").fill(COMMENT)
        page.locator("#tiny-greet--has-a-heading").focus()
    page.reload()
    expect(page.locator("#tiny-double--of-others")).to_have_value("0.5")
    expect(page.locator("#tiny-double--answer-comment")).to_have_value(COMMENT)
    formgrader.picture("6-marked-by-hand")

    formgrader.open("manage_assignments")
    formgrader.press(TINY, "generate-feedback")
    formgrader.press(TINY, "release-feedback")
    released = [path.read_text() for path in (graded / "exchange").rglob("feedback/*.html")]
    assert len(released) == len(LEARNERS)
    (sent,) = (page for page in released if "Nearly. What is double(5)?" in page)
    assert "&lt;b&gt;Try&lt;/b&gt;" in sent
    assert "2.5 / 8 points" in sent


def test_the_keys_of_a_submission_work_without_a_network(graded, formgrader):
    """Does Control and a full stop lead to the next submission, and at the end to their list?"""
    page = formgrader.page
    submission(formgrader, "ada")
    for _ in LEARNERS:
        before = page.url.partition("?")[0]
        page.keyboard.press("Control+.")
        page.wait_for_url(lambda url, before=before: not url.startswith(before))
        if page.url.endswith(f"gradebook/{TINY}/{TINY}"):
            return
    raise AssertionError(f"{page.url} is no end of the list")


def test_a_learner_is_found_among_the_students(graded, formgrader):
    """Do the pages of students lead from the class to one submission?"""
    formgrader.open("manage_students")
    expect(formgrader.row("cy").locator(".score")).to_have_text("0 / 8")
    formgrader.picture("7-students")
    formgrader.row("cy").locator(".name a").click()
    expect(formgrader.row(TINY).locator(".score")).to_have_text("0 / 8")
    formgrader.picture("8-student")
    formgrader.row(TINY).locator(".name a").click()
    expect(formgrader.row(TINY)).to_be_visible()
    formgrader.picture("9-a-students-notebooks")


def test_it_opens_from_jupyterlabs_menu(graded, formgrader, page):
    """Does a teacher find it where the guide says?"""
    page.goto(formgrader.lab.link("lab") + "&reset")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("#main-table .name").first).to_have_text(TINY)
