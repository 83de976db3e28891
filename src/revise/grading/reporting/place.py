"""Where the marks of a class are: a gradebook, and the folders of its course where it has them."""

import contextlib
import glob
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from revise.course import Course
from revise.errors import NoGradebook
from revise.grading.folder import course_folder
from revise.grading.released import read_edition, released_folder


@dataclass(frozen=True)
class Place:
    """A gradebook that can be read, and nbgrader's view of the course's folders, or None."""

    engine: Engine
    course: CourseDirectory | None = None

    @property
    def gradebook(self) -> str:
        """The gradebook as a person would name it; never its password."""
        return self.engine.url.database or self.engine.url.render_as_string()

    @property
    def root(self) -> Path | None:
        """The course's folder, or None."""
        return Path(self.course.root) if self.course else None

    def editions(self, assignment: str, names: set[str]) -> dict[str, NotebookNode]:
        """Return what was released of an assignment; where that is gone, the teacher's edition."""
        found = {}
        for name in names if self.course else ():
            source = Path(
                self.course.format_path(self.course.source_directory, ".", assignment),
                f"{name}.ipynb",
            )
            for path in (released_folder(self.course, assignment) / source.name, source):
                with contextlib.suppress(Exception):  # nbformat raises what it happens to meet
                    found.setdefault(name, read_edition(path))
        return found

    def handed_in(self, assignment: str) -> set[str]:
        """Return whose folders are in ``submitted/``, graded or not."""
        if self.course is None:
            return set()
        step = self.course.submitted_directory
        pattern = self.course.format_path(step, "*", glob.escape(assignment))
        return {Path(folder).parent.name for folder in glob.glob(pattern)}

    def graded_notebook(self, learner: str, assignment: str, notebook: str) -> Path:
        """Return where nbgrader keeps a graded notebook; only for a place with folders."""
        step = self.course.autograded_directory
        folder = self.course.format_path(step, learner, assignment)
        return Path(folder, f"{notebook}.ipynb")


@contextmanager
def opened(where: "Gradebook | Course | Path | str | None" = None) -> Iterator[Place]:
    """Give the place of ``where``, a gradebook of nbgrader's, its file, or a course or its folder.

    By default it is the course of the current folder. Raises ``NoCourse`` and ``NoGradebook``.
    """
    if isinstance(where, Gradebook):
        yield Place(where.engine)
        return
    path = where.root if isinstance(where, Course) else where
    if path is not None and not Path(path).is_dir():
        place = Place(_engine(f"sqlite:///{path}"))
    else:
        course = _settings(course_folder(path))
        place = Place(_engine(course.db_url), course)
    try:
        yield place
    finally:
        place.engine.dispose()


def _engine(url: str) -> Engine:
    """Return an engine. Raises ``NoGradebook``: SQLite would make a file that is not there."""
    file = make_url(url)
    if file.get_backend_name() == "sqlite" and not Path(file.database or "").is_file():
        raise NoGradebook.at(file.database)
    return create_engine(url)


def _settings(root: Path) -> CourseDirectory:
    """Return nbgrader's settings of the course in ``root``, as its commands have them there."""
    with contextlib.chdir(root):
        app = NbGrader()
        app.initialize([f"--course-dir={root}", "--log-level=CRITICAL"])
    return app.coursedir
