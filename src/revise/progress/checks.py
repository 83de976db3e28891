"""The checks of a notebook: what a cell is worth, and which concepts it stands for.

A check says so itself, in its own metadata (see ``revise.authoring.bare``): in the notebook's file,
and in the request by which JupyterLab runs the cell. Read with nothing but ``json``: a kernel does
it beside the learner's cells, and nbformat alone takes a second to import.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from revise.digest import digest


@dataclass(frozen=True)
class Check:
    """A graded cell of the course."""

    cell: str
    """Its ``grade_id``, which the course gives it as cell id too."""
    exercise: str
    behaviour: str
    points: float
    concepts: tuple[str, ...]
    hidden: bool
    """A learner's edition has no more of it than a comment."""


def check_of(metadata: object) -> Check | None:
    """Return the check that a cell's metadata describes, or None: it is no check, or in disorder."""
    try:
        revise, graded = metadata["revise"], metadata["nbgrader"]
        if revise["role"] != "check":
            return None
        return Check(
            cell=str(graded["grade_id"]),
            exercise=str(revise["exercise"]),
            behaviour=str(revise["behaviour"]),
            points=float(graded["points"]),
            concepts=tuple(map(str, revise["concepts"])),
            hidden=bool(revise.get("hidden")),
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


@dataclass(frozen=True)
class Checks:
    """The checks of one notebook, and what tells that one was changed by hand."""

    section: str = ""
    by_cell: Mapping[str, Check] = field(default_factory=lambda: MappingProxyType({}))
    by_text: Mapping[str, Check] = field(default_factory=lambda: MappingProxyType({}))
    """By the whole text of the cell, where only one has it."""
    digests: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, cell_id: str, metadata: object, source: str) -> Check | None:
        """Return the check that a frontend ran, whatever it told of the cell.

        JupyterLab sends the cell's id and its metadata. VS Code sends an address of its own as id,
        ``vscode-notebook-cell:…``, and the metadata in some versions only; then the text must do.
        """
        return check_of(metadata) or self.by_cell.get(cell_id) or self.by_text.get(plain(source))

    def is_changed(self, check: Check, source: str) -> bool:
        """Say whether ``source`` is not the text of ``check`` that the course built."""
        return self.digests.get(check.cell, now := digest("code", plain(source))) != now


def read(path: Path) -> Checks:
    """Return the checks of the notebook at ``path``; of a file that is no notebook, none."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return checks_of(notebook)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Checks()


def checks_of(notebook: dict) -> Checks:
    """Return the checks of a notebook, as ``json`` read it or as nbformat has it."""
    about = notebook["metadata"].get("revise", {})
    found = [
        (check, plain(cell["source"]))
        for cell in notebook["cells"]
        if (check := check_of(cell["metadata"]))
    ]
    times = Counter(text for _, text in found)
    return Checks(
        section=str(about.get("section", "")),
        by_cell={check.cell: check for check, _ in found},
        by_text={text: check for check, text in found if times[text] == 1 and not check.hidden},
        digests=dict(about.get("digests", {})),
    )


def plain(source: str | list[str]) -> str:
    """Return a cell's text as one string with LF line ends: a file may hold a list of lines."""
    return (source if isinstance(source, str) else "".join(source)).replace("\r\n", "\n")
