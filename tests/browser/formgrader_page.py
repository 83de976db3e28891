"""nbgrader's formgrader, as a teacher sees and uses it: rows are found by what stands in them."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.labs import Lab

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class FormgraderPage:
    """A window on the formgrader of ``lab``, which notes whatever is not as it should be.

    ``complaints`` has the page's errors, refused and failed requests, and requests to other machines.
    """

    def __init__(self, page: Page, lab: Lab, pictures: Path):
        self.page, self.lab, self.pictures = page, lab, pictures
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        page.on("request", self._asked)
        page.on("response", self._answered)

    def open(self, path: str) -> None:
        """Open a page with a table, and wait until the table stands."""
        self.page.goto(self.lab.link(f"formgrader/{path}"))
        expect(self.page.locator(".dataTables_filter")).to_be_visible()

    def row(self, text: str) -> Locator:
        """Return the row of the table in which exactly this text stands."""
        words = self.page.get_by_text(text, exact=True)
        return self.page.locator("#main-table tr").filter(has=words)

    def press(self, row: str, button: str) -> None:
        """Press a button in a row, read that it succeeded, and close the word."""
        self.row(row).locator(f".{button} a").click()
        told = self.page.locator(".modal.in")
        expect(told).to_be_visible()
        expect(told.locator(".modal-title"), told.inner_text()).to_have_text("Success")
        told.get_by_role("button", name="OK").click()
        expect(self.page.locator(".modal, .modal-backdrop")).to_have_count(0)

    def picture(self, name: str) -> None:
        """Keep the whole page as it looks at 1280 pixels, where nothing may stick out."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
        assert self.page.evaluate(SIDEWAYS) == 0, f"{name} is wider than the window"

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.lab.address, "data:", "blob:")):
            self.complaints.append(f"asked for {request.url}")

    def _answered(self, response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")
