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
from datetime import datetime
from pathlib import Path

import measure
import nbformat
from nbformat.v4 import new_output
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
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
HANDED_IN = datetime(2026, 3, 1, 9)
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
        self.count = 0
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
        """Add an assignment, and what the class earned in it."""
        self.name, self.edition = name, nbformat.read(section.source, as_version=4)
        place = self.folder / "source" / name / f"{name}.ipynb"
        place.parent.mkdir(parents=True)
        shutil.copy(section.source, place)
        self.words = {
            exercise.id: [wrong.says for wrong in exercise.wrong]
            for exercise in load(section).exercises
        }
        checks = [cell for cell in self.edition.cells if answers.role(cell) == "check"]
        self.difficulty = {answers.exercise(cell): self.by_chance.gauss(0, 1.2) for cell in checks}
        assignment = Assignment(name=name, course_id="backend-revise")
        notebook = Notebook(name=name, assignment=assignment)
        cells = [(cell, _grade_cell(cell, notebook)) for cell in checks]
        answered = [cell for cell in self.edition.cells if answers.role(cell) == "answer"]
        self.commented = [SolutionCell(name=cell.id, notebook=notebook) for cell in answered]
        self.db.add(assignment)
        self.db.flush()
        rows = {SubmittedAssignment: [], SubmittedNotebook: [], Grade: [], Comment: []}
        for student in self.students:
            if self.by_chance.random() >= MISSING:
                self._submit(student, assignment.id, notebook.id, cells, rows)
        for kind, made in rows.items():
            self.db.execute(insert(kind), made)
        self.count += len(rows[Grade])

    def _submit(self, student, assignment: str, notebook: str, cells: list, rows: dict) -> None:
        """Add the rows of one submission to ``rows``; lay its notebook where it is asked for."""
        of, of_notebook = new_uuid(), new_uuid()
        rows[SubmittedAssignment].append(
            {"id": of, "assignment_id": assignment, "student_id": student, "timestamp": HANDED_IN}
        )
        rows[SubmittedNotebook].append(
            {"id": of_notebook, "assignment_id": of, "notebook_id": notebook}
        )
        blank = {one for one in self.difficulty if self.by_chance.random() < UNTOUCHED}
        failed = {}
        for cell, in_gradebook in cells:
            exercise = answers.exercise(cell)
            passed = exercise not in blank and self._passes(student, exercise)
            if not passed:
                failed[cell.id] = exercise
            rows[Grade].append(
                {
                    "id": new_uuid(), "cell_id": in_gradebook.id, "notebook_id": of_notebook,
                    "auto_score": in_gradebook.max_score if passed else 0.0,
                    "needs_manual_grade": False,
                }
            )  # fmt: skip
        rows[Comment] += [
            {"id": new_uuid(), "cell_id": cell.id, "notebook_id": of_notebook}
            for cell in self.commented
        ]
        if student in self.looked_into:
            self._lay(student, failed, blank)

    def _passes(self, student: str, exercise: str) -> bool:
        """Decide by the Rasch model: ability against difficulty."""
        chance = 1 / (1 + math.exp(self.difficulty[exercise] - self.ability[student]))
        return self.by_chance.random() < chance

    def _lay(self, student: str, failed: dict, blank: set) -> None:
        """Lay a graded notebook: every failed cell with an error, every attempted answer changed."""
        notebook = copy.deepcopy(self.edition)
        for cell in notebook.cells:
            exercise = answers.exercise(cell)
            if answers.role(cell) == "answer" and exercise not in blank:
                cell.source += f"\n# {student}"
            if cell.id in failed:
                said = self.by_chance.choice(self.words[exercise]) or "it failed"
                trace = [f"Traceback line {number}" for number in range(20)]
                cell.outputs = [
                    new_output("error", ename="AssertionError", evalue=said, traceback=trace)
                ]
        if self.by_chance.random() < 0.02:
            flag = {
                "cell": next(iter(failed), None),
                "reason": "an assert of the check was removed",
            }
            notebook.metadata["revise"] = {"flags": [flag]}
        path = self.folder / "autograded" / student / self.name / f"{self.name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)


def _grade_cell(cell, notebook: Notebook) -> GradeCell:
    points = cell.metadata.nbgrader.points
    return GradeCell(name=cell.id, notebook=notebook, max_score=points, cell_type="code")


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
