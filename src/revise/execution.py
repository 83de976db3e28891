"""Run a notebook in a fresh kernel, in a folder of its own, and read its marks.

The course's own tests, the author's ``revise prove``, the build and ``revise check`` all run
notebooks here, so that all of them mean the same by "runs" and by "earns".
"""

import tempfile
from dataclasses import dataclass

from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import DeadKernelError
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output
from nbgrader import utils
from traitlets.config import Config

from revise.client import Client
from revise.errors import KernelMissing

CELL_SECONDS = 60
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""What every notebook of the course says of its kernel."""
RAISES = "raises-exception"
"""nbclient's and nbval's tag of a cell that may raise."""
COMPARED = "nbval-check-output"
"""nbval's tag of a cell whose output is compared."""


@dataclass(frozen=True)
class Mark:
    """What a graded cell earned, by nbgrader's own rule, and the words it ended with."""

    cell: str
    exercise: str
    points: float
    of: float
    words: str
    stderr: str


def execute(notebook: NotebookNode, *, cell_seconds: float = CELL_SECONDS) -> NotebookNode:
    """Return a copy of ``notebook``, run from top to bottom in an empty temporary folder.

    A cell that raises keeps its error output and the next one runs; one that takes longer than
    ``cell_seconds`` is interrupted. A kernel that dies leaves the rest of the notebook unrun.
    What a cell prints is one output, however the kernel's timing cut it: the same notebook gives the
    same bytes. Raises ``KernelMissing`` when the notebook's kernel is not installed.
    """
    copy = from_dict(notebook)
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with (
        tempfile.TemporaryDirectory(prefix="revise-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryDirectory(prefix="kernel-", ignore_cleanup_errors=True) as sockets,
    ):
        client = Client(
            copy,
            timeout=cell_seconds,
            interrupt_on_timeout=True,
            allow_errors=True,
            record_timing=False,
            resources={"metadata": {"path": folder}},
            # Sockets in a private folder: no port is opened, and no other user can connect.
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}}),
        )
        running: list[NotebookNode] = []
        client.on_cell_start = lambda cell, cell_index: running.append(cell)
        try:
            client.execute()
        except NoSuchKernel as error:
            raise KernelMissing.named(error.name) from None
        except DeadKernelError as error:
            # Without this, a cell that ends its kernel would look like one that raised nothing.
            words = f"the kernel died while this cell ran: {error}"
            running[-1].outputs.append(
                new_output("error", ename="DeadKernelError", evalue=words, traceback=[words])
            )
    return CoalesceStreamsPreprocessor().preprocess(copy, {})[0]


def marks(notebook: NotebookNode) -> list[Mark]:
    """Return the mark of every graded cell of an executed notebook, in order.

    The rule is nbgrader's: an error or anything on stderr earns nothing; a cell that never ran
    earns nothing either.
    """
    return [_mark(cell) for cell in notebook.cells if utils.is_grade(cell)]


def _mark(cell: NotebookNode) -> Mark:
    if cell.execution_count is None:
        earned, of = 0.0, float(cell.metadata.nbgrader.points)
    else:
        earned, of = utils.determine_grade(cell)
    return Mark(
        cell=cell.metadata.nbgrader.grade_id,
        exercise=cell.metadata.get("revise", {}).get("exercise", ""),
        points=earned or 0.0,
        of=of,
        words=words(cell),
        stderr=stderr(cell),
    )


def complaint(cell: NotebookNode) -> str:
    """Return what an executed cell should not have said: on stderr, or an error it may not raise."""
    may_raise = RAISES in cell.metadata.get("tags", [])
    return stderr(cell) or ("" if may_raise else words(cell))


def words(cell: NotebookNode) -> str:
    """Return what an executed cell's error said, in full, or nothing when it raised none."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return "\n".join(f"{error.ename}: {error.evalue}" for error in errors)


def stderr(cell: NotebookNode) -> str:
    """Return what an executed cell wrote on stderr."""
    streams = (output for output in cell.outputs if output.output_type == "stream")
    return "".join(stream.text for stream in streams if stream.name == "stderr")
