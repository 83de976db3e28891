"""The learner's attempts: one SQLite file in the user's data folder, one row per check that ran.

It belongs to the learner, not to a checkout: it stays when a notebook is deleted, when the course
is updated or cloned anew, and it is never sent anywhere. What an attempt says of concepts is not
kept here: an exercise's concepts are those of today's course.

A connection lives as long as one write or one reading, with SQLite's rollback journal. WAL would
gain nothing for single rows, needs two more files and a writable folder to read, and is not made
for the network disks on which hubs keep homes (https://www.sqlite.org/wal.html). Two JupyterLabs
wait for each other, for as long as ``PATIENCE``.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from revise.errors import AttemptsUnreadable

FOLDER = "REVISE_DATA"
"""The environment variable that names another folder than the user's."""
FILE = "attempts.sqlite3"
NOTEBOOK = "notebook"
PATIENCE = 30.0  # seconds to wait for another writer: off a cell's path, so nobody waits with it


@dataclass(frozen=True)
class Attempt:
    """A visible check that ran on an answer, once."""

    at: datetime
    """When it ended, in UTC and aware of it."""
    exercise: str
    """The exercise's id, such as ``python-functions-late-fee``."""
    behaviour: str
    """What the check checks, such as ``three-days``."""
    cell: str
    """The check's cell id, which is its ``grade_id``: ``python-functions-late-fee--three-days``."""
    passed: bool
    points: float
    """The points it earned: all of ``of``, or 0."""
    of: float
    """The points that the check was worth then; an update of the course may change them."""
    source: str = NOTEBOOK
    """Where it ran: ``notebook`` is a cell run by hand in JupyterLab or VS Code."""


COLUMNS = tuple(field.name for field in fields(Attempt))
TABLE = """CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, exercise TEXT NOT NULL, behaviour TEXT NOT NULL,
    cell TEXT NOT NULL, passed INTEGER NOT NULL, points REAL NOT NULL, "of" REAL NOT NULL,
    source TEXT NOT NULL)"""
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
INSERT = f"INSERT INTO attempts ({NAMES}) VALUES ({', '.join('?' * len(COLUMNS))})"
SELECT = f"SELECT {NAMES} FROM attempts ORDER BY at, id"


def path() -> Path:
    """Return where the attempts are kept, whether there are any or not."""
    from platformdirs import user_data_path

    folder = os.environ.get(FOLDER)
    return (Path(folder) if folder else user_data_path("revise", appauthor=False)) / FILE


def attempts() -> tuple[Attempt, ...]:
    """Return every attempt on record, the oldest first; none when nothing was ever recorded.

    An answer that is still blank, an error of the sandbox and an interrupted cell are no attempts
    and have no row. Reading changes and creates nothing. Raises ``AttemptsUnreadable`` when there
    is a file that cannot be read.

    >>> [(one.exercise, one.behaviour, one.passed) for one in attempts()]  # doctest: +SKIP
    [('python-functions-late-fee', 'three-days', False), ('python-functions-late-fee', 'three-days', True)]
    """
    file = path()
    if not file.exists():
        return ()
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name='attempts'").fetchall():
                return ()  # made, and the disk was full before the first row
            return tuple(_attempt(*row) for row in database.execute(SELECT))
    except (sqlite3.Error, ValueError) as error:
        raise AttemptsUnreadable.at(file, error) from error


def record(attempt: Attempt) -> bool:
    """Keep ``attempt``; return whether it could be kept. Never raises for a disk that refuses it."""
    try:
        with _writing() as database:
            database.execute(
                INSERT, (attempt.at.astimezone(UTC).isoformat(), *astuple(attempt)[1:])
            )
    except (OSError, sqlite3.Error):
        return False
    return True


def refusal() -> str | None:
    """Return why attempts cannot be kept here, in a few words, or None when they can."""
    try:
        with _writing() as database:
            # Says nothing new, and is written all the same: a full disk shows only when it is.
            database.execute("PRAGMA user_version = 1")
    except (OSError, sqlite3.Error) as error:
        return getattr(error, "strerror", None) or str(error)
    return None


@contextmanager
def _writing() -> Iterator[sqlite3.Connection]:
    """Open the file for one transaction, which is kept whole or not at all."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as database:
        # At once: a transaction that begins by reading cannot wait for another writer later.
        database.execute("BEGIN IMMEDIATE")
        database.execute(TABLE)
        yield database
        database.execute("COMMIT")


def _attempt(at, exercise, behaviour, cell, passed, points, of, source) -> Attempt:
    when = datetime.fromisoformat(at)
    return Attempt(when, exercise, behaviour, cell, bool(passed), points, of, source)
