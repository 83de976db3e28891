"""The learner's desk, ``work/``: their own copies of the published notebooks.

A copy is laid once and never overwritten. What it was laid from is remembered beside it, so that
a newer course can be told apart from the learner's own changes.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from revise import files
from revise.course import Course
from revise.errors import NoNotebooks, WorkNotWritable

LEDGER = ".laid.json"


@dataclass
class Desk:
    """What laying the copies did, by file name."""

    laid: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    """Kept, while ``notebooks/`` has a newer edition than the one they were laid from."""


def lay(course: Course) -> Desk:
    """Lay a copy of each published notebook in ``work/``, overwriting none.

    Raises ``NoNotebooks`` when nothing is published, and ``WorkNotWritable`` when a copy or the
    ledger cannot be written; copies laid before that stay.
    """
    published = sorted((course.root / "notebooks").glob("*.ipynb"))
    if not published:
        raise NoNotebooks.at("notebooks")
    work = course.root / "work"
    try:
        work.mkdir(exist_ok=True)
        ledger = _read_ledger(work / LEDGER)
        desk = Desk()
        for notebook in published:
            _lay_one(notebook, work, ledger, desk)
        if desk.laid:
            _write_ledger(work / LEDGER, ledger)
    except OSError as error:
        raise WorkNotWritable.at(error.filename or work, error.strerror) from error
    return desk


def _lay_one(notebook: Path, work: Path, ledger: dict[str, str], desk: Desk) -> None:
    content = notebook.read_bytes()
    edition = stamp(content)
    copy = work / notebook.name
    try:
        files.write_new(copy, content)
    except FileExistsError:
        desk.kept.append(notebook.name)
        if ledger.get(notebook.name, edition) != edition:
            desk.outdated.append(notebook.name)
    else:
        ledger[notebook.name] = edition
        desk.laid.append(notebook.name)


def stamp(published: bytes) -> str:
    """Return the digest by which the ledger knows a published file."""
    return hashlib.sha256(published).hexdigest()


def laid_from(copy: Path) -> str | None:
    """Return the digest of the published file that ``copy`` was laid from, or None when nobody knows."""
    return _read_ledger(copy.with_name(LEDGER)).get(copy.name)


def remember(copy: Path, edition: str) -> list[str]:
    """Write down that ``copy`` is of the published file with this digest; return what went wrong."""
    path = copy.with_name(LEDGER)
    try:
        _write_ledger(path, _read_ledger(path) | {copy.name: edition})
    except OSError as error:
        return [f"{path} could not be written ({error.strerror}): the next update does this again"]
    return []


def _read_ledger(path: Path) -> dict[str, str]:
    """A ledger that is missing or damaged only costs the word about a newer course."""
    try:
        ledger = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return ledger if isinstance(ledger, dict) else {}


def _write_ledger(path: Path, ledger: dict[str, str]) -> None:
    files.replace(path, f"{json.dumps(ledger, indent=1, sort_keys=True)}\n".encode())


def course_notebooks(course: Course) -> list[Path]:
    """The published notebooks, and the learner's copies of them.

    Other notebooks in ``work/`` are not the course's, and not the course's to trust.
    """
    published = sorted((course.root / "notebooks").glob("*.ipynb"))
    copies = [course.root / "work" / notebook.name for notebook in published]
    return published + [copy for copy in copies if copy.is_file()]


def trust(notebooks: Iterable[Path]) -> list[str]:
    """Sign each notebook, as ``jupyter trust`` does, so that JupyterLab shows its stored outputs.

    Returns a line for each that could not be signed: it opens all the same, as far as it can.
    """
    notary = NotebookNotary()
    problems = []
    try:
        for path in notebooks:
            try:
                notary.sign(nbformat.read(path, as_version=4))
            except (OSError, ValueError, KeyError, AttributeError, sqlite3.Error) as error:
                problems.append(f"{path} could not be read as a notebook ({_first_line(error)})")
    finally:
        notary.store.close()
    return problems


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
