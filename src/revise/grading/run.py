"""Run a learner's answers in the published edition and mark each exercise."""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from nbformat import NotebookNode, from_dict

from revise import answers, execution
from revise.grading.said import said_by
from revise.headings import heading

# A kernel that an answer ended is started again without that answer, this many times.
MOST_DEATHS = 5


class State(StrEnum):
    """What came of an exercise."""

    PASSED = "passed"
    FAILED = "failed"
    BLANK = "not attempted"


@dataclass
class Result:
    """An exercise's visible points, and the words of the first check that took some away."""

    id: str
    title: str
    state: State = State.BLANK
    points: float = 0.0
    of: float = 0.0
    hidden: float = 0.0
    """The points of its hidden checks, which are not run."""
    words: str = ""
    concepts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """A result per exercise, and the notebook in which those that ended the kernel are skipped."""

    results: list[Result]
    notebook: NotebookNode
    deadly: dict[str, str]
    """By exercise, what is to be said of the cell that ended the kernel."""


def run(answered: NotebookNode, edition: NotebookNode) -> Run:
    """Run ``answered`` (the edition with a learner's answers) and mark each exercise.

    An answer that ends the kernel costs its own exercise and no other: the rest is run again
    without it. Raises ``KernelMissing`` when the edition's kernel is not installed.
    """
    ready = _without_hidden_checks(answered)
    deadly: dict[str, str] = {}
    for _ in range(MOST_DEATHS):
        executed = execution.execute(ready)
        culprit = _ended_by(executed)
        exercise = answers.exercise(culprit) if culprit else None
        if exercise is None or exercise in deadly:
            break
        deadly[exercise] = (
            f"The cell {culprit.id} ended the kernel or never ended. Look for an endless loop or an exit."
        )
        ready = _without(exercise, ready)
    stopped = (
        f"The check did not run: the kernel ended at the cell {culprit.id}." if culprit else ""
    )
    return Run(_results(executed, edition, deadly, stopped), ready, deadly)


def _results(
    executed: NotebookNode, edition: NotebookNode, deadly: dict[str, str], stopped: str
) -> list[Result]:
    marks = {mark.cell: mark for mark in execution.marks(executed)}
    results = _blank_results(edition)
    written = _written(executed, edition)
    for cell in executed.cells:
        mark = marks.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        result = results.get(answers.exercise(cell))
        if mark is None or result is None:
            continue
        if cell.metadata.revise.get("hidden"):
            result.hidden += mark.of
            continue
        result.points += mark.points
        result.of += mark.of
        if mark.points < mark.of and not result.words:
            result.words = said_by(cell).words or stopped or "The check did not run."
    for result in results.values():
        if result.id in deadly:
            result.words, result.points = deadly[result.id], 0.0
        if result.id in written:
            result.state = State.PASSED if result.points >= result.of else State.FAILED
    return list(results.values())


def _blank_results(edition: NotebookNode) -> dict[str, Result]:
    titles: dict[str, str] = {}
    concepts: dict[str, list[str]] = defaultdict(list)
    for cell in edition.cells:
        if id := answers.exercise(cell):
            if answers.role(cell) == "task":
                titles[id] = heading(cell.source) or id
            titles.setdefault(id, id)
            concepts[id] += [
                one for one in cell.metadata.revise.get("concepts", []) if one not in concepts[id]
            ]
    return {id: Result(id, title, concepts=concepts[id]) for id, title in titles.items()}


def _written(executed: NotebookNode, edition: NotebookNode) -> set[str]:
    """Return the exercises in which an answer differs from the starter in more than white space."""
    starters = {cell.id: cell.source.split() for cell in edition.cells}
    return {
        answers.exercise(cell)
        for cell in executed.cells
        if answers.role(cell) == answers.ANSWER and cell.source.split() != starters.get(cell.id)
    }


def _without_hidden_checks(notebook: NotebookNode) -> NotebookNode:
    copy = from_dict(notebook)
    for cell in copy.cells:
        if cell.metadata.get("revise", {}).get("hidden"):
            cell.source = ""
    return copy


def _without(exercise: str, notebook: NotebookNode) -> NotebookNode:
    """Return a copy in which nbclient and nbval skip the cells of ``exercise``; their sources stay."""
    copy = from_dict(notebook)
    for cell in copy.cells:
        if cell.cell_type == "code" and answers.exercise(cell) == exercise:
            cell.metadata.tags = [*cell.metadata.get("tags", []), "skip-execution", "nbval-skip"]
    return copy


def _ended_by(executed: NotebookNode) -> NotebookNode | None:
    """Return the cell in which the kernel died, as ``execution.execute`` records it."""
    for cell in executed.cells:
        if any(output.get("ename") == "DeadKernelError" for output in cell.get("outputs", [])):
            return cell
    return None
