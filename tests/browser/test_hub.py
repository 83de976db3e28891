"""A class on a hub, from release to feedback: a teacher and two learners, each in a browser of their own.

The hub is set up and started as deploy/README.md says: JupyterHub with its proxy, the spawner, the
exchange. What one step leaves is what the next one starts from.
"""

import json
import os
import re
import subprocess
from urllib.parse import quote

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from revise.errors import IsolationMissing
from revise.grading.isolation import bubblewrap
from revise.sandbox.programs import free_port
from tests.browser import hubs
from tests.browser.conftest import SCREENSHOTS
from tests.browser.labs import PATIENCE
from tests.browser.notebook_page import NotebookPage
from tests.grading import tiny

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
NOTEBOOK = f"{tiny.TINY}/{tiny.TINY}.ipynb"
RIGHT = "def double(number):\n    return number * 2"
WRONG = "def double(number):\n    return number"
GREETING = "%%writefile greeting.html\n<h1>Hello, class</h1>"


@pytest.fixture(scope="module")
def hub(browser, tmp_path_factory):
    """A hub on a small course, with Ada and Ben in the class. Nothing of it is left when it ends."""
    try:
        bubblewrap.require()
    except IsolationMissing as missing:
        pytest.skip(f"a learner's server needs a wall: {missing.reason}")
    folder = tmp_path_factory.mktemp("school")
    course = tiny.empty_course(folder / "course")
    tiny.write(tiny.tiny_notebook(), course / "source" / NOTEBOOK)
    hub = hubs.start(course, folder / "home", ["ada", "ben"])
    family = psutil.Process(hub.process.pid)
    yield hub
    everyone = family.children(recursive=True)
    hub.stop()
    _gone, left = psutil.wait_procs(everyone, timeout=30)
    assert left == []


@pytest.fixture(scope="module")
def people(hub, browser):
    """The windows of the three, logged in; a picture of each is kept."""
    windows = {name: hub.log_in(browser, name) for name in ("teacher", "ada", "ben")}
    yield windows
    SCREENSHOTS.mkdir(exist_ok=True)
    for name, page in windows.items():
        page.screenshot(path=SCREENSHOTS / f"hub-{name}.png")
        page.context.close()


def picture(page, name):
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"hub-{name}.png")


def menu(page, entry):
    """Open what nbgrader has in the menu of JupyterLab."""
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def formgrader(page, column, row=0):
    """Click in a column of the formgrader's table; wait for the good news, and close them."""
    frame = page.frame_locator("iframe")
    frame.locator(f"td.{column} a").nth(row).click()
    success = frame.locator("#success-modal")
    expect(success).to_be_visible()
    success.get_by_role("button", name="OK").click()
    expect(success).to_be_hidden()


def test_a_class_goes_from_release_to_feedback_by_clicking(hub, people):
    teacher, ada, ben = (people[name] for name in ("teacher", "ada", "ben"))
    menu(teacher, "Formgrader")
    formgrader(teacher, "assign")
    formgrader(teacher, "release")
    picture(teacher, "released")

    for page, name in ((ada, "ada"), (ben, "ben")):
        menu(page, "Assignment List")
        page.get_by_role("button", name="Fetch", exact=True).click()
        expect(page.get_by_role("button", name="Submit", exact=True)).to_be_visible()
        assert (hub.home(name) / NOTEBOOK).is_file()
    answer_by_typing(hub, ada, "ada", RIGHT)
    tiny.edit(hub.home("ben") / NOTEBOOK, {"tiny-double--answer": WRONG})
    for page in (ada, ben):
        page.get_by_role("button", name="Submit", exact=True).click()
        expect(page.get_by_role("button", name="Fetch Feedback", exact=True)).to_be_visible()
    picture(ada, "assignments")

    formgrader(teacher, "collect")
    frame = teacher.frame_locator("iframe")
    frame.locator("td.num-submissions a").click()
    for row, mark in ((0, "8 / 8"), (1, "0 / 8")):
        formgrader(teacher, "autograde", row)
        expect(frame.locator("td.score").nth(row)).to_have_text(mark)
    picture(teacher, "graded")
    frame.get_by_role("link", name="Manage Assignments").click()
    expect(frame.locator("td.assign a")).to_be_visible()
    formgrader(teacher, "generate-feedback")
    formgrader(teacher, "release-feedback")

    for page, name, points in ((ada, "ada", "8"), (ben, "ben", "0")):
        page.get_by_role("button", name="Fetch Feedback", exact=True).click()
        (feedback,) = feedback_of(hub, page, name)
        assert f"{points} of 8" in feedback or f"{points} / 8" in feedback
        assert "secret" not in feedback
    (fetched,) = (hub.home("ada") / tiny.TINY / "feedback").glob("*/*.html")
    ada.goto(f"{hub.address}/user/ada/lab/tree/{quote(str(fetched.relative_to(hub.home('ada'))))}")
    read = ada.frame_locator(".jp-HTMLViewer iframe").locator("body")
    expect(read).to_contain_text("Double a number")
    picture(ada, "feedback")


def test_a_learner_sees_no_other_home_and_nothing_of_the_teachers(hub, people):
    """Would Ben's cells find the gradebook, the solutions, what Ada wrote, or a process of anybody's?"""
    places = [
        hub.course / "gradebook.db",
        hub.course / "source" / NOTEBOOK,
        hub.course / "hub" / "jupyterhub.sqlite",
        hub.home("ada"),
        hub.course,
    ]
    (hub.home("ada") / "diary.txt").write_text("dear diary")
    probe = [
        "import json, os, pathlib, subprocess",
        f"places = {[str(place) for place in places]!r}",
        "seen = [place for place in places if os.path.exists(place)]",
        "diaries = [str(path) for path in pathlib.Path('/').glob('home/*/diary.txt')]",
        "processes = [name for name in os.listdir('/proc') if name.isdigit()]",
        "owners = {os.stat(f'/proc/{name}').st_uid for name in processes if os.path.exists(f'/proc/{name}')}",
        "try:\n    pathlib.Path('/srv/course/nbgrader_config.py').write_text('')\n    wrote = True\nexcept OSError:\n    wrote = False",
        "environment = sorted(os.environ)",
        "pathlib.Path('seen.json').write_text(json.dumps([seen, diaries, len(processes), sorted(owners), wrote, environment]))",
    ]
    run_cells(hub, people["ben"], "ben", "probe", probe)
    seen, diaries, processes, owners, wrote, environment = json.loads(
        (hub.home("ben") / "seen.json").read_text()
    )
    assert (seen, diaries, wrote) == ([], [], False)
    assert owners == [1000]
    assert processes < 20  # Ben's own: server, kernels, what they run
    foreign = {
        name for name in environment if name.startswith(("PYTEST", "REVISE_HUB", "CONFIGPROXY"))
    }
    assert not foreign


def test_a_terminal_is_behind_the_same_wall(hub, people):
    looks = f"(cat {hub.course}/gradebook.db; ls {hub.home('ada')}; id -u)"
    told = in_a_terminal(hub, people["ben"], "ben", looks)
    assert told.count("No such file or directory") == 2
    assert told.rstrip().endswith("1000")


def test_a_page_of_the_sandbox_comes_through_the_hub(hub, people):
    """Does a frame find the learner's project, though the hub's own name is this machine's?"""
    page = people["ben"]
    cells = [
        "%load_ext revise\nfrom revise import Project\nlibrary = Project('library')",
        "library.frame('/')",
    ]
    run_cells(hub, page, "ben", "frame", cells)
    frame = page.locator("iframe[data-revise-page]")
    expect(frame).to_be_visible()
    expect(frame).to_have_attribute("src", re.compile(r"^/user/ben/proxy/\d+/$"))
    expect(frame.content_frame.locator("body")).to_contain_text("Welcome to the library")


@pytest.fixture
def reading(tmp_path):
    """A repository that a teacher hands out by a link, and its address."""
    repository = tmp_path / "reading"
    repository.mkdir()
    git(repository, "init", "--quiet", "--initial-branch=main")
    publish(repository, "week-1.md", "# Week 1\n")
    port = free_port()
    daemon = ["git", "daemon", "--export-all", "--listen=127.0.0.1", f"--port={port}"]
    with subprocess.Popen([*daemon, f"--base-path={tmp_path}", str(tmp_path)]) as server:
        yield repository, f"git://127.0.0.1:{port}/reading"
        server.terminate()


def git(repository, *arguments):
    subprocess.run(["git", *arguments], cwd=repository, check=True, capture_output=True)


def publish(repository, name, text):
    (repository / name).write_text(text)
    git(repository, "add", name)
    author = ("-c", "user.name=teacher", "-c", "user.email=teacher@example.com")
    git(repository, *author, "commit", "--quiet", "--message", name)


def test_a_link_of_nbgitpuller_fetches_and_keeps_what_a_learner_changed(hub, people, reading):
    """Does a second click bring what is new, and leave Ben's notes in the first file?"""
    repository, address = reading
    page, mine = people["ben"], hub.home("ben") / "reading"

    def click(name):
        shown = quote(f"lab/tree/reading/{name}", safe="")
        page.goto(
            f"{hub.address}/hub/user-redirect/git-pull?repo={quote(address, safe='')}"
            f"&branch=main&urlpath={shown}"
        )
        page.wait_for_url(f"**/user/ben/lab/tree/reading/{name}")
        expect(page.locator("#jp-main-dock-panel")).to_be_visible()

    click("week-1.md")
    assert (mine / "week-1.md").read_text() == "# Week 1\n"
    (mine / "week-1.md").write_text("# Week 1\nmy notes\n")
    publish(repository, "week-2.md", "# Week 2\n")
    click("week-2.md")
    assert (mine / "week-2.md").read_text() == "# Week 2\n"
    assert (mine / "week-1.md").read_text() == "# Week 1\nmy notes\n"


def test_the_published_notebooks_lie_in_work(hub, people):
    assert (hub.home("ben") / "work").is_dir()


def test_a_wrong_password_opens_nothing(hub, browser):
    page = browser.new_context().new_page()
    page.goto(f"{hub.address}/hub/login")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Invalid username or password")).to_be_visible()
    picture(page, "login")
    assert page.goto(f"{hub.address}/hub/signup").status == 404
    assert page.goto(f"{hub.address}/hub/authorize").status in (403, 404)
    page.context.close()


def test_a_learners_page_is_not_anothers(hub, people):
    assert people["ben"].goto(f"{hub.address}/user/ada/lab").status in (403, 404)
    assert (
        people["teacher"].context.request.get(f"{hub.address}/user/ada/api/contents").status == 403
    )


def in_a_terminal(hub, page, name, command):
    """Type a command into a terminal of somebody's, wait for its end, and return what it said."""
    page.goto(f"{hub.address}/user/{name}/terminals/1")
    page.locator(".xterm-helper-textarea").wait_for(state="attached")
    page.wait_for_timeout(1000)
    page.keyboard.type(f"{command} > ~/told 2>&1; touch ~/done")
    page.keyboard.press("Enter")
    wait_for(page, hub.home(name) / "done")
    return (hub.home(name) / "told").read_text()


def answer_by_typing(hub, page, name, answer):
    """Open the fetched notebook, type one answer, save; the other is written into the file."""
    path = hub.home(name) / NOTEBOOK
    tiny.edit(path, {"tiny-greet--answer": GREETING})
    os.utime(path)
    page.goto(f"{hub.address}/user/{name}/lab/tree/{NOTEBOOK}")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    notebook = NotebookPage(page, nbformat.read(path, as_version=4))
    notebook.write("tiny-double--answer", answer)
    saved = notebook.saved(path)
    assert answer in [cell.source for cell in saved.cells]
    menu(page, "Assignment List")


def feedback_of(hub, page, name):
    """Wait until the page says that there is feedback, and return what was fetched."""
    expect(page.get_by_text("view feedback").first).to_be_visible()
    return [path.read_text() for path in (hub.home(name) / tiny.TINY / "feedback").glob("*/*.html")]


def run_cells(hub, page, name, notebook, sources):
    """Write a notebook into somebody's home, open it in JupyterLab, run it, and wait."""
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    path = hub.home(name) / f"{notebook}.ipynb"
    made = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(made, path)
    path.chmod(0o644)
    page.goto(f"{hub.address}/user/{name}/lab/tree/{notebook}.ipynb?reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    NotebookPage(page, made).run_all()


def wait_for(page, path):
    for _ in range(PATIENCE * 4):
        if path.exists():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{path} did not come")
