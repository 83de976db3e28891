"""The attempts that prove a section: the reference, and rounds in which every answer has its turn.

An attempt answers every exercise of a notebook at once. That is sound because exercises stand
alone, and it is what makes the proof affordable: a round gives one exercise its third wrong answer,
another one an answer that crashes, a third its other right answer. So the same round shows that
the broken ones lose their points and that they cost the others none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from nbformat import NotebookNode, from_dict

from revise.answers import Answers, answer_ids, exercise, put, role
from revise.authoring.editions import clear_solutions
from revise.authoring.rounds import plan
from revise.authoring.section import Exercise, SectionText, Variant

CRASH = 'raise RuntimeError("this answer crashes")'


class Kind(Enum):
    """What an exercise is given for an answer; the value is how it is told."""

    REFERENCE = "the reference"
    BLANK = "blank"
    CRASH = "crashing"
    WRONG = "wrong answer"
    RIGHT = "other right answer"


@dataclass(frozen=True)
class Given:
    """What one exercise is given in an attempt."""

    kind: Kind
    variant: Variant | None = None
    """Of a wrong or another right answer."""

    def __str__(self) -> str:
        return f"{self.kind.value}{f' ({self.variant.title})' if self.variant else ''}"


REFERENCE, BLANK, CRASHING = Given(Kind.REFERENCE), Given(Kind.BLANK), Given(Kind.CRASH)


@dataclass(frozen=True)
class Attempt:
    """Answers for the exercises of a notebook, and what each exercise was given."""

    label: str
    answers: Answers
    given: dict[str, Given] = field(default_factory=dict)
    """By exercise id; an exercise that is given nothing is left out of the notebook."""
    demos: bool = False
    """Whether the demos run too. An exercise may need the notebook's setup cell and no demo."""

    def notebook(self, bare: NotebookNode) -> NotebookNode:
        """Return ``bare``, the section's notebook with its solutions, answered by this attempt.

        The checks of another right answer run twice in a row, as they do under a learner's hands.
        """
        answered = put(self.answers, bare)
        answered.cells = [copy for cell in answered.cells for copy in self._copies(cell)]
        return answered

    def _copies(self, cell: NotebookNode) -> Iterator[NotebookNode]:
        given = self.given.get(exercise(cell))
        if exercise(cell) is None:
            if role(cell) is not None or self.demos:
                yield cell
        elif given is not None:
            yield cell
            if given.kind is Kind.RIGHT and role(cell) == "check":
                again = from_dict(cell)
                again.id = again.metadata["nbgrader"]["grade_id"] = f"{cell.id}-again"
                yield again


def every(text: SectionText, bare: NotebookNode) -> list[Attempt]:
    """Return all attempts that prove the section ``text``, whose bare notebook is ``bare``."""
    return [reference(text), *rounds(text, bare)]


def reference(text: SectionText) -> Attempt:
    """Return the attempt that leaves every reference solution in place."""
    given = {exercise.id: REFERENCE for exercise in text.exercises}
    return Attempt(Kind.REFERENCE.value, Answers(), given, demos=True)


def rounds(text: SectionText, bare: NotebookNode) -> Iterator[Attempt]:
    """Yield attempts in which every exercise is once blank, once crashes, and has each variant."""
    blanks = blank_sources(bare)
    broken = {
        one.id: [BLANK, CRASHING, *(Given(Kind.WRONG, variant) for variant in one.wrong)]
        for one in text.exercises
    }
    right = {
        one.id: [Given(Kind.RIGHT, variant) for variant in one.right] for one in text.exercises
    }
    planned = plan({id: (len(broken[id]), len(right[id])) for id in broken})
    for number, places in enumerate(planned):
        given = {
            id: _given(broken[id], turn, BLANK) if is_broken else _given(right[id], turn, REFERENCE)
            for id, (is_broken, turn) in places.items()
        }
        sources = {}
        for one in text.exercises:
            if one.id in given:
                sources |= _sources(one, given[one.id], blanks)
        yield Attempt(f"round {number + 1}", Answers(sources), given)


def first_mistakes(text: SectionText) -> Answers:
    """Return the first wrong answer of every exercise."""
    sources = {}
    for one in text.exercises:
        sources |= _sources(one, Given(Kind.WRONG, one.wrong[0]), {})
    return Answers(sources)


def blank_sources(bare: NotebookNode) -> dict[str, str]:
    """Return the starter of every answer cell, by cell id."""
    cleared = {cell.id: cell.source for cell in clear_solutions(from_dict(bare)).cells}
    return {id: cleared[id] for id in answer_ids(bare)}


def _given(answers: list[Given], turn: int, otherwise: Given) -> Given:
    """Return the answer whose turn it is; there may be more turns than answers."""
    return answers[turn] if turn < len(answers) else otherwise


def _sources(exercise: Exercise, given: Given, blanks: dict[str, str]) -> dict[str, str]:
    ids = {name: exercise.answer_id(name) for name in exercise.answers}
    match given.kind:
        case Kind.BLANK:
            return {id: blanks[id] for id in ids.values()}
        case Kind.CRASH:
            return dict.fromkeys(ids.values(), CRASH)
        case Kind.WRONG | Kind.RIGHT:
            return {ids[name]: source for name, source in given.variant.sources.items()}
        case Kind.REFERENCE:
            return {}
