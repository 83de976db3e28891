"""A hub of the tests' own, set up and started as deploy/README.md says, and people who use it."""

import contextlib
import csv
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from revise.sandbox.programs import free_port
from tests.browser.labs import PATIENCE, newcomers_environment

PASSWORD = "correct-horse-battery"


@dataclass
class Hub:
    """A running hub, and the password of everybody on it."""

    course: Path
    address: str
    process: subprocess.Popen
    log: Path
    passwords: dict[str, str] = field(default_factory=dict)

    def home(self, name: str) -> Path:
        return self.course / "hub" / "homes" / name

    def log_in(self, browser: Browser, name: str, width: int = 1400) -> Page:
        """Open a browser of ``name``'s own, log in by the page, and wait for JupyterLab."""
        page = browser.new_context(viewport={"width": width, "height": 1000}).new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{self.address}/hub/login")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(self.passwords[name])
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#jp-main-dock-panel")).to_be_visible()
        return page

    def stop(self) -> None:
        """End the hub, as Ctrl-C does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        finally:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()


def start(course: Path, home: Path, learners: list[str]) -> Hub:
    """Set up a hub on ``course`` with a teacher and ``learners``, start it, and wait until it answers."""
    home.mkdir()
    environment = newcomers_environment(home)
    revise(course, environment, "hub", "teacher", "teacher", typed=f"{PASSWORD}\n{PASSWORD}\n")
    roster = home / "roster.csv"
    lines = [
        "student_id,first_name,last_name,email",
        *(f"{name},{name.title()},Example," for name in learners),
    ]
    roster.write_text("\n".join(lines))
    printed = revise(course, environment, "hub", "enrol", str(roster))
    passwords = {row["student_id"]: row["password"] for row in csv.DictReader(printed.splitlines())}

    address, log = f"http://127.0.0.1:{free_port()}", home / "hub.log"
    environment["REVISE_HUB_ADDRESS"] = address
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "revise.cli", "hub", "start"],
            cwd=course, env=environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    hub = Hub(course, address, process, log, {"teacher": PASSWORD, **passwords})
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{address}/hub/login", timeout=10).close()
            return hub
        time.sleep(0.2)
    process.kill()
    raise AssertionError(f"the hub did not come up:\n{log.read_text()}")


def revise(course: Path, environment: dict[str, str], *arguments: str, typed: str = "") -> str:
    """Run `revise` as the hub's owner, without a terminal, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "revise.cli", *arguments],
        cwd=course, env=environment, input=typed, capture_output=True, text=True,
        timeout=PATIENCE, start_new_session=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
