"""Make a section's bare notebook: every cell with its id, solution, check and points, not yet run.

What the author stated once becomes what nbgrader and other tools read: cell ids, nbgrader's
metadata and the course's own ``metadata.revise``.
"""

import re
from collections import Counter

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from revise import execution
from revise.authoring.section import Exercise, Part, SectionText
from revise.headings import heading

HIDDEN_CHECK = (
    "# A hidden check: when this is graded, it tries your answer with other inputs.\n"
    "### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
)
VOLATILE = "volatile"


def bare_notebook(section: SectionText) -> NotebookNode:
    """Return the notebook of a parsed section, without outputs."""
    ids = _Ids()
    cells = [_cell(part, ids) for part in section.parts]
    metadata = execution.NOTEBOOK_METADATA | {"revise": {"section": section.path.stem}}
    return new_notebook(cells=cells, metadata=metadata)


class _Ids:
    """Readable ids for the cells of no exercise: the heading they stand under, and a number.

    Counting starts again at each heading, so that a new cell moves only its neighbours' ids.
    """

    def __init__(self) -> None:
        self.heading = "start"
        self.used: Counter[str] = Counter()

    def next(self, source: str, kind: str) -> str:
        if kind == "markdown" and (title := heading(source)):
            slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
            self.heading = slug[:50].rstrip("-") or "part"
        self.used[self.heading] += 1
        return f"{self.heading}-{self.used[self.heading]}"


def _cell(part: Part, ids: _Ids) -> NotebookNode:
    source, metadata = _source(part), _metadata(part)
    cell_id = _exercise_cell_id(part) or ids.next(source, part.cell.kind)
    if part.cell.kind == "markdown":
        return new_markdown_cell(source, id=cell_id, metadata=metadata)
    if part.role in ("setup", "answer", "check"):
        metadata["nbgrader"] = _nbgrader(part, cell_id)
    return new_code_cell(source, id=cell_id, metadata=metadata)


def _exercise_cell_id(part: Part) -> str | None:
    if part.exercise is None:
        return None
    if part.role == "answer":
        return part.exercise.answer_id(part.name)
    if part.role == "setup":
        number = part.exercise.setup.index(part.cell)
        return f"{part.exercise.id}--setup" + (f"-{number + 1}" if number else "")
    return f"{part.exercise.id}--{part.name or part.role}"


def _source(part: Part) -> str:
    match part.role:
        case "task":
            return _with_points(part.exercise)
        case "hint":
            return "\n\n".join(
                f"<details><summary>Hint {number}</summary>\n\n{hint}\n\n</details>"
                for number, hint in enumerate(part.exercise.hints, start=1)
            )
        case "check" if part.cell.metadata.get("hidden"):
            return HIDDEN_CHECK.format(source=part.cell.source)
    return part.cell.source


def _with_points(exercise: Exercise) -> str:
    title, _, rest = exercise.task.source.lstrip().partition("\n")
    points = f"{exercise.points:g} point{'s' if exercise.points != 1 else ''}"
    concepts = ", ".join(f"`{concept}`" for concept in exercise.concepts)
    return f"{title}\n\n*{points} · {concepts}*\n{rest}"


def _metadata(part: Part) -> dict:
    metadata: dict = {}
    if part.exercise:
        revise = metadata["revise"] = {"exercise": part.exercise.id, "role": part.role}
        if part.role == "check":
            revise |= {"behaviour": part.name, "concepts": list(part.exercise.concepts)}
            revise |= {"hidden": True} if part.cell.metadata.get("hidden") else {}
    elif part.role:
        metadata["revise"] = {"role": part.role}
    tags = [VOLATILE] * bool(part.cell.metadata.get("volatile"))
    tags += [execution.RAISES] * bool(part.cell.metadata.get("raises"))
    return metadata | ({"tags": tags} if tags else {})


def _nbgrader(part: Part, cell_id: str) -> dict:
    """Return nbgrader's cell metadata (schema 3, nbgrader.readthedocs.io, "Cell metadata")."""
    graded = {"points": part.cell.metadata["points"]} if part.role == "check" else {}
    return graded | {
        "grade": part.role == "check",
        "grade_id": cell_id,
        "locked": part.role != "answer",
        "schema_version": 3,
        "solution": part.role == "answer",
        "task": False,
    }
