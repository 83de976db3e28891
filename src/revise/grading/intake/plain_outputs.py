"""Keep of a learner's outputs what is shown and does nothing."""

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

# Shown as they are by every page. HTML, SVG, Markdown, LaTeX and widgets may bring scripts.
HARMLESS = {"text/plain", "image/png", "image/jpeg"}
WITHOUT_TEXT = "(an output that is not shown here)"


class PlainOutputs(NbGraderPreprocessor):
    """Leave the plain text and the pictures of rich outputs, and nothing else.

    The formgrader shows a graded notebook in the teacher's browser with all that it holds. A script
    in an output would run there, with the teacher's rights to set marks.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, index: int
    ) -> tuple[NotebookNode, dict]:
        for output in cell.get("outputs", []):
            if "data" in output:
                kept = {kind: data for kind, data in output.data.items() if kind in HARMLESS}
                output["data"] = NotebookNode(kept or {"text/plain": WITHOUT_TEXT})
                output["metadata"] = NotebookNode()
        return cell, resources
