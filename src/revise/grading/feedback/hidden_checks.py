"""Hide the hidden checks: their code, what they printed and what they said."""

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from revise.grading.feedback.course_cells import is_hidden


class HideHiddenChecks(NbGraderPreprocessor):
    """Empty every hidden check; its points stay.

    Whether it passed or failed is told by the points alone, so nothing of its outputs is needed:
    not a traceback, not what the learner's code printed when it was called with the hidden inputs.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, index: int
    ) -> tuple[NotebookNode, dict]:
        if is_hidden(cell):
            cell.source = ""
            cell.outputs = []
        return cell, resources
