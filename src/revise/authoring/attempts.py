"""The attempts that prove a section: reference, blank, each wrong and each other right answer.

An attempt answers every exercise of a notebook at once. That is sound because exercises stand
alone, and it is what makes the proof affordable: the k-th wrong answers of all exercises share
one run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode, from_dict

from revise.answers import Answers, answer_ids, exercise, put, role
from revise.authoring.editions import clear_solutions
from revise.authoring.section import Exercise, SectionText, Variant

CRASH = 'raise RuntimeError("this answer crashes")'


@dataclass(frozen=True)
class Attempt:
    """Answers for the exercises of a notebook, and the variant that each of them was given."""

    label: str
    answers: Answers
    variants: dict[str, Variant] = field(default_factory=dict)
    """By exercise id. When there are any, the exercises without one are left out of the notebook."""
    is_blank: bool = False
    demos: bool = False
    """Whether the demos run too. An exercise may need the notebook's setup cell and no demo."""
    twice: bool = False
    """Whether every check runs twice in a row, as it does under a learner's hands."""

    def notebook(self, bare: NotebookNode) -> NotebookNode:
        """Return ``bare``, the section's notebook with its solutions, answered by this attempt."""
        answered = put(self.answers, bare)
        answered.cells = [cell for cell in answered.cells if self._has(cell)]
        return _with_checks_twice(answered) if self.twice else answered

    def _has(self, cell: NotebookNode) -> bool:
        if role(cell) is None:
            return self.demos
        return exercise(cell) is None or not self.variants or exercise(cell) in self.variants


def every(text: SectionText, bare: NotebookNode) -> list[Attempt]:
    """Return all attempts that prove the section ``text``, whose bare notebook is ``bare``."""
    return [reference(), blank(bare), *wrong(text), *right(text)]


def reference() -> Attempt:
    """Return the attempt that leaves every reference solution in place."""
    return Attempt("the reference", Answers(), demos=True)


def blank(bare: NotebookNode) -> Attempt:
    """Return the attempt that answers nothing."""
    return Attempt("blank", Answers(blank_sources(bare)), is_blank=True)


def blank_sources(bare: NotebookNode) -> dict[str, str]:
    """Return the starter of every answer cell, by cell id."""
    cleared = {cell.id: cell.source for cell in clear_solutions(from_dict(bare)).cells}
    return {id: cleared[id] for id in answer_ids(bare)}


def wrong(text: SectionText) -> Iterator[Attempt]:
    """Yield, for k = 1, 2, …, the attempt that gives every exercise its k-th wrong answer."""
    yield from _variants("wrong", text, lambda exercise: exercise.wrong, twice=False)


def right(text: SectionText) -> Iterator[Attempt]:
    """Yield, for k = 1, 2, …, the attempt that gives every exercise its k-th other right answer."""
    yield from _variants("right", text, lambda exercise: exercise.right, twice=True)


def broken(bare: NotebookNode, blanked: set[str], crashed: set[str]) -> Attempt:
    """Return the attempt that leaves some exercises blank and lets others crash."""
    blanks = blank_sources(bare)
    owner = {cell.id: exercise(cell) for cell in bare.cells if cell.id in blanks}
    sources = {id: source for id, source in blanks.items() if owner[id] in blanked}
    sources |= {id: CRASH for id in blanks if owner[id] in crashed}
    return Attempt("broken", Answers(sources))


def _variants(label, text: SectionText, of, *, twice: bool) -> Iterator[Attempt]:
    most = max((len(of(exercise)) for exercise in text.exercises), default=0)
    for number in range(most):
        chosen = {
            exercise: of(exercise)[number]
            for exercise in text.exercises
            if len(of(exercise)) > number
        }
        sources = _sources(chosen)
        variants = {exercise.id: variant for exercise, variant in chosen.items()}
        yield Attempt(f"{label} answers {number + 1}", Answers(sources), variants, twice=twice)


def _sources(chosen: dict[Exercise, Variant]) -> dict[str, str]:
    return {
        exercise.answer_id(name): source
        for exercise, variant in chosen.items()
        for name, source in variant.sources.items()
    }


def _with_checks_twice(notebook: NotebookNode) -> NotebookNode:
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if role(cell) == "check":
            again = from_dict(cell)
            again.id = again.metadata["nbgrader"]["grade_id"] = f"{cell.id}-again"
            cells.append(again)
    notebook.cells = cells
    return notebook
