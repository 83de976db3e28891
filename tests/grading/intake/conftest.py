"""A released course, and honest submissions to break."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from ..chain import Chain
from ..tiny import TINY, edit

RIGHT = {
    "tiny-double--answer": "def double(number):\n    return number + number",
    "tiny-greet--answer": "%%writefile greeting.html\n<h1>Hello, you</h1>",
}


@pytest.fixture(scope="session")
def released(built_tiny, tmp_path_factory) -> Path:
    """The tiny course, released: read only, copy it."""
    folder = tmp_path_factory.mktemp("released")
    course = Path(shutil.copytree(built_tiny, folder / "course"))
    Chain(course, folder / "homes", TINY).nbgrader("generate_assignment", TINY)
    return course


@pytest.fixture(scope="session")
def edition(released) -> NotebookNode:
    return nbformat.read(released / "release" / TINY / f"{TINY}.ipynb", as_version=4)


@pytest.fixture
def honest(released, tmp_path) -> Path:
    """The notebook of an honest submission with right answers."""
    chain = Chain(Path(shutil.copytree(released, tmp_path / "course")), tmp_path / "homes", TINY)
    path = chain.lay("ada")
    edit(path, RIGHT)
    return path
