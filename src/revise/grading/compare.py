"""Ask nbval whether a notebook's demos still show what they should."""

import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode, from_dict

from revise import answers
from revise.execution import CELL_SECONDS, RAISES
from revise.patterns import PATTERNS

# nbval has no limit for a notebook; a cell that takes its whole time does not come often.
MOST_SECONDS = 15 * 60
MOST_LINES = 8


@dataclass(frozen=True)
class Difference:
    """A cell that does not show what the published notebook shows: its id, its code, a short diff."""

    cell: str
    source: str
    words: str


class Comparison:
    """nbval at work on a notebook, in a process and a folder of its own.

    A context manager: the process starts with it, and never outlives it.
    """

    def __init__(self, answered: NotebookNode):
        self.notebook = _ready(answered)
        self.folder = tempfile.TemporaryDirectory(prefix="revise-", ignore_cleanup_errors=True)
        self.report = Path(self.folder.name) / "report.xml"

    def __enter__(self) -> "Comparison":
        path = Path(self.folder.name) / "notebook.ipynb"
        nbformat.write(self.notebook, path)
        # Of the pytest plugins that happen to be installed only nbval is wanted, and no settings
        # of the folder the command is started in.
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "pytest", "-p", "nbval.plugin", "-p", "no:cacheprovider", "-q", "--color=no",
                f"--rootdir={self.folder.name}", f"--confcutdir={self.folder.name}", "-c", os.devnull,
                "--nbval-lax", f"--nbval-sanitize-with={PATTERNS}", f"--nbval-cell-timeout={CELL_SECONDS}",
                f"--junitxml={self.report}", str(path),
            ],
            cwd=self.folder.name,
            env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.communicate()
        self.folder.cleanup()

    def differences(self) -> list[Difference]:
        """Wait for nbval and return the cells that differ, in order."""
        try:
            output, _ = self.process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            return [
                Difference(
                    "", "", f"The comparison did not end within {MOST_SECONDS // 60} minutes."
                )
            ]
        if not self.report.is_file():
            return [Difference("", "", f"nbval did not run: {output.strip()[-500:]}")]
        return list(self._read(ElementTree.parse(self.report)))

    def _read(self, report: ElementTree.ElementTree) -> Iterator[Difference]:
        code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        for case in report.iter("testcase"):
            failure = next((part for part in case if part.tag in ("failure", "error")), None)
            number = re.fullmatch(r"Cell (\d+)", case.get("name", ""))
            if failure is None or not number:
                continue
            cell, text = code[int(number[1])], failure.text or failure.get("message", "")
            if "Kernel dead" in text:
                yield Difference(
                    cell.id, cell.source, "The kernel had ended: from here on nothing was compared."
                )
                return
            yield Difference(cell.id, cell.source, short(text))


def short(failure: str) -> str:
    """Return nbval's words for a failing cell without the cell's code, in a few lines."""
    said = failure.partition("\nTraceback:\n")[2] or failure
    said = re.sub(r"\x1b\[[\d;]*m|#x1B\[[\d;]*m", "", said)
    lines = [line.rstrip() for line in said.splitlines()]
    lines = [
        line
        for line in lines
        if line and "assert reference_output == test_output failed" not in line
    ]
    return "\n".join(lines[:MOST_LINES] + ["…"] * (len(lines) > MOST_LINES))


def _ready(answered: NotebookNode) -> NotebookNode:
    """A learner's own cell may raise: it is not what is compared."""
    copy = from_dict(answered)
    for cell in copy.cells:
        if cell.cell_type == "code" and cell.id.startswith(answers.OWN):
            cell.metadata.tags = [RAISES]
    return copy
