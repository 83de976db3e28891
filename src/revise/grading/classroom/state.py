"""What has been graded already, and from what.

A file beside the graded notebook says it, written after the gradebook: while it is not there, or says
something else than what is there now, the submission is graded again. ``nbgrader autograde`` leaves
none, nor does a run that was killed.
"""

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from revise.grading.classroom.results import Result

# It begins with what CourseDirectory.ignore leaves out, so it travels to no learner.
MARKER = ".revise-graded.json"
MOST_BYTES = 50_000_000


class State:
    """The markers of one run; ``given`` is all that grades depend on beside the submission."""

    def __init__(self, given: bytes, isolated: bool):
        self.given = hashlib.sha256(given).hexdigest()
        self.isolated = isolated

    def before(self, submitted: Path, graded: Path) -> Result | None:
        """Return the result that a former run kept, if it would be the same now."""
        try:
            kept = json.loads((graded / MARKER).read_text(encoding="utf-8"))
            same = kept["from"] == self._key(submitted) and kept["graded"] == _digest(graded)
            # A mark that was earned without isolation is not taken for one that was earned with it.
            trusted = kept["isolated"] or not self.isolated
            return Result.from_dict(kept["result"]) if same and trusted else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, submitted: Path, graded: Path, result: Result) -> None:
        """Write down that ``graded`` was made from ``submitted``: all of it, or nothing."""
        about = {
            "from": self._key(submitted),
            "graded": _digest(graded),
            "isolated": self.isolated,
            "result": result.as_dict(),
        }
        draft = graded / f"{MARKER}.draft"
        draft.write_text(json.dumps(about), encoding="utf-8")
        draft.replace(graded / MARKER)

    def _key(self, submitted: Path) -> str:
        return hashlib.sha256(f"{self.given} {_digest(submitted)}".encode()).hexdigest()


def forget(graded: Path) -> None:
    """Remove the marker: what is in ``graded`` is about to be made anew."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        (graded / MARKER).unlink()


def _digest(folder: Path) -> str:
    """Return a digest of the notebooks in ``folder`` and their timestamp, whatever stands there."""
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(json.dumps([path.name, *_content(path)]).encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        names = []  # a folder that cannot be read is graded as one without a notebook
    for name in names:
        if name.endswith(".ipynb") or name == "timestamp.txt":
            yield folder / name


def _content(path: Path) -> list:
    """Return what tells the content of ``path`` from another: learners hand in FIFOs and devices."""
    about = os.lstat(path)
    seen = [about.st_mode, about.st_size, about.st_mtime_ns]
    if not stat.S_ISREG(about.st_mode) or about.st_size > MOST_BYTES:
        return seen
    try:
        return [hashlib.sha256(path.read_bytes()).hexdigest()]
    except OSError:  # not ours to read
        return seen
