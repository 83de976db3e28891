"""Points per concept: what a class and each of its learners knows."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from revise.grading.reporting.marks import Assignment
from revise.grading.reporting.statistics import share


@dataclass(frozen=True)
class Concept:
    """A concept, and the points that each learner earned of those they could, by the learner's id."""

    id: str
    earned: dict[str, float]
    of: dict[str, float]

    def share(self, learner: str) -> float | None:
        """Return a learner's points in per cent; None for who handed in no exercise of it."""
        return share(self.earned[learner], self.of[learner]) if learner in self.of else None

    @cached_property
    def mean(self) -> float | None:
        """The class's points in per cent, of what those who handed in could earn."""
        return share(math.fsum(self.earned.values()), math.fsum(self.of.values()))


def concepts(assignments: Iterable[Assignment]) -> list[Concept]:
    """Return the concepts of ``assignments``, the weakest first.

    An exercise's points count in full for each of its concepts, as on the feedback page
    (``revise.grading.feedback.summary.per_concept``).
    """
    found: dict[str, Concept] = {}
    for assignment in assignments:
        for place, exercise in enumerate(assignment.exercises):
            for id in exercise.concepts:
                concept = found.setdefault(id, Concept(id, {}, {}))
                for learner, marks in assignment.marks.items():
                    earned = concept.earned.get(learner, 0.0) + marks.points[place]
                    concept.earned[learner] = earned
                    concept.of[learner] = concept.of.get(learner, 0.0) + exercise.of
    possible = [concept for concept in found.values() if concept.mean is not None]
    return sorted(possible, key=lambda concept: (concept.mean, concept.id))
