"""One JupyterLab and one browser for all of these tests; a page, and its picture, for each."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from revise.course import Course
from tests.browser import browsers, labs

COURSE = Course.find(Path(__file__).parent)
SCREENSHOTS = COURSE.root / "screenshots"
HERE = Path(__file__).parent

# Playwright waits five seconds, which is short where other tests run beside this one.
expect.set_options(timeout=labs.PATIENCE * 1000)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks for the groups
def pytest_collection_modifyitems(items):
    """One worker runs all that share a JupyterLab, and one each file of the others."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            shared = "lab" if "lab" in item.fixturenames else item.path.stem
            item.add_marker(pytest.mark.xdist_group(f"browser-{shared}"))


# Not for the session: Playwright's event loop would still run under the tests that follow in
# this worker, and asyncio.run refuses to start beside it.
@pytest.fixture(scope="package")
def browser():
    """The system's Chromium; a machine without one fails, and is told what to install."""
    if browsers.unwanted():
        pytest.skip("left out by REVISE_BROWSER=none")
    program = browsers.program()
    if program is None:
        pytest.fail(browsers.ADVICE, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=browsers.flags())
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def lab(browser, tmp_path_factory):
    """A JupyterLab on a learner's checkout, opened for the first time."""
    folder = tmp_path_factory.mktemp("learner")
    lab = labs.start(labs.copy_course(COURSE.root, folder / "course"), folder / "home")
    yield lab
    lab.stop()


@pytest.fixture
def page(browser, request):
    """A window of its own, whose last picture is kept in screenshots/."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(labs.PATIENCE * 1000)
    yield page
    SCREENSHOTS.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    context.close()
