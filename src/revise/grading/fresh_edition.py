"""Put a submission's answers into a fresh copy of the course's own notebook, before it is graded."""

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from revise import answers
from revise.errors import ReleaseMissing
from revise.grading.intake import Taken
from revise.grading.released import released_edition


class FreshEdition(NbGraderPreprocessor):
    """Only answers travel.

    A submission gives the sources of its answer cells and the learner's own extra cells; all else
    comes from the released edition, with the graded and locked cells as the gradebook has them.
    So edited, missing, doubled, retyped or reordered cells, and tags such as ``skip-execution``
    (which earns full marks for no code), are gone before anything runs.

    What ``SubmissionExporter`` took is in ``resources["revise"]["taken"]``; under another exporter
    the answers are those of the notebook. The reason, the notes and the flags are kept in the
    notebook's ``metadata.revise``, each where there is one. Raises ``ReleaseMissing``: a
    submission that is graded as it is could bring its own marks.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        about = resources["nbgrader"]
        edition = released_edition(self, resources)
        if edition is None:
            raise ReleaseMissing.at(f"{about['notebook']}.ipynb", about["assignment"])
        taken = (resources.get("revise") or {}).get("taken") or Taken(answers.take(nb, edition))
        fresh = laid(taken, edition)
        with Gradebook(about["db_url"]) as gradebook:
            source = gradebook.find_notebook(about["notebook"], about["assignment"])
            restore_hidden_tests(fresh, {cell.name: cell.source for cell in source.source_cells})
        return fresh, resources


def laid(taken: Taken, edition: NotebookNode) -> NotebookNode:
    """Return a fresh copy of ``edition`` with the answers, and what is to be said about them."""
    fresh = answers.put(taken.answers, edition)
    said = {
        "reason": taken.reason,
        "notes": list(taken.notes),
        "flags": [dict(flag) for flag in taken.flags],
    }
    kept = {key: words for key, words in said.items() if words}
    fresh.metadata["revise"] = NotebookNode(fresh.metadata.get("revise", {}) | kept)
    return fresh


def restore_hidden_tests(fresh: NotebookNode, kept: dict[str, str]) -> None:
    """Give each locked cell the source that the gradebook keeps: the release has no hidden tests."""
    for cell in fresh.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        # One that the gradebook does not have is reported by nbgrader's OverwriteCells.
        if nbgrader.get("locked") and nbgrader.get("grade_id") in kept:
            cell.source = kept[nbgrader["grade_id"]]
