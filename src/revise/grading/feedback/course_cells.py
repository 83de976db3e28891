"""Say which cell is what, by the course's word and not by the submission's."""

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from revise.grading.released import released_edition

HIDDEN_TESTS = "BEGIN HIDDEN TESTS"


class RestoreCourseCells(NbGraderPreprocessor):
    """Lay the released ``metadata.revise`` on each cell that has a cell id or grade id of the release.

    A learner can edit a submission's metadata: a hidden check that lost its flag would be shown.
    Sets ``resources["revise"]["release"]`` to the released notebook, or None where there is none;
    then a cell is hidden when its source, which the gradebook restored, has hidden tests.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        release = released_edition(self, resources)
        resources["revise"] = {"release": release}
        known = {}
        for cell in release.cells if release else []:
            known[cell.id] = known[cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)] = (
                cell
            )
        for cell in nb.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            given = known.get(grade_id) or known.get(cell.get("id"))
            claimed = cell.metadata.pop("revise", {}) if release is None else {}
            revise = dict(given.metadata.get("revise", {}) if given else claimed)
            # Either one is enough: showing too little is mended by a question, a leak by nothing.
            if HIDDEN_TESTS in cell.source or claimed.get("hidden"):
                revise["hidden"] = True
            cell.metadata["revise"] = revise
        return nb, resources


def is_hidden(cell: NotebookNode) -> bool:
    """Return whether the cell is a hidden check, after ``RestoreCourseCells``."""
    return bool(cell.metadata.get("revise", {}).get("hidden"))
