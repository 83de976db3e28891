"""Clear the outputs of the exercises' cells and keep those of the demos."""

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from revise.authoring.editions import keep_demo_outputs


class ClearExerciseOutputs(NbGraderPreprocessor):
    """In the place of nbgrader's ClearOutput, which would release a lesson without its outputs.

    A solution must not survive in what it printed: a source notebook that was run by hand still
    gives a release without the outputs of answers and checks.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        return keep_demo_outputs(nb), resources
