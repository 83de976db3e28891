"""Instant marks in JupyterLab: an answer is typed, its check is run, and the tick stands under it.

After `test_section_two`, whose newcomer must find a JupyterLab in which nothing was open.
"""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import expect

from revise.answers import exercise, role
from tests.browser.conftest import COURSE, SCREENSHOTS
from tests.browser.notebook_page import NotebookPage

SECTION = COURSE.section("01")
COPY = "marks.ipynb"


@pytest.fixture(scope="module")
def published():
    """Section 1 as it is published, and a cell of the learner's own at its end."""
    notebook = nbformat.read(SECTION.notebook, as_version=4)
    notebook.cells.append(new_code_cell("%revise", id="mine"))
    return notebook


@pytest.fixture
def notebook(page, lab, published):
    """A learner's copy of section 1 under a name of its own, with its setup cell run."""
    nbformat.write(published, lab.course / "work" / COPY)
    page.goto(lab.link(f"lab/tree/work/{COPY}") + "&reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    expect(page.get_by_text("| Idle").first).to_be_visible()
    notebook = NotebookPage(page, published)
    notebook.run(next(cell.id for cell in published.cells if role(cell) == "setup"))
    return notebook


def cells_of(published, first):
    """Return the cells of an exercise by their role; of the checks the visible ones."""
    cells = [cell for cell in published.cells if exercise(cell) == first]
    answers = [cell for cell in cells if role(cell) == "answer"]
    checks = [
        cell for cell in cells if role(cell) == "check" and "hidden" not in cell.metadata.revise
    ]
    return [cell for cell in cells if role(cell) == "setup"], answers, checks


def solution(cell_id):
    """Return the teacher's own text of an answer cell."""
    source = nbformat.read(SECTION.source, as_version=4)
    (cell,) = (cell for cell in source.cells if cell.id == cell_id)
    return re.sub(r"^.*(BEGIN|END) SOLUTION.*\n?", "", cell.source, flags=re.M)


@pytest.mark.slow
def test_an_answer_that_is_typed_and_checked_is_ticked(page, lab, notebook, published):
    """Blank, wrong, right: does the check say each of them under itself, and the map the end of it?"""
    first = next(exercise(cell) for cell in published.cells if role(cell) == "task")
    setups, (answer, *_), (check, *others) = cells_of(published, first)
    points = f"{check.metadata.nbgrader.points:g} point"
    for cell in setups:
        notebook.run(cell.id)

    notebook.run(answer.id)
    notebook.run(check.id)
    expect(notebook.cell(check.id)).to_contain_text("○ not counted")
    page.screenshot(path=SCREENSHOTS / "mark-blank.png")

    name = re.search(r"def (\w+)", answer.source)[1]
    notebook.write(answer.id, f"def {name}(*anything):\n    return 'wrong'")
    notebook.run(answer.id)
    notebook.run(check.id)
    expect(notebook.cell(check.id)).to_contain_text(f"✗ 0 of {points}")
    page.screenshot(path=SCREENSHOTS / "mark-failed.png")

    notebook.write(answer.id, solution(answer.id))
    notebook.run(answer.id)
    for cell in (check, *others):
        notebook.run(cell.id)
    mark = notebook.outputs(check.id).filter(has_text="✓")
    expect(mark).to_have_count(1)
    expect(mark).to_contain_text(f"✓ {points}")
    expect(mark).to_contain_text(check.metadata.revise.concepts[0])
    expect(notebook.errors(check.id)).to_have_count(0)
    page.screenshot(path=SCREENSHOTS / "mark-passed.png")

    notebook.run("mine")
    shown = notebook.cell("mine").locator(".rv-map")
    expect(shown.locator("h2")).to_contain_text("1 Python Fundamentals")
    expect(
        shown.locator(f'.mastered[title^="{check.metadata.revise.concepts[0]}:"]')
    ).to_have_count(1)
    page.screenshot(path=SCREENSHOTS / "map-in-a-notebook.png")

    saved = notebook.saved(lab.course / "work" / COPY)
    (kept,) = (cell for cell in saved.cells if cell.id == check.id)
    assert kept.source == check.source
    assert [output.output_type for output in kept.outputs] == ["display_data"]
