"""The catalogue of exercises, for other tools and for the test that every concept is graded."""

from dataclasses import dataclass

from revise.authoring.build import load
from revise.course import Course


@dataclass(frozen=True)
class Entry:
    """One exercise of the course; ``hints``, ``wrong`` and ``right`` are counts."""

    id: str
    section: str
    concepts: tuple[str, ...]
    points: float
    hints: int
    wrong: int
    right: int


def catalogue(course: Course) -> list[Entry]:
    """Return every exercise of the course's written sections, in order."""
    return [
        Entry(
            id=exercise.id,
            section=section.id,
            concepts=exercise.concepts,
            points=exercise.points,
            hints=len(exercise.hints),
            wrong=len(exercise.wrong),
            right=len(exercise.right),
        )
        for section in course.written
        for exercise in load(section).exercises
    ]
