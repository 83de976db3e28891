"""Where a course keeps its things, and what its syllabus asks for."""

import difflib
import os
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from revise.errors import NoCourse, UnknownSection

MARKER = "sections/syllabus.toml"


@dataclass(frozen=True)
class Section:
    """One section of the course: its names and the files that belong to it."""

    course: "Course"
    name: str
    """The slug that its folder and files carry, such as ``02_django_fundamentals``."""
    id: str
    """The first part of its concepts' ids, such as ``django``."""
    title: str
    concepts: tuple[str, ...]
    """The full ids of its concepts, in the syllabus' order."""
    topics: tuple[tuple[str, str], ...] = ()
    """The ids (``django.models``) and titles of its topics, in the same order."""

    @property
    def text(self) -> Path:
        return self.course.root / "sections" / f"{self.name}.md"

    @property
    def source(self) -> Path:
        return self.course.root / "source" / self.name / f"{self.name}.ipynb"

    @property
    def notebook(self) -> Path:
        return self.course.root / "notebooks" / f"{self.name}.ipynb"

    @property
    def work(self) -> Path:
        return self.course.root / "work" / f"{self.name}.ipynb"


@dataclass(frozen=True)
class Course:
    """A course on disk: the folder that holds ``sections/``, ``source/`` and ``notebooks/``."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Course":
        """Return the course that ``start`` (default: the current folder) lies in.

        ``REVISE_COURSE`` in the environment names the folder when set. Raises ``NoCourse``
        when no folder from ``start`` upwards is one.
        """
        if start is None and (named := os.environ.get("REVISE_COURSE")):
            start = Path(named)
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / MARKER).is_file():
                return cls(folder)
        raise NoCourse.above(start)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every section of the syllabus, in order, whether its text is written or not."""
        syllabus = tomllib.loads((self.root / MARKER).read_text())
        return tuple(
            Section(
                course=self,
                name=entry["notebook"],
                id=entry["id"],
                title=entry["title"],
                concepts=tuple(
                    f"{entry['id']}.{topic['id']}.{concept}"
                    for topic in entry["topics"]
                    for concept in topic["concepts"]
                ),
                topics=tuple(
                    (f"{entry['id']}.{topic['id']}", topic["title"]) for topic in entry["topics"]
                ),
            )
            for entry in syllabus["section"]
        )

    @property
    def written(self) -> tuple[Section, ...]:
        """The sections whose text exists."""
        return tuple(section for section in self.sections if section.text.is_file())

    def section(self, name: str) -> Section:
        """Return the section called ``name``: its number, id or slug (``02``, ``django``).

        Raises ``UnknownSection``, which suggests the nearest name, when there is none.
        """
        for section in self.sections:
            number = section.name.partition("_")[0]
            if name in (section.name, section.id, number, number.lstrip("0")):
                return section
        names = [key for section in self.sections for key in (section.name, section.id)]
        close = difflib.get_close_matches(name, names, n=1)
        raise UnknownSection.named(name, close[0] if close else None)
