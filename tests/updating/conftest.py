"""A tiny course whose published notebook changes after a learner's copy was laid."""

import shutil
from pathlib import Path

import nbformat
import pytest

from revise import desk
from revise.authoring.editions import instructor_edition, learner_edition
from revise.authoring.handwork import seal
from revise.course import Course
from tests.grading.tiny import SYLLABUS, TINY, tiny_notebook, write

DOUBLE = "def double(number):\n    return number + number"


class Desk:
    """A course, and the learner who works on it."""

    def __init__(self, root: Path):
        (root / "sections").mkdir(parents=True)
        (root / "sections" / "syllabus.toml").write_text(SYLLABUS)
        self.course = Course(root)
        self.source = tiny_notebook()
        self.publish()

    @property
    def copy(self) -> Path:
        return self.course.root / "work" / f"{TINY}.ipynb"

    @property
    def published(self) -> Path:
        return self.course.root / "notebooks" / f"{TINY}.ipynb"

    def publish(self) -> None:
        write(seal(learner_edition(instructor_edition(self.source))), self.published)

    def cell(self, id: str):
        """A cell of the course's own text; change it, then `publish`."""
        return next(cell for cell in self.source.cells if cell.id == id)

    def lay(self) -> None:
        desk.lay(self.course)

    def work(self, change) -> None:
        """Open the copy, change it, save it."""
        notebook = nbformat.read(self.copy, as_version=4)
        change(notebook)
        nbformat.write(notebook, self.copy)

    def answer(self, id: str = "tiny-double--answer", source: str = DOUBLE) -> None:
        self.work(lambda notebook: setattr(found(notebook, id), "source", source))

    def opened(self):
        return nbformat.read(self.copy, as_version=4)

    def kept(self) -> list[Path]:
        return sorted((self.course.root / "work" / "before-update").glob("*"))


def found(notebook, id: str):
    return next(cell for cell in notebook.cells if cell.id == id)


@pytest.fixture
def learner(tmp_path, monkeypatch) -> Desk:
    """A learner with a laid copy; signatures go to a folder of the test's own."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("REVISE_COURSE", str(tmp_path / "course"))
    learner = Desk(tmp_path / "course")
    learner.lay()
    yield learner
    shutil.rmtree(tmp_path / "course", ignore_errors=True)
