"""A tiny course that is released, with what learners handed in, and `revise grade` as it is typed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy

from tests.grading.chain import Chain
from tests.grading.tiny import TINY, edit

RIGHT = {
    "tiny-double--answer": "def double(number):\n    return number + number",
    "tiny-greet--answer": "%%writefile greeting.html\n<h1>Hello, you</h1>",
}
WRONG = {"tiny-double--answer": "def double(number):\n    return number + 2"}
SLOW = RIGHT | {
    "tiny-double--answer": f"import time\ntime.sleep(2)\n{RIGHT['tiny-double--answer']}"
}
FULL, HALF = 8.0, 2.0
# Seconds for a command that only has to end: a machine busy with other tests is several times slower.
PATIENCE = 300


class Class(Chain):
    """A course whose submissions are graded by `revise grade`."""

    def submit(self, who: str, sources: dict[str, str]) -> Path:
        path = self.lay(who)
        edit(path, sources)
        return path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen:
        """Start `revise grade`; ``self.mark`` is in the environment of all that it starts."""
        self.mark = f"REVISE_TEST_MARK={uuid.uuid4().hex}"
        name, _, value = self.mark.partition("=")
        environment |= {name: value, "HOME": str(self.homes), "PYTHONUNBUFFERED": "1"}
        self.homes.mkdir(exist_ok=True)
        return subprocess.Popen(
            [sys.executable, "-m", "revise.cli", "grade", "1", *arguments],
            cwd=self.course, env=os.environ | environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def grade(self, *arguments: str, status: int = 0, **environment: str) -> dict:
        """Run `revise grade --json` to its end; return what it printed."""
        with self.start("--json", *arguments, **environment) as process:
            output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == status, output + errors
        return json.loads(output)

    def marks(self) -> dict[tuple[str, str], tuple]:
        """Every mark in the gradebook, by student and cell."""
        with closing(sqlalchemy.create_engine(self.gradebook).connect()) as connection:
            rows = connection.execute(sqlalchemy.text(MARKS)).all()
            connection.engine.dispose()
        return {(student, cell): tuple(marks) for student, cell, *marks in rows}

    def comments(self) -> set[tuple]:
        with closing(sqlalchemy.create_engine(self.gradebook).connect()) as connection:
            rows = connection.execute(sqlalchemy.text(COMMENTS)).all()
            connection.engine.dispose()
        return {tuple(row) for row in rows}

    @property
    def gradebook(self) -> str:
        return f"sqlite:///{self.course / 'gradebook.db'}"

    def left_behind(self, seconds: float = 10) -> list[str]:
        """Return the processes of the last `revise grade` that are there still, after some time."""
        end = time.monotonic() + seconds
        while (found := list(self._marked())) and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def _marked(self):
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (folder / "environ").read_bytes():
                    yield (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue


MARKS = """
SELECT submitted_assignment.student_id, base_cell.name, auto_score, manual_score, needs_manual_grade
FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""
COMMENTS = """
SELECT submitted_assignment.student_id, base_cell.name, auto_comment
FROM comment JOIN base_cell ON base_cell.id = comment.cell_id
JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""


@pytest.fixture(scope="session")
def released_tiny(built_tiny, tmp_path_factory) -> Path:
    """The tiny course with its release and its gradebook: read only, copy it."""
    folder = tmp_path_factory.mktemp("released")
    course = Path(shutil.copytree(built_tiny, folder / "course"))
    Chain(course, folder / "homes", TINY).nbgrader("generate_assignment", TINY)
    return course


@pytest.fixture
def class_(released_tiny, tmp_path) -> Class:
    """A class of one's own, of nobody yet."""
    course = Path(shutil.copytree(released_tiny, tmp_path / "course"))
    (course / "submitted").mkdir()
    return Class(course, tmp_path / "homes", TINY)


def wait_for(process: subprocess.Popen, line: str) -> None:
    """Read the output of ``process`` until a line holds ``line``."""
    for said in process.stdout:
        if line in said:
            return
    raise AssertionError(process.stderr.read())


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()
