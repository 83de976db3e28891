"""Remove outputs that repeat a hidden check."""

import re
from collections.abc import Iterator

from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from revise.grading.feedback.course_cells import is_hidden

LEFT_OUT = "This output is left out: it repeats a part of a hidden check."
# A shorter line ("assert", "due = None") says nothing and may stand anywhere.
SHORTEST = 16


class RemoveEchoes(NbGraderPreprocessor):
    """Replace the outputs of a cell that repeat a line of a hidden check by one sentence.

    The checks run in the learner's own kernel, so ``print(In)`` after a hidden check prints it.
    This finds copies, also quoted and escaped ones. What a learner's program encodes on purpose
    it cannot find: only checks that run in another process can keep that in.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        secrets = hidden_lines(nb)
        for cell in nb.cells:
            if cell.cell_type == "code" and not is_hidden(cell) and repeats(cell, secrets):
                cell.outputs = [new_output("stream", name="stdout", text=LEFT_OUT)]
        return nb, resources


def hidden_lines(nb: NotebookNode) -> set[str]:
    """Return the lines that stand in hidden checks only, bare of spaces, quotes and backslashes.

    A line that is a part of what is shown anyway is no secret: a traceback of a visible check
    would be left out for it.
    """
    shown = "\n".join(bare(cell.source) for cell in nb.cells if not is_hidden(cell))
    hidden = (
        bare(line) for cell in nb.cells if is_hidden(cell) for line in cell.source.splitlines()
    )
    return {
        line
        for line in hidden
        if len(line) >= SHORTEST and not line.startswith("#") and line not in shown
    }


def repeats(cell: NotebookNode, secrets: set[str]) -> bool:
    """Return whether an output of ``cell`` holds one of the lines."""
    said = bare(strip_ansi("".join(_texts(cell))))
    return any(secret in said for secret in secrets)


def _texts(cell: NotebookNode) -> Iterator[str]:
    for output in cell.outputs:
        yield output.get("text", "")
        yield output.get("evalue", "")
        yield "\n".join(output.get("traceback", []))
        yield from (str(data) for data in output.get("data", {}).values())


def bare(text: str) -> str:
    return re.sub(r"""\\[nrt]|[\s\\'"]+""", "", text)
