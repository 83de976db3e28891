"""The first open of each section, before anything runs: what is not plain text, as it is drawn.

After `test_section_two`, whose newcomer must find a JupyterLab in which nothing was open.
"""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import COURSE, SCREENSHOTS

SECTIONS = [pytest.param(section, id=section.name) for section in COURSE.written]

# A table, a fenced block, a long piece of code: what may be wider than the page.
WIDE = re.compile(r"^\s*\||^```|`[^`\n]{60,}`", re.M)
DIAGRAM = "```mermaid"
PICTURES = 12

SIDEWAYS = """() => [...document.querySelectorAll('.jp-Notebook .jp-RenderedMarkdown')]
    .filter(prose => prose.scrollWidth > prose.clientWidth + 1)
    .map(prose => prose.textContent.trim().slice(0, 80))"""


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_reads_well_when_it_is_opened(page, lab, section):
    """Does the prose fit into the page, and is every diagram drawn?"""
    published = nbformat.read(section.notebook, as_version=4)
    visited = [
        index
        for index, cell in enumerate(published.cells)
        if cell.cell_type == "markdown" and WIDE.search(cell.source)
    ]
    page.goto(lab.link(f"lab/tree/work/{section.notebook.name}") + "&reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    folder = SCREENSHOTS / section.name
    folder.mkdir(parents=True, exist_ok=True)
    sideways = []
    for number, index in enumerate(visited):
        # JupyterLab draws a cell when it comes near.
        cell = page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')
        cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
        if DIAGRAM in published.cells[index].source:
            expect(cell.locator(".jp-RenderedMermaid").first).to_be_visible()
            expect(cell.locator(".jp-RenderedMermaid.jp-mod-warning")).to_have_count(0)
        sideways += [prose for prose in page.evaluate(SIDEWAYS) if prose not in sideways]
        if number % (len(visited) // PICTURES + 1) == 0:
            page.screenshot(path=folder / f"{published.cells[index].id}.png")
    assert sideways == []
