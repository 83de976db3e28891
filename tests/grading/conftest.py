"""A tiny course with all that nbgrader and `revise check` need."""

import shutil
from pathlib import Path

import pytest

from revise import execution
from revise.authoring.editions import instructor_edition, learner_edition

from .tiny import TINY, empty_course, tiny_notebook, write


@pytest.fixture(scope="session")
def built_tiny(tmp_path_factory) -> Path:
    """The tiny course as it is built: read only, copy it."""
    course = empty_course(tmp_path_factory.mktemp("tiny") / "course")
    instructor = instructor_edition(execution.execute(tiny_notebook()))
    write(instructor, course / "source" / TINY / f"{TINY}.ipynb")
    write(learner_edition(instructor), course / "notebooks" / f"{TINY}.ipynb")
    return course


@pytest.fixture
def tiny(built_tiny, tmp_path) -> Path:
    """A copy of the tiny course of one's own."""
    return Path(shutil.copytree(built_tiny, tmp_path / "course"))
