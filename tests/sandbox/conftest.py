"""Live projects for the tests: real folders, real processes, real HTTP."""

import os
import shutil
import subprocess
import sys
import textwrap
import time
import uuid
from pathlib import Path

import psutil
import pytest

from revise import Project

SOURCE = Path(__file__).parents[2] / "src"


def unprivileged():
    """Return the start of a command that runs the rest without root's power to write anywhere.

    To root without capabilities a folder's permissions count, as to anyone; and unlike another
    user it can read the interpreter, which may lie in root's home.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    assert setpriv, (
        "to run these tests as root, install setpriv (util-linux); or run them as an ordinary user"
    )
    return [setpriv, "--bounding-set=-all", "--inh-caps=-all"]


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """The folder of a notebook, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def library(notebook):
    """A fresh project."""
    project = Project("library")
    yield project
    project.stop()


@pytest.fixture
def impatient(library):
    """The project gives a request 2 seconds."""
    library.timeout = 2
    return library


@pytest.fixture
def write(library):
    """Write a file of the project, as ``%%writefile`` does."""

    def write_file(path, text):
        target = library.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text))

    return write_file


@pytest.fixture
def view(write, library):
    """Replace the home page by the given view (its code defines ``home``)."""
    original = library.read("catalog/views.py")

    def replace(code):
        write("catalog/views.py", original + "\n\n" + textwrap.dedent(code))

    return replace


def marked(mark):
    """Return the running processes that have ``REVISE_TEST=mark`` in their environment."""

    def has_mark(process):
        try:
            mine = process.environ().get("REVISE_TEST") == mark
            return mine and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, OSError):
            return False

    return [process for process in psutil.process_iter() if has_mark(process)]


class Kernel:
    """A process that stands for a notebook's kernel: runs code, and everything it starts is known."""

    def __init__(self, folder, code, before=()):
        self.mark = uuid.uuid4().hex
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", textwrap.dedent(code)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(SOURCE), "REVISE_TEST": self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
        )

    def line(self):
        """Return the next line that the code printed."""
        return self.process.stdout.readline().strip()

    def end(self):
        """Let the code go on to its end; return ``(stdout, stderr)``."""
        return self.process.communicate("\n", timeout=30)

    def left(self):
        """Return the processes that this kernel started, directly or not, and that still run."""
        return marked(self.mark)

    def nothing_left(self, seconds=5.0):
        """Wait until nothing runs any more; return what does after that time."""
        deadline = time.monotonic() + seconds
        while (left := self.left()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left


@pytest.fixture
def kernel(notebook):
    """Start stand-in kernels in the notebook's folder: ``kernel(code)``."""
    kernels = []

    def start(code, **options):
        kernels.append(Kernel(options.pop("folder", notebook), code, **options))
        return kernels[-1]

    yield start
    for each in kernels:
        each.process.kill()
        each.process.communicate()
        for process in each.left():
            process.kill()
