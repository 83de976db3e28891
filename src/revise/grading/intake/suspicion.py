"""What in a submission looks like tampering, for the teacher, and what was merely edited.

None of it changes a mark: only answers travel. A flag is for what no tool does by itself and no
learner needs: an execution tag on a graded cell, other points, a check whose assert is replaced. It
is a note, and no flag, that a check was edited: learners print what they look at, try other
inputs, put a failing line in a comment, or leave a stray letter. Deleted, emptied, copied, moved
and retyped cells, and metadata that is gone or of a wrong type, are not worth a word.
"""

import ast
import warnings
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

from revise.answers import role
from revise.identity import grade_id

# nbclient passes over a cell with this tag, and a graded cell that shows no error is right.
SKIPS = "skip-execution"
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS")
LONGEST_CHECK = 100_000
WATCHED = {
    "nbgrader": ("grade_id", "grade", "locked", "solution", "task", "points"),
    "revise": ("exercise", "role", "behaviour", "hidden"),
}


def flag(cell: str | None, reason: str) -> dict[str, str | None]:
    """Return a flag: the id of the cell, or None for the whole submission, and the reason."""
    return {"cell": cell, "reason": reason}


def flags(notebook: NotebookNode, ids: list[str | None], edition: NotebookNode) -> list[dict]:
    """Return the flags of a notebook, whose cells are those of ``edition`` that ``ids`` say."""
    return [flag(id, reason) for id, reason in _suspicions(notebook, ids, edition)]


def edited_checks(
    notebook: NotebookNode, ids: list[str | None], edition: NotebookNode
) -> list[str]:
    """Return the ids of the checks whose code is not the edition's."""
    given = {cell.id: cell for cell in edition.cells if role(cell) == "check"}
    return [
        id
        for id, cell in zip(ids, notebook.cells, strict=True)
        if id in given
        and _same_edition(cell, given[id])
        and cell.source.split() != given[id].source.split()
    ]


def _suspicions(
    notebook: NotebookNode, ids: list[str | None], edition: NotebookNode
) -> Iterator[tuple[str | None, str]]:
    given = {cell.id: cell for cell in edition.cells}
    edited = set(edited_checks(notebook, ids, edition))
    for id, cell in zip(ids, notebook.cells, strict=True):
        if marker := next((one for one in MARKERS if one in cell.source), None):
            yield id, f"the cell holds {marker!r}, which only the teacher's edition has"
        if id is None:
            continue
        if SKIPS in cell.metadata.get("tags", ()) and _is_graded(given[id]):
            yield id, f"the graded cell carries the tag {SKIPS!r}, which keeps it from being run"
        for key, was, now in _changes(cell, given[id]):
            yield id, f"the cell's {key!r} was changed from {was!r} to {now!r}"
        if id in edited and _lost_asserts(cell.source, given[id].source):
            yield id, "an assert of the check was replaced or removed"


def _is_graded(given: NotebookNode) -> bool:
    return bool(given.metadata.get("nbgrader", {}).get("grade"))


def _changes(cell: NotebookNode, given: NotebookNode) -> Iterator[tuple[str, object, object]]:
    if not _same_edition(cell, given) or given.id not in (cell.get("id"), grade_id(cell)):
        return
    for group, keys in WATCHED.items():
        was, now = given.metadata.get(group, {}), cell.metadata.get(group, {})
        for key in keys:
            # Of another type it is damage, which nobody can use; True is no 1.0 here.
            if _kind(was.get(key)) == _kind(now.get(key)) and was[key] != now[key] != "":
                yield key, was[key], now[key]


def _kind(value: object) -> object:
    if isinstance(value, bool | str):
        return type(value)
    return float if isinstance(value, int | float) else object()


def _same_edition(cell: NotebookNode, given: NotebookNode) -> bool:
    """Return whether the cell can be compared: one that was released before may differ honestly.

    nbgrader's checksum in the metadata says what was handed out; nobody need keep it, and whoever
    forges it earns nothing.
    """
    handed_out = cell.metadata.get("nbgrader", {}).get("checksum")
    return handed_out in (None, given.metadata.get("nbgrader", {}).get("checksum"))


def _lost_asserts(now: str, was: str) -> bool:
    """Return whether the code still is code, and lacks an assert that stands in no comment."""
    asserts_now, asserts_was = _asserts(now), _asserts(was)
    if asserts_now is None or not asserts_was:
        return False
    lost = asserts_was.keys() - asserts_now.keys()
    commented = _bare(part for line in now.splitlines() for part in line.split("#")[1:])
    return any(_bare([asserts_was[one]]) not in commented for one in lost)


def _asserts(source: str) -> dict[str, str] | None:
    """Return the asserts of a cell, without their messages; None where it is no code at all."""
    if len(source) > LONGEST_CHECK:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what a learner wrote
            tree = ast.parse(source)
        found = [one.test for one in ast.walk(tree) if isinstance(one, ast.Assert)]
        asserts = {ast.dump(test): ast.get_source_segment(source, test) or "" for test in found}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return asserts if tree.body else None


def _bare(parts: Iterable[str]) -> str:
    return "".join("".join(parts).split())
