"""Compose a notebook of exercises, and find the edition of one that was composed."""

from collections.abc import Iterable

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell, new_notebook

from revise import answers, execution
from revise.composition.exercises import Exercise, of_published
from revise.course import Course
from revise.digest import digest

DRAWN = "drawn"
"""The key of a composed notebook's ``metadata.revise``: the ids of its exercises, in order."""
START = "## Before you start\n\nRun this first. Each exercise stands alone: take them in any order."


def compose(heading: str, chosen: Iterable[Exercise], *, hints: bool) -> NotebookNode:
    """Return a notebook of ``chosen``, in that order, under ``heading`` (Markdown).

    The setup cells of their sections come first. All cells are copies without outputs. Those of
    an exercise keep their ids; a section's setup is called after it (``django--setup``), since
    every section has a cell of the same id. Without ``hints`` the hints are left out.
    """
    chosen = list(chosen)
    cells = [new_markdown_cell(heading, id="start-1"), new_markdown_cell(START, id="start-2")]
    cells += _starts(chosen)
    cells += [
        _copy(cell)
        for exercise in chosen
        for cell in exercise.cells
        if hints or answers.role(cell) != "hint"
    ]
    about = {
        DRAWN: [exercise.id for exercise in chosen],
        # As in a built notebook: by them an edited check is known for one.
        "digests": {cell.id: digest(cell.cell_type, cell.source) for cell in cells},
    }
    return new_notebook(
        cells=cells, metadata=from_dict(execution.NOTEBOOK_METADATA | {"revise": about})
    )


def drawn(notebook: NotebookNode) -> list[str]:
    """Return the ids of the exercises that ``notebook`` was composed of; none of any other one."""
    ids = notebook.metadata.get("revise", {}).get(DRAWN, [])
    return [id for id in ids if isinstance(id, str)] if isinstance(ids, list) else []


def edition(notebook: NotebookNode, course: Course) -> NotebookNode | None:
    """Return the learner's edition of a composed ``notebook``, from the published sections.

    An exercise that the course no longer has is left out. None when ``notebook`` was not composed,
    or of nothing that the course has.
    """
    known = {exercise.id: exercise for exercise in of_published(course)}
    chosen = [known[id] for id in drawn(notebook) if id in known]
    return compose("# Exercises", chosen, hints=True) if chosen else None


def _starts(chosen: list[Exercise]) -> list[NotebookNode]:
    sections = {exercise.section: exercise.start for exercise in chosen}
    cells = []
    for section, start in sorted(sections.items()):
        for number, cell in enumerate(start, start=1):
            cell = _copy(cell)
            cell.id = f"{section}--setup" + (f"-{number}" if number > 1 else "")
            if "nbgrader" in cell.metadata:
                cell.metadata["nbgrader"]["grade_id"] = cell.id
            cells.append(cell)
    return cells


def _copy(cell: NotebookNode) -> NotebookNode:
    cell = from_dict(cell)
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell
