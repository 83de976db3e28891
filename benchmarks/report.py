"""How long does `revise report --all` take for a large class? Synthetic marks in a real gradebook.

    python benchmarks/report.py [--learners N] [--sections N] [--notebooks N] [--keep FOLDER]

The sections are those of the course, those that are missing to N are repeated under another name. The
gradebook is made by nbgrader's own classes, filled in bulk: a mark depends on the learner's ability and the exercise's
difficulty. ``--notebooks N`` lays graded notebooks of the first N learners, with the words of wrong answers,
as large as real ones. CPU is that of the command and its children. The exit status is 1 when the bar is missed:
20 seconds of CPU for marks alone.
"""

import argparse
import copy
import math
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import measure
import nbformat
from nbformat.v4 import new_output
from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import insert

from revise import answers
from revise.authoring.build import load
from revise.course import Course

CPU_SECONDS = 20
MISSING, UNTOUCHED = 0.04, 0.15
FIRST = ("Ada", "Bob", "Chloé", "Dan", "Eve", "Faruk", "Grace", "Hedy", "Ivo", "Jun")
LAST = ("Abel", "Brandt", "Curie", "Dahl", "Euler", "Flores", "Gauss", "Hopper", "Ito", "Jansen")


class SyntheticClass:
    """A course in ``folder`` with a filled gradebook; the same for the same numbers."""

    def __init__(self, folder: Path, learners: int, sections: int, notebooks: int):
        self.course, self.folder = Course.find(Path(__file__).parent), folder
        self.by_chance = random.Random(7)
        shutil.copytree(self.course.root / "sections", folder / "sections")
        shutil.copy(self.course.root / "nbgrader_config.py", folder)
        self.students = [f"s{number:04}" for number in range(1, learners + 1)]
        self.ability = {student: self.by_chance.gauss(0.5, 1) for student in self.students}
        self.looked_into = self.students[:notebooks]
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "backend-revise") as gradebook:
            self.db = gradebook.db
            self._add_students()
            written = self.course.written
            for number in range(sections):
                section = written[number % len(written)]
                repeated = number >= len(written)
                self._add(section, f"{number + 1:02}_again" if repeated else section.name)
                self.db.commit()

    def _add_students(self) -> None:
        names = ((one, FIRST[n % 10], LAST[n // 10 % 10]) for n, one in enumerate(self.students))
        keys = ("id", "first_name", "last_name")
        self.db.execute(insert(Student), [dict(zip(keys, one, strict=True)) for one in names])

    def _add(self, section, name: str) -> None:
        edition = nbformat.read(section.source, as_version=4)
        place = self.folder / "source" / name / f"{name}.ipynb"
        place.parent.mkdir(parents=True)
        shutil.copy(section.source, place)
        assignment = Assignment(name=name, course_id="backend-revise")
        notebook = Notebook(name=name, assignment=assignment)
        graded = [cell for cell in edition.cells if answers.role(cell) == "check"]
        cells = {
            cell.id: GradeCell(
                name=cell.id,
                notebook=notebook,
                max_score=cell.metadata.nbgrader.points,
                cell_type="code",
            )
            for cell in graded
        }
        self.db.add(assignment)
        self.db.flush()
        difficulty = {answers.exercise(cell): self.by_chance.gauss(0, 1.2) for cell in graded}
        words = {
            exercise.id: [wrong.says for wrong in exercise.wrong]
            for exercise in load(section).exercises
        }
        submitted, submitted_notebooks, grades = [], [], []
        for student in self.students:
            if self.by_chance.random() < MISSING:
                continue
            submission, of_notebook = new_uuid(), new_uuid()
            submitted.append(
                {"id": submission, "assignment_id": assignment.id, "student_id": student}
            )
            submitted_notebooks.append(
                {"id": of_notebook, "assignment_id": submission, "notebook_id": notebook.id}
            )
            blank = {one for one in difficulty if self.by_chance.random() < UNTOUCHED}
            failed = {}
            for cell in graded:
                exercise = answers.exercise(cell)
                chance = 1 / (1 + math.exp(difficulty[exercise] - self.ability[student]))
                passed = exercise not in blank and self.by_chance.random() < chance
                if not passed:
                    failed[cell.id] = exercise
                grades.append(
                    {
                        "id": new_uuid(),
                        "cell_id": cells[cell.id].id,
                        "notebook_id": of_notebook,
                        "auto_score": cell.metadata.nbgrader.points if passed else 0.0,
                        "needs_manual_grade": False,
                    }
                )
            if student in self.looked_into:
                self._lay(edition, name, student, failed, blank, words)
        self.db.execute(insert(SubmittedAssignment), submitted)
        self.db.execute(insert(SubmittedNotebook), submitted_notebooks)
        self.db.execute(insert(Grade), grades)
        self.count = getattr(self, "count", 0) + len(grades)

    def _lay(self, edition, name, student, failed, blank, words) -> None:
        """Lay a graded notebook: every failed cell with an error, every attempted answer changed."""
        notebook = copy.deepcopy(edition)
        for cell in notebook.cells:
            exercise = answers.exercise(cell)
            if answers.role(cell) == "answer" and exercise not in blank:
                cell.source += f"\n# {student}"
            if cell.id in failed:
                said = self.by_chance.choice(words[exercise]) or "it failed"
                trace = [f"Traceback line {number}" for number in range(20)]
                cell.outputs = [
                    new_output("error", ename="AssertionError", evalue=said, traceback=trace)
                ]
        if self.by_chance.random() < 0.02:
            flag = {
                "cell": graded_id(notebook),
                "reason": "an assert of the check was replaced or removed",
            }
            notebook.metadata["revise"] = {"flags": [flag]}
        path = self.folder / "autograded" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)


def graded_id(notebook) -> str:
    return next(cell.id for cell in notebook.cells if answers.role(cell) == "check")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=500)
    parser.add_argument("--sections", type=int, default=10)
    parser.add_argument("--notebooks", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="An empty folder for the course and its report.")
    options = parser.parse_args()
    # nbgrader starts `alembic` by its name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        made = SyntheticClass(folder, options.learners, options.sections, options.notebooks)
        print(f"{options.learners} learners, {options.sections} sections, {made.count:,} marks")
        command = [sys.executable, "-m", "revise.cli", "report", "--all"]
        missed = False
        for more in (["--marks-only"], []) if options.notebooks else (["--marks-only"],):
            took = measure.run([*command, *more], cwd=folder)
            page = folder / "reports" / "all.html"
            size = page.stat().st_size / 1e6
            print(
                f"{' '.join(command[3:] + more):<28} {took.cpu:6.1f} s CPU {took.wall:6.1f} s "
                f"{took.memory:6.0f} MiB, a page of {size:.1f} MB"
            )
            missed |= bool(more) and took.cpu > CPU_SECONDS
        bare = measure.run([sys.executable, "-c", "import nbgrader.apps.baseapp"], cwd=folder)
        print(f"of which importing nbgrader    {bare.cpu:6.1f} s CPU")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
