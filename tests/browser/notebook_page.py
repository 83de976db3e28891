"""A notebook in JupyterLab, as a person sees and uses it: cells are found by their ids."""

import time
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.browser.labs import PATIENCE

QUIET = 2.0  # seconds without work after which a notebook has run


class NotebookPage:
    """The notebook that is open in ``page``; ``notebook`` is the published one it was made from."""

    def __init__(self, page: Page, notebook):
        self.page = page
        self.notebook = notebook

    def cell(self, cell_id: str) -> Locator:
        """Bring a cell into view and return it."""
        index = [cell.id for cell in self.notebook.cells].index(cell_id)
        cell = self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')
        # JupyterLab draws a cell when it comes near, and the cells below it move: so look again
        # until nothing moves any more.
        place, before = self._place(cell), None
        while place != before:
            self.page.wait_for_timeout(250)
            place, before = self._place(cell), place
        return cell

    @staticmethod
    def _place(cell: Locator) -> float:
        return cell.evaluate(
            """async cell => {
                cell.scrollIntoView({block: "center"});
                await new Promise(requestAnimationFrame);
                return Math.round(cell.getBoundingClientRect().top);
            }"""
        )

    def outputs(self, cell_id: str) -> Locator:
        return self.cell(cell_id).locator(".jp-OutputArea-output")

    def errors(self, cell_id: str) -> Locator:
        """The tracebacks, and whatever else is on stderr, under a cell."""
        return self.cell(cell_id).locator(
            '[data-mime-type="application/vnd.jupyter.stderr"], '
            '[data-mime-type="application/vnd.jupyter.error"]'
        )

    def run(self, cell_id: str) -> None:
        """Run one cell with Shift-Enter, and wait for it."""
        self.cell(cell_id).locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Shift+Enter")
        self.wait()

    def run_all(self) -> None:
        """Run all cells by the menu, and wait for them.

        JupyterLab drops what is asked of a kernel that is still connecting, without a word.
        """
        expect(self.page.get_by_text("| Idle").first).to_be_visible()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self.wait()

    def wait(self) -> None:
        """Wait until no cell is running or queued and the kernel has had nothing to do for a while.

        JupyterLab draws only the cells that are near, so a star further down is not seen; and between
        two cells a kernel is idle for a moment.
        """
        quiet, deadline = 0.0, time.monotonic() + PATIENCE
        while quiet < QUIET:
            assert time.monotonic() < deadline, f"the notebook still runs after {PATIENCE} s"
            self.page.wait_for_timeout(250)
            quiet = quiet + 0.25 if self._idle() else 0.0

    def _idle(self) -> bool:
        return self.page.evaluate(
            """() => document.body.innerText.includes('| Idle')
                && ![...document.querySelectorAll('.jp-Notebook .jp-InputPrompt')]
                    .some(prompt => prompt.textContent.includes('*'))"""
        )

    def saved(self, path: Path):
        """Save the notebook, and return what is then on disk at ``path``."""
        before = path.stat().st_mtime_ns
        self.page.keyboard.press("ControlOrMeta+s")
        deadline = time.monotonic() + PATIENCE
        while path.stat().st_mtime_ns == before or not is_whole(path):
            assert time.monotonic() < deadline, f"{path.name} was not saved"
            self.page.wait_for_timeout(250)
        self.page.wait_for_timeout(500)
        return nbformat.read(path, as_version=4)

    def write(self, cell_id: str, text: str) -> None:
        """Replace a cell's text, as pasting over it does: the editor adds no indentation."""
        editor = self.cell(cell_id).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)


def is_whole(path: Path) -> bool:
    """Say whether a notebook is all there: JupyterLab empties the file before it writes it."""
    try:
        nbformat.read(path, as_version=4)
    except ValueError:
        return False
    return True
