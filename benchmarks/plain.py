"""The floor: a notebook's cells as plain code in a fork of a warm process."""

import contextlib
import gc
import io
import os
import shutil
import socket
import tempfile

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from revise import answers
from revise.grading.judge import warmth
from revise.sandbox import forkserver, processes, zygote


def warm_up() -> None:
    """Import what the nursery imports."""
    warmth.warm_up()
    gc.collect()
    gc.freeze()


def run_plainly(notebook: NotebookNode) -> None:
    """Run setup cells, answers and checks of ``notebook``; whatever fails, fails."""
    # Not a TemporaryDirectory: each fork that exits would take it away.
    folder = tempfile.mkdtemp(prefix="floor-")
    if (pid := os.fork()) == 0:
        try:
            os.chdir(folder)
            _attach_fork_server()
            _run(notebook)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    with contextlib.suppress(ChildProcessError):
        while True:  # the fork server, which ends with the process above
            os.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _attach_fork_server() -> None:
    ours, theirs = socket.socketpair()
    if processes.fork() == 0:
        ours.close()
        zygote.run(theirs, None)
        os._exit(0)
    theirs.close()
    forkserver.attach(ours)


def _run(notebook: NotebookNode) -> None:
    shell, transform = warmth.shell(), TransformerManager().transform_cell
    shell.user_ns["get_ipython"] = lambda: shell
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for cell in notebook.cells:
            if cell.cell_type != "code" or answers.role(cell) is None:
                continue
            with contextlib.suppress(BaseException):
                exec(compile(transform(cell.source), cell.id, "exec"), shell.user_ns)
