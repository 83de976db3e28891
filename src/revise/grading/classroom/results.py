"""What came of a submission, as the table, the JSON and the next run need it."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from nbformat import NotebookNode
from nbgrader.api import Grade

from revise import answers
from revise.grading.classroom.ledger import Ledger


class Status(StrEnum):
    """What this run did with a submission."""

    GRADED = "graded"
    UNCHANGED = "unchanged"
    """Graded before, from the same submission and release: not run again."""
    FAILED = "failed"
    """Something unexpected: what could not be marked has 0, and a teacher must look at it."""


@dataclass
class Exercise:
    """The points of one exercise."""

    id: str
    points: float = 0.0
    max: float = 0.0


@dataclass
class Result:
    """A submission's marks, what a teacher should look at, and what it took."""

    student: str
    status: Status = Status.GRADED
    score: float = 0.0
    max_score: float = 0.0
    exercises: list[Exercise] = field(default_factory=list)
    flags: list[dict] = field(default_factory=list)
    """``{"cell": id or None, "reason": words}``: suspicion. It never changes a mark."""
    reason: str = ""
    """Why something has no mark of its own, in words; empty when all is marked."""
    seconds: float | None = None
    cpu: float | None = None
    marks: dict[str, float | None] = field(default_factory=dict)
    """What was written to the gradebook, by notebook and cell: ``02/cell-id`` → points."""

    @classmethod
    def from_dict(cls, data: dict) -> "Result":
        """Read what ``as_dict`` wrote. Raises TypeError or ValueError for anything else."""
        exercises = [Exercise(**one) for one in data.pop("exercises")]
        return cls(status=Status(data.pop("status")), exercises=exercises, **data)

    def as_dict(self) -> dict:
        """Return it as plain data."""
        return asdict(self)


def take_notebook(result: Result, notebook: NotebookNode) -> None:
    """Add what a graded notebook says of itself: flags, and the reason where there is one."""
    about = notebook.metadata.get("revise", {})
    result.flags += [dict(flag) for flag in about.get("flags", [])]
    result.reason = "\n".join(filter(None, [result.reason, about.get("reason", "")]))


def take_marks(result: Result, ledger: Ledger, assignment: str, names: dict[str, dict]) -> None:
    """Read the marks of ``result.student``: of ``names``, notebook → cell → exercise."""
    result.score = result.max_score = 0.0
    result.marks, exercises = {}, {}
    for notebook, of_exercise in names.items():
        cells = ledger.max_scores(notebook, assignment)
        for name, grade in ledger.marks(Grade, notebook, assignment, result.student).items():
            most, earned = cells.get(name, 0.0), _score(grade)
            result.marks[f"{notebook}/{name}"] = grade.auto_score
            id = of_exercise.get(name, "")
            exercise = exercises.setdefault(id, Exercise(id))
            exercise.points += earned
            exercise.max += most
            result.score += earned
            result.max_score += most
        submitted = ledger.find_submission_notebook(notebook, assignment, result.student)
        result.score -= submitted.late_submission_penalty or 0.0
    order = {id: number for number, id in enumerate(_order(names))}
    result.exercises = sorted(exercises.values(), key=lambda one: order.get(one.id, len(order)))


def exercises_of(edition: NotebookNode) -> dict[str, str]:
    """Return the exercise of each cell of an edition that can be marked, in order, by grade id."""
    return {
        cell.metadata["nbgrader"]["grade_id"]: answers.exercise(cell) or ""
        for cell in edition.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    }


def totals(results: list[Result]) -> dict:
    """Return the sums that stand below the table."""
    counts: dict[str, int] = defaultdict(int)
    for result in results:
        counts[result.status] += 1
    scored = [result.score for result in results]
    return {
        "submissions": len(results),
        **{status.value: counts[status] for status in Status},
        "flagged": sum(bool(result.flags) for result in results),
        "mean_score": round(sum(scored) / len(scored), 3) if scored else None,
    }


def _score(grade: Grade) -> float:
    """Return what counts, by nbgrader's rule: a teacher's mark before the computed one."""
    mark = grade.auto_score if grade.manual_score is None else grade.manual_score
    return 0.0 if mark is None else mark + (grade.extra_credit or 0.0)


def _order(names: dict[str, dict]) -> list[str]:
    return list(dict.fromkeys(id for cells in names.values() for id in cells.values()))
