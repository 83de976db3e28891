"""Put a stub in the place of each solution, the stub that fits the language of the cell."""

from __future__ import annotations

import re
import shlex
from pathlib import PurePosixPath

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions as NbgraderClearSolutions
from traitlets import Dict

PYTHON_STUB = 'raise NotImplementedError("YOUR CODE HERE")'
TEXT_STUB = "YOUR CODE HERE"

# Cell magics whose body is not Python. Every other one (%%time, %%capture …) runs Python.
OTHER_LANGUAGES = {
    "bash",
    "css",
    "html",
    "javascript",
    "js",
    "latex",
    "markdown",
    "script",
    "sh",
    "sql",
    "svg",
}

CELL_MAGIC = re.compile(r"\s*%%(\w+)[ \t]*([^\n]*)")


class ClearSolutions(NbgraderClearSolutions):
    """nbgrader's ClearSolutions, for notebooks whose answers are also files of other languages.

    An answer cell is often ``%%writefile project/catalog/page.html``: nbgrader's stub for Python
    would be wrong there, and a notebook has one language for all cells. So the stub is chosen for
    each cell. Everything else (delimiters, errors for nested or unclosed regions and for solutions
    outside of answer cells) is nbgrader's.

    ``code_stub`` takes one more key, ``text``: the stub of code cells that are not Python.
    """

    code_stub = Dict(
        {"python": PYTHON_STUB, "text": TEXT_STUB},
        help="The stub for each language; 'text' is the one for files that are not Python",
    ).tag(config=True)

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int):
        """Clear one cell with its own stub.

        A solution cell without a solution region is replaced whole, except for its magic line: that
        line says which file the answer is, and the learner needs it.
        """
        magic = cell.source.partition("\n")[0] if cell.cell_type == "code" else ""
        own = {**resources, "language": stub_for(cell, resources["language"])}
        cell, _ = super().preprocess_cell(cell, own, cell_index)
        if CELL_MAGIC.match(magic) and not cell.source.startswith(magic):
            cell.source = f"{magic}\n{cell.source}"
        return cell, resources


def stub_for(cell: NotebookNode, language: str = "python") -> str:
    """Return the key of the stub that fits the code cell ``cell`` of a notebook in ``language``."""
    found = CELL_MAGIC.match(cell.source)
    if not found:
        return language
    magic, arguments = found.groups()
    if magic in ("writefile", "file"):
        return "python" if written_file(arguments).suffix in (".py", "") else "text"
    return "text" if magic in OTHER_LANGUAGES else language


def written_file(arguments: str) -> PurePosixPath:
    """Return the path that ``%%writefile`` with these arguments writes to."""
    try:
        words = shlex.split(arguments)
    except ValueError:  # an unclosed quote: IPython will say so; here the last word is the file
        words = arguments.split()
    files = [word for word in words if not word.startswith("-")]
    return PurePosixPath(files[-1] if files else "")
