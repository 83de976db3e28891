"""Which notebook a kernel runs for. A kernel is not told; what started it leaves traces."""

import os
from contextlib import suppress
from pathlib import Path

from revise.course import Course
from revise.errors import NoCourse

# Jupyter Server sets it to the notebook's path when it starts the kernel (jupyter_server,
# services/sessions/sessionmanager.py); a notebook renamed since is not found by it.
JUPYTER = "JPY_SESSION_NAME"
# VS Code's Jupyter extension puts it among the notebook's names.
VS_CODE = "__vsc_ipynb_file__"


def notebook_of(shell) -> Path | None:
    """Return the path of the notebook that ``shell`` runs for, or None where nothing tells."""
    named = shell.user_ns.get(VS_CODE) or os.environ.get(JUPYTER)
    path = Path(named) if isinstance(named, str) and named.endswith(".ipynb") else None
    return path if path and path.is_file() else None


def request_metadata(shell) -> object:
    """Return the metadata of the request that ``shell`` is running; JupyterLab puts the cell's there."""
    parent = getattr(shell, "get_parent", dict)()
    return parent.get("metadata")


def is_run_by_hand(shell) -> bool:
    """Say whether a person runs the cell: nbclient, nbgrader and nbval send no cell's id."""
    metadata = request_metadata(shell)
    return bool(isinstance(metadata, dict) and metadata.get("cellId"))


def course_of(notebook: Path | None) -> Course:
    """Return the course that ``notebook`` belongs to: above it, or where the kernel runs, or this one.

    Raises ``NoCourse`` when there is none: the package was installed without its checkout.
    """
    for start in (notebook and notebook.parent, None):
        with suppress(NoCourse):
            return Course.find(start)
    return Course.find(Path(__file__).parent)
