"""The marks of a class: every learner, every assignment, points by exercise."""

import contextlib
import difflib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from revise.course import Course
from revise.errors import NoCourse, NoMarks, UnknownAssignment, UnknownSection
from revise.grading.reporting import gradebook, outline
from revise.grading.reporting.gradebook import Learner, Sheet
from revise.grading.reporting.outline import Exercise
from revise.grading.reporting.place import Place
from revise.headings import title


class Standing(StrEnum):
    """How far a learner's submission is."""

    GRADED = "graded"
    WAITING = "graded in part"
    """At least one cell waits for a teacher's mark."""
    NOT_GRADED = "not graded yet"
    """It was handed in, and the gradebook has no mark of it."""
    MISSING = "missing"


@dataclass(frozen=True)
class Marks:
    """One learner's marks in one assignment."""

    points: tuple[float, ...]
    """Points earned, by exercise."""
    penalty: float = 0.0
    waiting: int = 0
    flagged: bool = False

    @cached_property
    def earned(self) -> float:
        return math.fsum(self.points)

    @property
    def mark(self) -> float:
        """What counts, by the rule of ``nbgrader export``: a late penalty takes off, never below 0."""
        return max(0.0, self.earned - self.penalty)


@dataclass(frozen=True)
class Assignment:
    """An assignment of which something is graded."""

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    marks: dict[str, Marks]
    """By the learner's id; only of those whose submission is in the gradebook."""
    handed_in: set[str] = field(default_factory=set)

    @cached_property
    def of(self) -> float:
        """The most points that can be earned."""
        return math.fsum(exercise.of for exercise in self.exercises)

    def standing(self, learner: str) -> Standing:
        if marks := self.marks.get(learner):
            return Standing.WAITING if marks.waiting else Standing.GRADED
        return Standing.NOT_GRADED if learner in self.handed_in else Standing.MISSING


@dataclass(frozen=True)
class ClassMarks:
    """A class: its learners by name, its assignments, and the names of those not graded yet."""

    learners: tuple[Learner, ...]
    assignments: tuple[Assignment, ...]
    ungraded: tuple[str, ...] = ()

    @property
    def notebooks(self) -> int:
        """How many graded notebooks there should be."""
        return sum(
            len(one.marks) * len({exercise.notebook for exercise in one.exercises})
            for one in self.assignments
        )


def class_marks(place: Place, asked: str | None = None) -> ClassMarks:
    """Return the marks of the assignment ``asked`` (``02``, or its name), by default of all.

    Raises ``UnknownAssignment``, ``NoMarks``, and ``GradebookUnusable``.
    """
    with gradebook.reading(place.engine) as connection:
        keys = gradebook.assignments(connection)
        names = list(keys) if asked is None else [assignment_named(asked, list(keys), place)]
        sheets = [gradebook.sheet(connection, name, keys[name]) for name in names]
        learners = gradebook.learners(connection)
    graded = tuple(_assignment(sheet, place) for sheet in sheets if sheet.submissions)
    if not graded:
        raise NoMarks.of(asked and names[0], place.gradebook)
    ungraded = tuple(sheet.assignment for sheet in sheets if not sheet.submissions)
    return ClassMarks(tuple(_everyone(learners, graded)), graded, ungraded)


def assignment_named(asked: str, known: list[str], place: Place) -> str:
    """Return the assignment that ``asked`` means: itself, or a section's number or id.

    Raises ``UnknownAssignment``, which suggests the nearest name.
    """
    if asked in known:
        return asked
    section = asked
    with contextlib.suppress(NoCourse, UnknownSection, OSError):
        section = Course.find(place.root).section(asked).name
    if section in known:
        return section
    close = difflib.get_close_matches(section, known, n=1)
    raise UnknownAssignment.named(section, known, close[0] if close else None)


def _assignment(sheet: Sheet, place: Place) -> Assignment:
    notebooks = {cell.notebook for cell in sheet.cells}
    editions = place.editions(sheet.assignment, notebooks)
    exercises = tuple(outline.exercises(sheet.cells, editions))
    marks = {
        learner: Marks(
            tuple(math.fsum(one.points[cell] for cell in exercise.places) for exercise in exercises),
            one.penalty, one.waiting, one.flagged,
        )
        for learner, one in sheet.submissions.items()
    }  # fmt: skip
    named = title(editions[min(editions)]) if len(editions) == 1 else ""
    handed_in = place.handed_in(sheet.assignment)
    return Assignment(sheet.assignment, named or sheet.assignment, exercises, marks, handed_in)


def _everyone(learners: list[Learner], assignments: tuple[Assignment, ...]) -> Iterator[Learner]:
    """Yield the learners by name; who handed in and is not in the gradebook yet is one of them."""
    known = {one.id: one for one in learners}
    for assignment in assignments:
        for id in assignment.handed_in:
            known.setdefault(id, Learner(id))
    yield from sorted(
        known.values(),
        key=lambda one: (one.last_name.casefold(), one.first_name.casefold(), one.id),
    )
