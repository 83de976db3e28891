"""Where learners' code runs: behind the wall, or, when a teacher says so, without one."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from revise.errors import GradingFailed
from revise.grading.released import released_edition


@dataclass(frozen=True)
class Engine:
    """The step that makes a job of a notebook and takes in its outcome, and what runs the job."""

    isolated: bool
    step: type[NbGraderPreprocessor]
    """Takes the place of nbgrader's ``Execute``. Has ``job(nb, resources) -> bytes``, and finds the
    outcome in ``resources["revise"]["outcome"]``."""
    run: Callable[[bytes], bytes]
    """Thread-safe, and pickled by its name: a machine of Dask's runs it as well."""
    stop: Callable[[], None]
    """End at once what runs in this process's engine."""


def isolated(*, here: bool = True) -> Engine:
    """Return the engine that isolates each submission.

    Raises ``IsolationMissing`` when that cannot be had on this machine, and it is run ``here``.
    """
    from revise.grading.execute import IsolatedExecute
    from revise.grading.isolation import bubblewrap, nursery

    if here:
        bubblewrap.require()
    return Engine(True, IsolatedExecute, run_isolated, nursery.close)


def run_isolated(job: bytes) -> bytes:
    """Run a job in this process's nursery.

    Raises what ``run_job`` raises, and ``GradingFailed`` when not one cell was run: no submission can
    prevent that, and nobody's mark is 0 because a machine is broken.
    """
    from revise.grading.isolation import run_job
    from revise.grading.isolation.outcome import Outcome

    data = run_job(job)
    outcome = Outcome.from_bytes(data)
    if outcome.reason and not outcome.cells:
        raise GradingFailed.because(outcome.reason)
    return data


def bare() -> Engine:
    """Return the engine that isolates nothing: code runs as the one who grades."""
    from revise.grading.classroom import bare_jobs

    bare_jobs.begin()
    return Engine(False, TakeOutputs, bare_jobs.run_job, bare_jobs.stop)


class TakeOutputs(NbGraderPreprocessor):
    """Put the outputs of a notebook that was run without isolation into the one that goes on."""

    def job(self, nb: NotebookNode, resources: dict) -> bytes:
        """Return the whole notebook: without isolation it is run as nbgrader runs it."""
        return nbformat.v4.writes(nb).encode(errors="surrogatepass")

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        from revise.grading.isolation.outcome import Outcome
        from revise.grading.judge.job import fill

        outcome = Outcome.from_bytes(resources["revise"]["outcome"])
        fill(nb, outcome, released_edition(self, resources))
        return nb, resources


def cpu_seconds(outcome: bytes) -> float | None:
    """Return the CPU time that an outcome says it took, where it says so."""
    said = json.loads(outcome).get("cpu")
    return float(said) if said else None
