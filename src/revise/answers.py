"""Answers: the one thing that moves between notebooks.

An edition is a notebook with the course's cells: the instructor's, the learner's, a newer one.
``take`` reads the answers out of any notebook that was made from an edition, ``put`` lays them
into a fresh copy of any edition. Nothing else of a notebook travels: no output, tag, point,
kernel, edited check or cell order. Checking, grading, updating and the course's own tests of
wrong answers all stand on these two functions.
"""

from dataclasses import dataclass, field

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell

from revise.identity import identify

ANSWER = "answer"
OWN = "own-"
"""What the ids of a learner's own cells begin with, once they are put into an edition."""


@dataclass(frozen=True)
class Extra:
    """A code cell of the learner's own: the id of the course's cell it stands after, and its code."""

    after: str | None
    source: str


@dataclass(frozen=True)
class Answers:
    """The sources of answer cells by cell id, and the learner's own cells in their places."""

    cells: dict[str, str] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()


def role(cell: NotebookNode) -> str | None:
    """Return the part a cell plays in an exercise (``answer``, ``check``, …), or None."""
    return cell.metadata.get("revise", {}).get("role")


def exercise(cell: NotebookNode) -> str | None:
    """Return the id of the exercise that a cell belongs to, or None."""
    return cell.metadata.get("revise", {}).get("exercise")


def answer_ids(edition: NotebookNode) -> tuple[str, ...]:
    """Return the ids of an edition's answer cells, in order."""
    return tuple(cell.id for cell in edition.cells if role(cell) == ANSWER)


def take(notebook: NotebookNode, edition: NotebookNode) -> Answers:
    """Read the answers of ``notebook``, whose cells are known as ``revise.identity`` tells.

    A code cell that the edition does not know is the learner's own and travels as plain code.
    Where an id stands twice, the first cell has it and the second is the learner's own: a copied
    cell never replaces an answer. An answer cell that is missing has no entry.
    """
    return collect(notebook, identities(notebook, edition), edition)


def identities(notebook: NotebookNode, edition: NotebookNode) -> list[str | None]:
    """Return for each cell of ``notebook`` the id of the edition's cell that it is, or None."""
    return identify(notebook.cells, edition.cells, answer_ids(edition))


def collect(notebook: NotebookNode, ids: list[str | None], edition: NotebookNode) -> Answers:
    """Read the answers of ``notebook``, whose cells are those of ``edition`` that ``ids`` say."""
    wanted = set(answer_ids(edition))
    cells: dict[str, str] = {}
    extras: list[Extra] = []
    after = None
    for id, cell in zip(ids, notebook.cells, strict=True):
        if id is not None:
            after = id
            if id in wanted and cell.cell_type == "code":
                cells[id] = cell.source
        elif cell.cell_type == "code" and cell.source.strip():
            extras.append(Extra(after, cell.source))
    return Answers(cells, tuple(extras))


def put(answers: Answers, edition: NotebookNode) -> NotebookNode:
    """Return a fresh copy of ``edition`` that holds ``answers``; ``edition`` is not changed.

    An answer cell without an entry keeps the edition's text; an entry for a cell the edition
    does not have is left out. The learner's own cells get ids of their own, ``own-1``, ``own-2``, …;
    one whose neighbour the edition does not have stands at the end.
    """
    result = from_dict(edition)
    own: dict[str | None, list[NotebookNode]] = {}
    for number, extra in enumerate(answers.extras, start=1):
        own.setdefault(extra.after, []).append(new_code_cell(extra.source, id=f"{OWN}{number}"))
    cells = own.pop(None, [])
    for cell in result.cells:
        if role(cell) == ANSWER and cell.id in answers.cells:
            cell.source = answers.cells[cell.id]
            cell.outputs, cell.execution_count = [], None
        cells += [cell, *own.pop(cell.id, [])]
    result.cells = cells + [cell for homeless in own.values() for cell in homeless]
    return result
