"""A learner's first hour: open section 2, look, run, answer, see the check pass."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from revise.answers import exercise, role
from tests.browser.conftest import COURSE
from tests.browser.notebook_page import NotebookPage

SECTION = COURSE.section("02")
POPUPS = ".jp-Dialog, .Toastify__toast"


@pytest.fixture(scope="module")
def published():
    return nbformat.read(SECTION.notebook, as_version=4)


def first_exercise(notebook):
    """Return the cells of the first exercise that asks for one cell and shows a check."""
    for task in (cell for cell in notebook.cells if role(cell) == "task"):
        cells = [cell for cell in notebook.cells if exercise(cell) == exercise(task)]
        answers = [cell for cell in cells if role(cell) == "answer"]
        checks = [
            cell
            for cell in cells
            if role(cell) == "check" and not cell.metadata.revise.get("hidden")
        ]
        if len(answers) == 1 and checks:
            return answers[0], checks
    raise AssertionError("no exercise of section 2 has one answer cell and a visible check")


def solution(cell_id):
    """Return the teacher's own text of an answer cell."""
    source = nbformat.read(SECTION.source, as_version=4)
    (cell,) = (cell for cell in source.cells if cell.id == cell_id)
    return re.sub(r"^.*(BEGIN|END) SOLUTION.*\n?", "", cell.source, flags=re.M)


def with_output(notebook, mime):
    """Return the demo cells that have a stored output of a kind, but for frames: they need a server."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and role(cell) is None
        and ".frame(" not in cell.source
        and any(mime in output.get("data", {}) for output in cell.outputs)
    ]


def open_notebook(page, lab, published, folder="work"):
    """Open section 2 by its address, in a window that remembers nothing."""
    page.goto(lab.link(f"lab/tree/{folder}/{SECTION.notebook.name}") + "&reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    return NotebookPage(page, published)


def test_a_newcomer_finds_the_notebooks_and_meets_no_pop_up(page, lab):
    page.goto(lab.link())
    for notebook in sorted((lab.course / "notebooks").glob("*.ipynb")):
        item = page.locator(f'.jp-DirListing-item[title*="Name: {notebook.name}"]')
        expect(item).to_be_visible()
    # What pops up does so a moment later.
    page.wait_for_timeout(3000)
    expect(page.locator(POPUPS)).to_have_count(0)
    expect(page.get_by_role("menuitem", name="Nbgrader")).to_have_count(0)
    expect(page).to_have_title("JupyterLab")


def test_stored_outputs_show_before_anything_is_run(page, lab, published):
    page.goto(lab.link("lab/tree/work") + "&reset")
    page.locator(f'.jp-DirListing-item[title*="Name: {SECTION.notebook.name}"]').dblclick()
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    notebook = NotebookPage(page, published)
    rich = with_output(published, "text/html")
    assert rich
    for cell in rich[:2]:
        # JupyterLab shows text/html only of a notebook that it trusts, and text/plain of another.
        html = notebook.cell(cell.id).locator('.jp-OutputArea-output[data-mime-type="text/html"]')
        expect(html.first).to_be_visible()
    printed = [
        cell for cell in published.cells if cell.get("outputs") and cell.outputs[0].get("text")
    ]
    cell = next(cell for cell in printed if role(cell) is None)
    expect(notebook.outputs(cell.id).first).to_contain_text(cell.outputs[0].text.split()[0])
    expect(page).to_have_title(re.compile("^02_django.*JupyterLab$"))
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    expect(page.locator(POPUPS)).to_have_count(0)


def test_a_notebook_opened_straight_from_the_published_ones_works(page, lab, published):
    open_notebook(page, lab, published, folder="notebooks")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    expect(page.locator(".jp-Notebook .jp-OutputArea-output").first).to_be_attached()
    expect(page.locator(POPUPS)).to_have_count(0)


@pytest.mark.slow
def test_a_learner_runs_all_sees_a_live_page_answers_and_passes(page, lab, published):
    notebook = open_notebook(page, lab, published)
    notebook.run_all()
    runs_to_the_end(notebook.saved(lab.course / "work" / SECTION.notebook.name))
    demo = next(cell for cell in published.cells if ".frame(" in cell.source)
    sees_a_live_page(notebook, demo)

    answer, checks = first_exercise(published)
    for check in checks:
        expect(notebook.errors(check.id)).not_to_have_count(0)
    notebook.write(answer.id, solution(answer.id))
    notebook.run(answer.id)
    for check in checks:
        notebook.run(check.id)
        expect(notebook.errors(check.id)).to_have_count(0)
    expect(page.locator(POPUPS)).to_have_count(0)


def runs_to_the_end(notebook):
    """Every cell ran, and only those that may fail before they are answered did."""
    failed = {
        cell.id: error.evalue
        for cell in notebook.cells
        if cell.cell_type == "code" and "raises-exception" not in cell.metadata.get("tags", [])
        for error in cell.outputs
        if error.output_type == "error"
    }
    assert failed == {}
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source]
    assert [cell.id for cell in code if cell.execution_count is None] == []


def sees_a_live_page(notebook, demo):
    """The frame shows a page that the running project sent, not the browser's error page."""
    frame = notebook.outputs(demo.id).locator("iframe").first
    expect(frame).to_be_visible()
    frame.scroll_into_view_if_needed()
    content = frame.element_handle().content_frame()
    content.wait_for_load_state()
    assert content.url.startswith("http://"), f"the frame is at {content.url}"
    expect(frame.content_frame.locator("body")).to_contain_text(re.compile(r"\w"))
