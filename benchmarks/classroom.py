"""A class of section 2 for the benchmarks: a course folder and submissions, mixed and repeatable."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from revise.answers import Answers, answer_ids, put, take
from revise.authoring import attempts
from revise.authoring.bare import bare_notebook
from revise.authoring.build import load
from revise.course import Course

# Of each exercise, by chance: as the reference has it, another right one, a wrong one, untouched.
KINDS, WEIGHTS = ("reference", "right", "wrong", "blank"), (45, 10, 30, 15)
STOCK = """
c = get_config()
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.root = {root!r}
c.Execute.timeout = 60
c.Autograde.exclude_overwriting = {{}}
"""


class Classroom:
    """A copy of the course in ``folder``, with ``size`` submissions to ``section``."""

    def __init__(self, folder: Path, size: int, section: str = "02", seed: int = 7):
        course = Course.find()
        self.section = course.section(section)
        self.text = load(self.section)
        self.bare = bare_notebook(self.text)
        self.folder = folder
        self.name = self.section.name
        self._lay(course.root)
        self.students = [f"s{number:03}" for number in range(1, size + 1)]
        by_chance = random.Random(seed)
        for student in self.students:
            self._submit(student, by_chance)

    def copy(self, folder: Path, students: list[str] | None = None, *, stock: bool) -> Path:
        """Return a copy of the course as handed in, with the configuration of nbgrader or of the course."""
        shutil.copytree(self.folder, folder)
        if students is not None:
            for path in (folder / "submitted").iterdir():
                if path.is_dir() and path.name not in students:
                    shutil.rmtree(path)
        if stock:
            (folder / "nbgrader_config.py").write_text(STOCK.format(root=str(folder)))
        return folder

    def answered(self, student: str) -> NotebookNode:
        """Return the course's own notebook with the student's answers, checks and all."""
        path = self.folder / "submitted" / student / self.name / f"{self.name}.ipynb"
        instructors = nbformat.read(self.section.source, as_version=4)
        return put(take(nbformat.read(path, as_version=4), self.release), instructors)

    def _lay(self, root: Path) -> None:
        self.folder.mkdir(parents=True)
        for name in ("nbgrader_config.py", "sections", "source", "notebooks"):
            path = root / name
            keep = shutil.copytree if path.is_dir() else shutil.copy
            keep(path, self.folder / name)
        generate = ["generate_assignment", self.name, f"--course-dir={self.folder}"]
        subprocess.run(
            [sys.executable, "-m", "nbgrader", *generate], check=True, capture_output=True
        )
        release = self.folder / "release" / self.name / f"{self.name}.ipynb"
        self.release = nbformat.read(release, as_version=4)
        self.blank = attempts.blank_sources(self.bare)

    def _submit(self, student: str, by_chance: random.Random) -> None:
        sources = {}
        reference = {cell.id: cell.source for cell in self.bare.cells}
        for exercise in self.text.exercises:
            ids = [exercise.answer_id(name) for name in exercise.answers]
            (kind,) = by_chance.choices(KINDS, WEIGHTS)
            if kind == "blank":
                continue
            sources |= {id: reference[id] for id in ids}
            if kind in ("right", "wrong"):
                variant = by_chance.choice(getattr(exercise, kind))
                for name, source in variant.sources.items():
                    sources[exercise.answer_id(name)] = source
        known = set(answer_ids(self.release))
        notebook = put(
            Answers({id: text for id, text in sources.items() if id in known}), self.release
        )
        folder = self.folder / "submitted" / student / self.name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{self.name}.ipynb")
        (folder / "timestamp.txt").write_text("2026-03-01 09:00:00.000000 UTC")
