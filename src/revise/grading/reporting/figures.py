"""A report as figures: all that its page, its table and its JSON show, computed once."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from revise.grading.reporting.autograded import Remark, Seen, Words
from revise.grading.reporting.concepts import Concept, concepts
from revise.grading.reporting.marks import Assignment, ClassMarks, Learner, Standing
from revise.grading.reporting.outline import Exercise
from revise.grading.reporting.statistics import (
    Discrimination,
    Spread,
    discrimination,
    facility,
    share,
    spread,
)


@dataclass(frozen=True)
class Row:
    """A learner's line: the mark, of what, and how far each assignment is."""

    learner: Learner
    mark: float
    of: float
    penalty: float
    standings: tuple[Standing, ...]
    remarks: int

    @property
    def handed_in(self) -> bool:
        """Whether there is any mark of theirs."""
        return any(one in (Standing.GRADED, Standing.WAITING) for one in self.standings)

    @property
    def percent(self) -> float | None:
        return share(self.mark, self.of) if self.handed_in else None


@dataclass(frozen=True)
class Item:
    """An exercise and its statistics; ``blank`` is None where no graded notebook was looked at."""

    assignment: Assignment
    exercise: Exercise
    facility: float | None
    discrimination: Discrimination
    blank: int | None
    words: Counter[Words]


@dataclass(frozen=True)
class Report:
    """A report of one assignment, or of all. ``seen`` is None where only the marks were asked for."""

    marks: ClassMarks
    seen: Seen | None = None

    @property
    def name(self) -> str:
        """What the report's files are called."""
        (first, *others) = self.marks.assignments
        return "all" if others or self.marks.ungraded else first.name

    @property
    def title(self) -> str:
        (first, *others) = self.marks.assignments
        return f"All assignments ({len(others) + 1})" if others else first.title

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The learners by name. A missing submission counts 0 in a sum of several assignments."""
        per_learner = Counter(one.learner for one in self.remarks)
        return tuple(self._row(learner, per_learner) for learner in self.marks.learners)

    @cached_property
    def spread(self) -> Spread | None:
        """Of those who handed in."""
        return spread(self.percents)

    @cached_property
    def percents(self) -> list[float]:
        return [row.percent for row in self.rows if row.percent is not None]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The exercises, the hardest first."""
        items = [item for one in self.marks.assignments for item in self._items(one)]
        return tuple(sorted(items, key=lambda item: (item.facility is None, item.facility or 0)))

    @cached_property
    def concepts(self) -> list[Concept]:
        """The concepts, the weakest first; none where no release says what they are."""
        return concepts(self.marks.assignments)

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """What is worth a teacher's look: flags of suspicion first."""
        found = [*(self.seen.remarks if self.seen else ()), *self._in_gradebook()]
        names = {learner.id: number for number, learner in enumerate(self.marks.learners)}
        return tuple(sorted(found, key=lambda one: (one.kind, names[one.learner], one.assignment)))

    def _in_gradebook(self) -> list[Remark]:
        remarks = []
        for assignment in self.marks.assignments:
            for learner, marks in assignment.marks.items():
                if marks.flagged:
                    words = "flagged in formgrader"
                    remarks.append(Remark(learner, assignment.name, "flag", words))
                if marks.waiting:
                    words = f"{marks.waiting} of its cells wait for a teacher's mark"
                    remarks.append(Remark(learner, assignment.name, "waiting", words))
        return remarks

    def _row(self, learner: Learner, remarks: Counter[str]) -> Row:
        every = self.marks.assignments
        marks = [one.marks[learner.id] for one in every if learner.id in one.marks]
        return Row(
            learner,
            math.fsum(one.mark for one in marks),
            math.fsum(one.of for one in every),
            math.fsum(one.penalty for one in marks),
            tuple(one.standing(learner.id) for one in every),
            remarks[learner.id],
        )

    def _items(self, assignment: Assignment) -> list[Item]:
        everyone = list(assignment.marks.values())
        totals = [one.earned for one in everyone]
        looked = self.seen is not None and self.seen.read > 0
        items = []
        for place, exercise in enumerate(assignment.exercises):
            points = [one.points[place] for one in everyone]
            key = (assignment.name, exercise.notebook, exercise.id)
            items.append(
                Item(
                    assignment, exercise, facility(points, exercise.of),
                    discrimination(points, totals),
                    self.seen.blank[key] if looked else None,
                    self.seen.words.get(key, Counter()) if looked else Counter(),
                )
            )  # fmt: skip
        return items
