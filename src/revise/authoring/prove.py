"""Prove a section: run its attempts, and say which promise of an exercise does not hold."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from revise import answers, execution
from revise.authoring import attempts
from revise.authoring.attempts import Attempt, Given, Kind
from revise.authoring.bare import bare_notebook
from revise.authoring.section import SectionText
from revise.execution import Mark


@dataclass(frozen=True)
class Finding:
    """One promise that an attempt broke: in which exercise, and what came of it."""

    attempt: str
    exercise: str
    what: str

    def __str__(self) -> str:
        return f"{self.exercise}: {self.attempt}: {self.what}"


def only(text: SectionText, exercise: str) -> SectionText:
    """Return ``text`` reduced to the notebook's setup and one exercise."""
    return replace(
        text,
        parts=[part for part in text.parts if (part.exercise.id if part.exercise else None) == exercise
               or (part.role == "setup" and part.exercise is None)],
        exercises=[one for one in text.exercises if one.id == exercise],
    )  # fmt: skip


def prove(
    text: SectionText, *, workers: int = 2, told: Callable[[str], None] = lambda line: None
) -> list[Finding]:
    """Run every attempt of ``text`` and return what they found, in order.

    ``workers`` is the number of notebooks that run at the same time; ``told`` is called with a
    line as each attempt ends.
    """
    bare = bare_notebook(text)

    def run(attempt: Attempt) -> list[Finding]:
        found = judge(attempt, text, execution.execute(attempt.notebook(bare)))
        # Of one exercise alone it is worth saying which answer this was.
        name = ", ".join(map(str, attempt.given.values())) if len(text.exercises) == 1 else ""
        told(f"{name or attempt.label}: {'holds' if not found else f'{len(found)} findings'}")
        return found

    with ThreadPoolExecutor(workers) as pool:
        return [finding for found in pool.map(run, attempts.every(text, bare)) for finding in found]


def judge(attempt: Attempt, text: SectionText, executed: NotebookNode) -> list[Finding]:
    """Return what an executed attempt shows against the promises of the section's exercises."""
    earned: dict[str, list[Mark]] = defaultdict(list)
    for mark in execution.marks(executed):
        earned[mark.exercise].append(mark)
    findings = []
    for exercise in text.exercises:
        if given := attempt.given.get(exercise.id):
            label = (
                f"{attempt.label}, {given}" if given.kind is not Kind.REFERENCE else attempt.label
            )
            findings += [
                Finding(label, exercise.id, what) for what in _broken(given, earned[exercise.id])
            ]
    if attempt.demos:
        findings += _noisy_cells(executed)
    return findings


def _broken(given: Given, marks: list[Mark]) -> Iterator[str]:
    """Yield how an exercise's marks break what is promised of the answer that it was given."""
    match given.kind:
        case Kind.BLANK | Kind.CRASH:
            return _earned_something(marks, given)
        case Kind.WRONG:
            return _not_caught(marks, given.variant.says)
        case Kind.REFERENCE | Kind.RIGHT:
            return _not_full(marks)


def _earned_something(marks: list[Mark], given: Given) -> Iterator[str]:
    for mark in marks:
        if mark.points > 0:
            yield f"{mark.cell} gives {mark.points:g} points to a {given} answer"


def _not_caught(marks: list[Mark], says: str) -> Iterator[str]:
    if all(mark.points == mark.of for mark in marks):
        yield "it loses no points"
    elif not any(says in mark.words for mark in marks):
        shown = " | ".join(mark.words for mark in marks if mark.points < mark.of)
        yield f"the words {says!r} are not shown, but: {shown}"


def _not_full(marks: list[Mark]) -> Iterator[str]:
    for mark in marks:
        if mark.points < mark.of:
            why = mark.words or (f"on stderr: {mark.stderr}" if mark.stderr else "it did not run")
            yield f"{mark.cell} gives {mark.points:g} of {mark.of:g} points: {why}"


def _noisy_cells(executed: NotebookNode) -> Iterator[Finding]:
    """A demo or a setup that raises or writes on stderr is as broken as a check that does."""
    for cell in executed.cells:
        if cell.cell_type != "code" or answers.role(cell) == "check":
            continue
        if said := execution.complaint(cell):
            yield Finding(
                "the reference", answers.exercise(cell) or cell.id, f"cell {cell.id} says {said}"
            )
