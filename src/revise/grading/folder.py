"""Which folder is the course that a teacher's command works on."""

import os
from pathlib import Path

from revise.errors import NoCourse

CONFIG = "nbgrader_config.py"


def course_folder(start: Path | str | None = None) -> Path:
    """Return the course: the nearest folder from ``start`` upwards that has nbgrader's settings.

    ``start`` is by default what ``REVISE_COURSE`` in the environment names, or the current folder.
    Raises ``NoCourse``.
    """
    start = Path(start or os.environ.get("REVISE_COURSE") or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise NoCourse.above(start)
