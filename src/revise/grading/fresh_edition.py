"""Put a submission's answers into a fresh copy of the course's own notebook, before it is graded."""

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor

from revise import answers
from revise.grading.released import released_edition


class FreshEdition(NbGraderPreprocessor):
    """Only answers travel.

    A submission gives the sources of its answer cells and the learner's own extra cells; all else
    comes from the released edition, with the graded and locked cells as the gradebook has them.
    So edited, missing, doubled, retyped or reordered cells, and tags such as ``skip-execution``
    (which earns full marks for no code), are gone before anything runs.

    Where ``release/`` does not have the notebook, the submission goes on as it is: nbgrader's own
    ``OverwriteCells`` comes next and mends what it can.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        edition = released_edition(self, resources)
        if edition is None:
            self.log.warning(
                "No released notebook for '%s': the submission is graded as it is",
                resources["unique_key"],
            )
            return nb, resources
        fresh = answers.put(answers.take(nb, edition), edition)
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            for cell in fresh.cells:
                self._restore_hidden_tests(cell, gradebook, resources["nbgrader"])
        return fresh, resources

    def _restore_hidden_tests(self, cell: NotebookNode, gradebook: Gradebook, about: dict) -> None:
        """Give a locked cell the source that the gradebook keeps: the release has no hidden tests."""
        nbgrader = cell.metadata.get("nbgrader", {})
        if not nbgrader.get("locked"):
            return
        try:
            kept = gradebook.find_source_cell(
                nbgrader["grade_id"], about["notebook"], about["assignment"]
            )
        except MissingEntry:
            return  # OverwriteCells reports it
        cell.source = kept.source
