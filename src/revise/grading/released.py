"""The released edition: what a learner was given, and what a submission is held against."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor


def released_edition(preprocessor: NbGraderPreprocessor, resources: dict) -> NotebookNode | None:
    """Return the notebook that was released for the submission in ``resources``, or None.

    ``release/`` and not ``source/``: only ``nbgrader generate_assignment`` writes it, together with
    the gradebook, so that the two agree. ``source/`` may have been built anew since.
    """
    about = resources["nbgrader"]
    course = course_directory(preprocessor)
    folder = course.format_path(course.release_directory, ".", about["assignment"])
    path = Path(folder) / f"{about['notebook']}.ipynb"
    return nbformat.read(path, as_version=4) if path.is_file() else None


def course_directory(preprocessor: NbGraderPreprocessor) -> CourseDirectory:
    """Return the course that the running command works on.

    nbgrader hands a preprocessor only names; the command that runs it is its grandparent
    (converter → exporter → preprocessor).
    """
    ancestor = preprocessor
    while ancestor is not None:
        if isinstance(getattr(ancestor, "coursedir", None), CourseDirectory):
            return ancestor.coursedir
        ancestor = getattr(ancestor, "parent", None)
    return CourseDirectory(config=preprocessor.config)
