"""nbgrader's step that runs a submission, behind the wall."""

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, Integer

from revise.grading.isolation import run_job
from revise.grading.isolation.limits import MIB, Limits
from revise.grading.isolation.outcome import Outcome
from revise.grading.judge.job import fill, job_of
from revise.grading.released import released_edition


class IsolatedExecute(NbGraderPreprocessor):
    """Runs the answers behind a wall, and the checks in another process than the answers.

    It stands in ``Autograde.autograde_preprocessors`` where nbgrader has ``Execute``, so that
    ``nbgrader autograde``, the formgrader's button and ``revise grade`` grade alike. An outcome that
    ``revise grade`` has brought already (``resources["revise"]["outcome"]``) is not made again.

    Raises IsolationMissing where there can be no wall, GradingFailed when the grader itself fails.
    """

    cell_seconds = Float(60, help="Seconds a cell may take, a check too.").tag(config=True)
    notebook_seconds = Float(1200, help="Seconds a whole submission may take.").tag(config=True)
    memory = Integer(3072, help="MiB that all of a submission's processes may use together.").tag(
        config=True
    )
    processes = Integer(512, help="Processes and threads a submission may have.").tag(config=True)

    @property
    def limits(self) -> Limits:
        """What a submission may use."""
        return Limits(
            cell_seconds=self.cell_seconds,
            notebook_seconds=self.notebook_seconds,
            memory=self.memory * MIB,
            processes=self.processes,
        )

    def job(self, nb: NotebookNode, resources: dict) -> bytes:
        """Return the job that runs ``nb``, a sanitised submission."""
        return job_of(nb, released_edition(self, resources), self.limits)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Fill in the outputs of every cell that ran, and an error for each check that did not."""
        outcome = resources.get("revise", {}).get("outcome") or run_job(self.job(nb, resources))
        fill(nb, Outcome.from_bytes(outcome), released_edition(self, resources))
        return nb, resources
