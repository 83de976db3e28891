"""Probes for who teaches and who writes the course: the wall, the engine of images, the tests' tools."""

import importlib.util
import shutil
import subprocess

from revise import browser
from revise.course import Course
from revise.doctor.environment import folder
from revise.doctor.findings import Problem

ASK_SECONDS = 20
TEST_TOOLS = ("playwright", "ruff", "xdist", "yaml", "distributed")


def isolation() -> str:
    """Build the wall once, as grading does before it begins. Raises IsolationMissing."""
    from revise.grading.isolation import bubblewrap

    bubblewrap.require()
    return f"{bubblewrap.find_bwrap().name} and user namespaces build the wall"


def gradebook() -> str:
    """Look for nbgrader's settings, and write where the gradebook is."""
    root = Course.find().root
    if not (root / "nbgrader_config.py").is_file():
        raise Problem(f"{root} has no nbgrader_config.py", "Fetch it from the course again.")
    return folder(root)


def engine() -> str:
    """Ask Docker or Podman whether it works: an image of the course can be built then."""
    words = []
    for name in ("docker", "podman"):
        if program := shutil.which(name):
            try:
                return f"{name} {_answer(program, 'version', '--format', '{{.Server.Version}}')} answers"
            except (OSError, subprocess.SubprocessError):
                words.append(f"{name} is installed and does not answer")
    mend = "Only images need it: start it, or install Docker or Podman."
    raise Problem("; ".join(words) or "neither docker nor podman is on PATH", mend, limited=True)


def dask() -> str:
    """Look for Dask, which grades on several machines."""
    if not importlib.util.find_spec("distributed"):
        mend = "Only `revise grade --scheduler` needs it: pip install 'revise[dask]'"
        raise Problem("Dask is not installed", mend, limited=True)
    return "Dask is installed"


def chromium() -> str:
    """Start the browser of the browser tests, to tell its version."""
    program = browser.program()
    mend = "Install Chromium (Debian: apt install chromium), or set REVISE_BROWSER to its program."
    if program is None:
        raise Problem("no Chromium or Chrome was found for the browser tests", mend)
    try:
        return f"{_answer(program, '--version')} for the browser tests"
    except (OSError, subprocess.SubprocessError) as error:
        raise Problem(f"{program} does not start: {type(error).__name__}", mend) from None


def tools() -> str:
    """Look for what `make test` uses beside the course itself."""
    missing = [name for name in TEST_TOOLS if not importlib.util.find_spec(name)]
    if missing:
        raise Problem(f"not installed: {', '.join(missing)}", "Run `make test`: it installs them.")
    return "the tests' tools are installed"


def _answer(*command: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=ASK_SECONDS, check=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[0].strip() if done.stdout.strip() else ""
