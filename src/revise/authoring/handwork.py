"""Find what people changed by hand in a built notebook, so that building never loses it.

A built notebook carries a short digest of each of its cells. A cell that no longer matches its
digest was edited after the build.
"""

from pathlib import Path

import nbformat
from nbformat import NotebookNode, ValidationError

from revise.digest import digest
from revise.errors import EditedByHand


def read(path: Path) -> NotebookNode | None:
    """Return the built notebook at ``path``, or None where there is none.

    Raises ``EditedByHand`` when it is no notebook any more: a merge may have left its marks.
    """
    if not path.is_file():
        return None
    try:
        return nbformat.read(path, as_version=4)
    except (ValueError, KeyError, AttributeError, TypeError, ValidationError) as error:
        mend = "It is not a notebook now. `revise build --force` makes it anew."
        raise EditedByHand.at(path, mend) from error


def seal(notebook: NotebookNode) -> NotebookNode:
    """Write the digests of its cells into ``notebook``'s own metadata, and return it."""
    notebook.metadata["revise"]["digests"] = {cell.id: _digest(cell) for cell in notebook.cells}
    return notebook


def edited(built: NotebookNode, fresh: NotebookNode) -> list[str]:
    """Return the ids of the cells that were edited, added or removed by hand since the build.

    An edit that ``fresh``, the notebook as it would be built now, already has is none: nothing
    would be lost. Outputs are not looked at, since running a notebook is no edit.
    """
    digests = built.metadata.get("revise", {}).get("digests", {})
    now = {cell.get("id"): _digest(cell) for cell in built.cells}
    wanted = {cell.id: _digest(cell) for cell in fresh.cells}
    changed = [id for id, seen in now.items() if seen not in (digests.get(id), wanted.get(id))]
    return changed + [id for id in digests if id not in now and id in wanted]


def _digest(cell: NotebookNode) -> str:
    return digest(cell.cell_type, cell.source)
