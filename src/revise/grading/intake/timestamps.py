"""Read a submission's ``timestamp.txt``, which is a learner's file like any other.

nbgrader opens it to tell what is new and what is late, also for each row of the formgrader's pages.
A named pipe in its place would hang them, and words that are no time would stop them.
"""

import os
from datetime import datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from revise.errors import UnreadableSubmission
from revise.grading.intake.files import read_file

TIMESTAMP = "timestamp.txt"
MOST_BYTES = 1_000


def read(folder: Path) -> datetime | None:
    """Return the time in ``folder``'s timestamp; None where there is none.

    Raises ``ValueError`` for a timestamp that cannot be read as a time.
    """
    path = folder / TIMESTAMP
    if not os.path.lexists(path):
        return None
    try:
        words = read_file(path, MOST_BYTES).decode().strip()
        return parse_utc(words) if words else None
    except (UnreadableSubmission, ValueError, OverflowError, TypeError, AttributeError) as error:
        raise ValueError(f"{TIMESTAMP} holds no time") from error


def notes(folder: Path) -> list[str]:
    """Return what the learner should know about the time of a submission."""
    try:
        read(folder)
    except ValueError:
        return [f"{TIMESTAMP} holds no time, so nobody can tell when this was submitted."]
    return []


def existing_timestamp(course: CourseDirectory, folder: str) -> datetime | None:
    """Stand in for nbgrader's ``CourseDirectory.get_existing_timestamp``: it never raises."""
    try:
        return read(Path(folder))
    except ValueError as error:
        course.log.warning("%s in %s", error, folder)
        return None
