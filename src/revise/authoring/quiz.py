"""Make an exam for a class: an nbgrader assignment of exercises drawn from the built sections."""

import difflib
import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from revise import answers, execution, files
from revise.authoring.draw import draw
from revise.composition.exercises import Exercise, of_sources
from revise.composition.notebook import compose
from revise.course import Course
from revise.errors import (
    AssignmentExists,
    BadAssignmentName,
    ExamFails,
    NotEnoughPoints,
    UnknownConcept,
)

# nbgrader allows more; a plus sign would part a submission's name, a dot hide a folder.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
MOST_DRAWS = 4
"""An exam whose reference fails is drawn anew, without what failed, until so many were drawn."""


@dataclass
class Exam:
    """What was drawn and where it was written."""

    path: Path
    exercises: list[Exercise]
    concepts: tuple[str, ...]
    """The concepts that were asked for."""
    left_out: list[str] = field(default_factory=list)
    """Exercises that failed beside the others, each with what it said."""

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises)

    @property
    def covered(self) -> tuple[str, ...]:
        """Return the wanted concepts that its exercises grade."""
        graded = {concept for exercise in self.exercises for concept in exercise.concepts}
        return tuple(concept for concept in self.concepts if concept in graded)


def make(
    course: Course,
    patterns: Sequence[str],
    points: float,
    seed: int,
    name: str,
    *,
    hints: bool = False,
) -> Exam:
    """Draw an exam, run its reference solutions, and write it to ``source/<name>/<name>.ipynb``.

    ``patterns`` are globs of concept ids (``django.*``); an exercise fits that grades one such concept.
    The exam has ``points`` points, or the nearest sum below. The same course and arguments write the same bytes;
    a file that says something else is not overwritten.

    Raises ``UnknownConcept``, ``NotEnoughPoints``, ``BadAssignmentName``, ``AssignmentExists``, and ``ExamFails`` when
    exercises of several sections do not run in one notebook.
    """
    _require_name(course, name)
    concepts = wanted(course, patterns)
    pool = [one for one in of_sources(course) if set(one.concepts) & set(concepts)]
    _require_points(pool, points, patterns)
    exam = Exam(course.root / "source" / name / f"{name}.ipynb", [], concepts)
    for _ in range(MOST_DRAWS):
        exam.exercises = draw(pool, points, seed, concepts)
        notebook = compose(_heading(name, exam), exam.exercises, hints=hints)
        failures = _failures(notebook)
        if exam.exercises and not failures:
            _write(exam.path, notebook)
            return exam
        if None in failures:  # a section's setup: another exercise would not help
            raise ExamFails.of([failures[None]])
        exam.left_out += failures.values()
        pool = [one for one in pool if one.id not in failures]
        if not pool:
            break
    raise ExamFails.of(exam.left_out)


def wanted(course: Course, patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the concepts of the syllabus that fit any of ``patterns``, in its order.

    Raises ``UnknownConcept`` for a pattern that none fits, with the nearest name.
    """
    known = [concept for section in course.sections for concept in section.concepts]
    for pattern in patterns:
        if not fnmatch.filter(known, pattern):
            raise UnknownConcept.like(pattern, _nearest(pattern, known))
    return tuple(one for one in known if any(fnmatch.fnmatchcase(one, glob) for glob in patterns))


def _nearest(pattern: str, known: list[str]) -> str | None:
    """Return the concept, or all of a topic or section (``django.*``), that reads most like ``pattern``."""
    parts = [concept.split(".") for concept in known]
    groups = [f"{'.'.join(part[:length])}.*" for part in parts for length in (1, 2)]
    close = difflib.get_close_matches(pattern, dict.fromkeys([*known, *groups]), n=1)
    return close[0] if close else None


def _require_name(course: Course, name: str) -> None:
    if not NAME.fullmatch(name):
        raise BadAssignmentName.named(name, "use letters, digits, '-', '_' and '.'")
    if any(name == section.name for section in course.sections):
        raise BadAssignmentName.named(name, "a section has it")


def _require_points(pool: list[Exercise], points: float, patterns: Sequence[str]) -> None:
    asked, each = ", ".join(patterns), [exercise.points for exercise in pool]
    if sum(each) < points:
        raise NotEnoughPoints.of(asked, points, sum(each))
    if min(each) > points:
        raise NotEnoughPoints.smallest(asked, points, min(each))


def _heading(name: str, exam: Exam) -> str:
    return f"# {name}\n\n{len(exam.exercises)} exercises, {exam.points:g} points."


def _failures(notebook: NotebookNode) -> dict[str | None, str]:
    """Run the reference solutions; return by exercise what failed, of the notebook's setup by None."""
    found: dict[str | None, str] = {}
    for exercise, words in _complaints(execution.execute(notebook)):
        found.setdefault(exercise, words)
    return found


def _complaints(executed: NotebookNode) -> Iterator[tuple[str | None, str]]:
    marks = {mark.cell: mark for mark in execution.marks(executed)}
    for cell in executed.cells:
        if cell.cell_type != "code":
            continue
        said = execution.words(cell) or execution.stderr(cell)
        mark = marks.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if said or (mark and mark.points < mark.of):
            first = said.strip().splitlines()[0] if said else "it earned less than its points"
            yield answers.exercise(cell), f"{cell.id}: {first}"


def _write(path: Path, notebook: NotebookNode) -> None:
    text = nbformat.writes(notebook) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    if path.parent.exists():
        raise AssignmentExists.at(path.parent)
    files.replace(path, text.encode())
