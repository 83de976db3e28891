"""Sum up a graded notebook: points per exercise and concept, and what to revise next."""

from collections import defaultdict
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from revise import answers
from revise.grading.feedback.course_cells import is_hidden
from revise.grading.said import Said, said_by
from revise.headings import heading, title

MOST_TO_REVISE = 5
# What nbgrader writes where an answer is untouched; the page says it in its own words.
NO_RESPONSE = "No response."


@dataclass
class Points:
    """Points earned, of those that could be."""

    earned: float = 0.0
    of: float = 0.0

    def add(self, earned: float, of: float) -> None:
        self.earned += earned
        self.of += of

    @property
    def lost(self) -> float:
        return self.of - self.earned

    def __str__(self) -> str:
        return f"{round(self.earned, 2):g} / {round(self.of, 2):g}"


@dataclass
class Check:
    """A graded cell as the page shows it; a hidden one has neither words nor behaviour."""

    behaviour: str
    points: Points
    hidden: bool
    said: Said

    @property
    def passed(self) -> bool:
        return self.points.lost <= 0


@dataclass
class Exercise:
    """An exercise as the page shows it."""

    id: str
    title: str
    task: str = ""
    attempted: bool = False
    points: Points = field(default_factory=Points)
    concepts: list[str] = field(default_factory=list)
    answers: list[tuple[str, Said]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        if self.points.lost <= 0:
            return "✓"
        return "✗" if self.attempted else "–"


class Summarise(NbGraderPreprocessor):
    """Set ``resources["revise"]`` to all that the page shows; the notebook is not changed.

    Adds ``title``, ``said`` (what was out of the ordinary about the submission; never the flags,
    which are the teacher's), ``exercises``, ``concepts`` (id → points, in the notebook's order) and
    ``next`` (the concepts that lost most of their points, first the worst).
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        revise = resources["revise"]
        release = revise["release"]
        exercises = gather(nb, release)
        concepts = per_concept(exercises)
        told = nb.metadata.get("revise", {})
        revise |= {
            "said": [*filter(None, [told.get("reason")]), *told.get("notes", [])],
            "title": title(release) or resources["nbgrader"]["notebook"],
            "exercises": exercises,
            "concepts": concepts,
            "next": to_revise(concepts),
        }
        return nb, resources


def gather(nb: NotebookNode, release: NotebookNode | None) -> list[Exercise]:
    """Return the exercises of a graded notebook; the learner's own cells go with the one above."""
    starters = {cell.id: cell.source for cell in release.cells} if release else {}
    tasks = (
        {
            answers.exercise(cell): cell.source
            for cell in release.cells
            if answers.role(cell) == "task"
        }
        if release
        else {}
    )
    exercises: dict[str, Exercise] = {}
    current = None
    for cell in nb.cells:
        if id := answers.exercise(cell):
            task = tasks.get(id, "")
            current = exercises.setdefault(id, Exercise(id, heading(task) or id, task))
        elif not _is_own(cell, starters):
            current = None  # a lesson's cell: what follows it belongs to no exercise
        if current is not None:
            _place(cell, current, starters)
    return list(exercises.values())


def _place(cell: NotebookNode, exercise: Exercise, starters: dict[str, str]) -> None:
    nbgrader = cell.metadata.get("nbgrader", {})
    role = answers.role(cell)
    if nbgrader.get("grade"):
        points = Points(nbgrader.get("score") or 0.0, nbgrader.get("points") or 0.0)
        exercise.points.add(points.earned, points.of)
        exercise.concepts += [
            one for one in cell.metadata.revise.get("concepts", []) if one not in exercise.concepts
        ]
        hidden = is_hidden(cell)
        behaviour = (
            "" if hidden else cell.metadata.revise.get("behaviour", nbgrader.get("grade_id", ""))
        )
        exercise.checks.append(
            Check(behaviour, points, hidden, Said() if hidden else said_by(cell))
        )
    elif role == "answer" or role is None:
        exercise.answers.append((cell.source, said_by(cell)))
        blank = starters.get(cell.get("id"), "").split()
        exercise.attempted |= cell.source.split() != blank
    if (comment := nbgrader.get("comment")) and comment != NO_RESPONSE:
        exercise.comments.append(comment)


def per_concept(exercises: list[Exercise]) -> dict[str, Points]:
    """Return the points of each concept: those of every exercise that carries it."""
    concepts: dict[str, Points] = defaultdict(Points)
    for exercise in exercises:
        for concept in exercise.concepts:
            concepts[concept].add(exercise.points.earned, exercise.points.of)
    return dict(concepts)


def to_revise(concepts: dict[str, Points]) -> list[str]:
    """Return the concepts to revise next: those that lost the largest part of their points."""
    lost = [concept for concept, points in concepts.items() if points.lost > 0]
    return sorted(lost, key=lambda one: concepts[one].earned / concepts[one].of)[:MOST_TO_REVISE]


def _is_own(cell: NotebookNode, starters: dict[str, str]) -> bool:
    """Return whether a cell is the learner's own; without a release nobody can tell."""
    return bool(starters) and cell.cell_type == "code" and cell.get("id") not in starters
