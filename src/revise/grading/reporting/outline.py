"""What an assignment is made of: its exercises, as the release says, and their concepts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nbformat import NotebookNode

from revise import answers
from revise.grading.reporting.gradebook import Cell
from revise.headings import heading


@dataclass
class Exercise:
    """An exercise, and which cells of the gradebook earn its points."""

    id: str
    notebook: str
    title: str
    of: float = 0.0
    """The most points that it earns."""
    places: list[int] = field(default_factory=list)
    """Where its cells stand in ``Sheet.cells``."""
    concepts: list[str] = field(default_factory=list)


def exercises(cells: Iterable[Cell], editions: dict[str, NotebookNode]) -> list[Exercise]:
    """Return the exercises of an assignment in the order of its notebooks.

    ``editions`` are the released notebooks by name. A cell that none of them has, or that belongs to
    no exercise of the course, counts as an exercise by what its grade id begins with, up to ``--``
    (the course's way to name them); it has no concepts.
    """
    known = {name: _graded(edition) for name, edition in editions.items()}
    titles = {name: _titles(edition) for name, edition in editions.items()}
    found: dict[tuple[str, str], Exercise] = {}
    for place, cell in enumerate(cells):
        given = known.get(cell.notebook, {}).get(cell.name)
        id = (given and answers.exercise(given)) or cell.name.partition("--")[0]
        title = titles.get(cell.notebook, {}).get(id, id)
        one = found.setdefault((cell.notebook, id), Exercise(id, cell.notebook, title))
        one.places.append(place)
        one.of += cell.max
        for concept in given.metadata.get("revise", {}).get("concepts", []) if given else ():
            if concept not in one.concepts:
                one.concepts.append(concept)
    order = {
        (name, answers.exercise(cell) or id.partition("--")[0]): number
        for name, graded in known.items()
        for number, (id, cell) in enumerate(graded.items())
    }
    return sorted(found.values(), key=lambda one: (one.notebook, order.get(_key(one), len(order))))


def _key(exercise: Exercise) -> tuple[str, str]:
    return exercise.notebook, exercise.id


def _graded(edition: NotebookNode) -> dict[str, NotebookNode]:
    about = ((cell.metadata.get("nbgrader", {}), cell) for cell in edition.cells)
    return {nbgrader["grade_id"]: cell for nbgrader, cell in about if nbgrader.get("grade_id")}


def _titles(edition: NotebookNode) -> dict[str, str]:
    tasks = (cell for cell in edition.cells if answers.role(cell) == "task")
    return {answers.exercise(cell): heading(cell.source) for cell in tasks if heading(cell.source)}
