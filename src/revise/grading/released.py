"""The released edition: what a learner was given, and what a submission is held against."""

from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config import LoggingConfigurable


def released_edition(step: LoggingConfigurable, resources: dict) -> NotebookNode | None:
    """Return the notebook that was released for the submission in ``resources``, or None.

    It is shared: copy it before you change it. ``release/`` and not ``source/``: only ``nbgrader
    generate_assignment`` writes it, together with the gradebook, so that the two agree.
    ``source/`` may have been built anew since.
    """
    about = resources["nbgrader"]
    folder = released_folder(course_directory(step), about["assignment"])
    path = folder / f"{about['notebook']}.ipynb"
    return read_edition(path) if path.is_file() else None


def released_folder(course: CourseDirectory, assignment: str) -> Path:
    """Return the folder of the release of an assignment."""
    return Path(course.format_path(course.release_directory, ".", assignment))


def released_names(course: CourseDirectory, assignment: str) -> set[str]:
    """Return the file names of the notebooks that were released for an assignment."""
    return {path.name for path in released_folder(course, assignment).glob("*.ipynb")}


def read_edition(path: Path) -> NotebookNode:
    """Return the edition at ``path``, read once until it changes: a class is graded against one."""
    about = path.stat()
    return _read(path, about.st_mtime_ns, about.st_size, about.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, *version: int) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def course_directory(step: LoggingConfigurable) -> CourseDirectory:
    """Return the course that the running command works on.

    nbgrader hands a preprocessor only names; the command that runs it is its grandparent
    (converter → exporter → preprocessor).
    """
    ancestor = step
    while ancestor is not None:
        if isinstance(getattr(ancestor, "coursedir", None), CourseDirectory):
            return ancestor.coursedir
        ancestor = getattr(ancestor, "parent", None)
    return CourseDirectory(config=step.config)
