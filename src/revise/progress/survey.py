"""What the attempts say of the course: the state of each concept, and the points.

A check *holds* when its latest attempt passed. A concept is judged by all visible checks of the
exercises that grade it:

``mastered``
    every one of them holds;
``shaky``
    some hold and some do not, whether those failed or were never tried;
``failed``
    some were tried, and none holds;
``untouched``
    none was tried, or no exercise grades it yet.

So a concept can be lost again, by a later attempt that fails, and won back. Points cannot: a check
that passed once has earned its points, as they are in today's course.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from revise.course import Course, Section
from revise.progress.attempts import Attempt
from revise.progress.checks import Check, read


class State(StrEnum):
    """How a concept stands, the best first."""

    MASTERED = "mastered"
    SHAKY = "shaky"
    FAILED = "failed"
    UNTOUCHED = "untouched"


@dataclass(frozen=True)
class Concept:
    """A concept of the syllabus, and how many of its checks hold, were tried, and there are."""

    id: str
    state: State
    hold: int
    tried: int
    of: int

    @property
    def name(self) -> str:
        """The last part of its id: ``one-to-many``."""
        return self.id.rpartition(".")[2]


@dataclass(frozen=True)
class Topic:
    """A topic of a section, with its concepts in the syllabus' order."""

    title: str
    concepts: tuple[Concept, ...]


@dataclass(frozen=True)
class SectionSurvey:
    """How one section stands; the points are those of its visible checks."""

    name: str
    title: str
    topics: tuple[Topic, ...]
    points: float
    of: float

    @property
    def concepts(self) -> tuple[Concept, ...]:
        return tuple(concept for topic in self.topics for concept in topic.concepts)

    @property
    def heading(self) -> str:
        """Its number and title: ``2 Django Fundamentals``."""
        return f"{self.name.partition('_')[0].lstrip('0')} {self.title}"

    def count(self, state: State) -> int:
        """Return how many of the section's concepts are in ``state``."""
        return sum(concept.state == state for concept in self.concepts)


def survey(course: Course, attempts: Iterable[Attempt]) -> list[SectionSurvey]:
    """Return how each section of the syllabus stands after ``attempts``, the oldest first.

    The checks are read from the published notebooks. An attempt at a check that the course does not
    have any more says nothing.
    """
    attempts = list(attempts)
    return [survey_section(section, attempts) for section in course.sections]


def survey_section(section: Section, attempts: Iterable[Attempt]) -> SectionSurvey:
    """Return how ``section`` stands; one that is not published has no points yet."""
    attempts = list(attempts)
    latest = {attempt.cell: attempt.passed for attempt in attempts}
    earned = {attempt.cell for attempt in attempts if attempt.passed}
    checks = [one for one in read(section.notebook).by_cell.values() if not one.hidden]
    concepts = [_concept(id, checks, latest) for id in section.concepts]
    return SectionSurvey(
        name=section.name,
        title=section.title,
        topics=tuple(
            Topic(title, tuple(one for one in concepts if one.id.startswith(f"{topic}.")))
            for topic, title in section.topics
        ),
        points=sum(check.points for check in checks if check.cell in earned),
        of=sum(check.points for check in checks),
    )


def _concept(id: str, checks: list[Check], latest: dict[str, bool]) -> Concept:
    cells = [check.cell for check in checks if id in check.concepts]
    tried = [latest[cell] for cell in cells if cell in latest]
    hold = sum(tried)
    if not tried:
        state = State.UNTOUCHED
    elif hold == len(cells):
        state = State.MASTERED
    else:
        state = State.SHAKY if hold else State.FAILED
    return Concept(id, state, hold, len(tried), len(cells))
