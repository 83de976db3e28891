"""The exercises of an edition, each with all of its cells."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from revise import answers
from revise.course import Course, Section
from revise.headings import heading


@dataclass(frozen=True, eq=False)
class Exercise:
    """A whole exercise of a built section, as cells of the section's edition."""

    id: str
    section: str
    """Its section's id, such as ``django``."""
    cells: tuple[NotebookNode, ...]
    start: tuple[NotebookNode, ...]
    """The setup cells of its section, which belong to no exercise and to all."""

    @cached_property
    def points(self) -> float:
        """Return the sum of its checks' points, hidden ones too."""
        return sum(cell.metadata["nbgrader"].get("points", 0) for cell in self._checks())

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """Return the ids of the concepts that its checks grade, each once."""
        graded = (
            one for cell in self._checks() for one in cell.metadata["revise"].get("concepts", [])
        )
        return tuple(dict.fromkeys(graded))

    @cached_property
    def title(self) -> str:
        """Return the heading of its task."""
        tasks = (cell.source for cell in self.cells if answers.role(cell) == "task")
        return next(filter(None, map(heading, tasks)), self.id)

    def _checks(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if answers.role(cell) == "check"]


def read(edition: NotebookNode, section: str) -> list[Exercise]:
    """Return the exercises of ``edition``, which is one of the section with the id ``section``."""
    start: list[NotebookNode] = []
    cells: dict[str, list[NotebookNode]] = {}
    for cell in edition.cells:
        if id := answers.exercise(cell):
            cells.setdefault(id, []).append(cell)
        elif answers.role(cell) == "setup":
            start.append(cell)
    return [Exercise(id, section, tuple(own), tuple(start)) for id, own in cells.items()]


def of_sources(course: Course) -> list[Exercise]:
    """Return every exercise of the built sections, with its solution and hidden checks."""
    return [one for section in course.sections for one in _of(section, section.source)]


def of_published(course: Course) -> list[Exercise]:
    """Return every exercise of the published sections, as learners get it: blank."""
    return [one for section in course.sections for one in _of(section, section.notebook)]


def _of(section: Section, path: Path) -> list[Exercise]:
    if not path.is_file():
        return []
    return read(nbformat.read(path, as_version=4), section.id)
