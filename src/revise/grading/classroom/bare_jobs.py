"""Run notebooks without isolation, in kernels of this process: for ``revise grade --no-isolation``.

A kernel ends by itself when the process that started it does, so a grader that is killed leaves
nothing behind.
"""

import os

import nbformat
import psutil
from nbgrader.utils import is_grade

from revise import execution

_others: set[int] = set()


def begin() -> None:
    """Remember which children are not kernels of ours."""
    _others.update(child.pid for child in psutil.Process().children())


def run_job(job: bytes) -> bytes:
    """Return the outcome of ``job``, a notebook as JSON. Thread-safe. Raises ``KernelMissing``."""
    from revise.grading.isolation.outcome import Outcome

    # For good: nbgrader sets it around one notebook, and here several run at once.
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    executed = execution.execute(nbformat.reads(job.decode(), as_version=4))
    cells = {
        cell.id: cell.outputs
        for cell in executed.cells
        if cell.cell_type == "code" and (cell.execution_count is not None or cell.outputs)
    }
    missing = any(is_grade(cell) and cell.id not in cells for cell in executed.cells)
    reason = "The notebook was not run to its end: its kernel died." if missing else ""
    return Outcome(cells=cells, reason=reason).as_bytes()


def stop() -> None:
    """End every kernel that runs now, and what it started."""
    children = [one for one in psutil.Process().children() if one.pid not in _others]
    for process in [grandchild for one in children for grandchild in one.children(True)] + children:
        process.kill()
    psutil.wait_procs(children, timeout=5)
