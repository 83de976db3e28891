"""The first open of each section, before anything runs: all of its prose and diagrams, as drawn.

After `test_section_two`, whose newcomer must find a JupyterLab in which nothing was open.
"""

import json
import re

import nbformat
import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import COURSE, SCREENSHOTS

SECTIONS = [pytest.param(section, id=section.name) for section in COURSE.written]

# A table, a fenced block, a long piece of code: what may be wider than the page, and is looked at.
WIDE = re.compile(r"^\s*\||^```|`[^`\n]{60,}`", re.M)
DIAGRAM = "```mermaid"
PICTURES = 8

SIDEWAYS = """() => [...document.querySelectorAll('.jp-Notebook .jp-RenderedMarkdown')]
    .filter(prose => prose.scrollWidth > prose.clientWidth + 1)
    .map(prose => prose.textContent.trim().slice(0, 80))"""


@pytest.fixture(scope="module", autouse=True)
def everything_is_drawn(lab):
    """Have JupyterLab draw a whole notebook at once; else it draws a cell when it comes near.

    To visit cell after cell takes minutes for a section, and nearly all of it is drawing.
    """
    _set_in_notebooks(lab, {"windowingMode": "none"})
    yield
    _set_in_notebooks(lab, {})


def _set_in_notebooks(lab, setting):
    address = lab.link("lab/api/settings/@jupyterlab/notebook-extension:tracker")
    requests.put(address, json={"raw": json.dumps(setting)}, timeout=60).raise_for_status()


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_reads_well_when_it_is_opened(page, lab, section):
    """Does all prose fit into the page, and is every diagram drawn?"""
    cells = nbformat.read(section.notebook, as_version=4).cells
    prose = {i: cell for i, cell in enumerate(cells) if cell.cell_type == "markdown"}
    diagrams = sum(cell.source.count(DIAGRAM) for cell in prose.values())
    page.goto(lab.link(f"lab/tree/work/{section.notebook.name}") + "&reset")
    expect(page.locator(".jp-Notebook .jp-MarkdownCell .jp-RenderedMarkdown")).to_have_count(
        len(prose)
    )
    expect(page.locator(".jp-Notebook .jp-RenderedMermaid img")).to_have_count(diagrams)
    assert page.locator(".jp-Notebook .jp-RenderedMermaid.jp-mod-warning").count() == 0
    assert page.evaluate(SIDEWAYS) == []
    _take_pictures(
        page, section, {i: cell for i, cell in prose.items() if WIDE.search(cell.source)}
    )


def _take_pictures(page, section, wide):
    """Keep pictures of cells that may be wide, for looking at."""
    folder = SCREENSHOTS / section.name
    folder.mkdir(parents=True, exist_ok=True)
    for index in list(wide)[:: len(wide) // PICTURES + 1]:
        cell = page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')
        cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
        page.screenshot(path=folder / f"{wide[index].id}.png")
