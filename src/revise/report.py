"""The marks of a class as pandas frames, for a teacher's notebook.

`revise report` writes the same figures as a page. In a notebook in the course's folder::

    from revise import report

    report.marks().pivot_table(index="learner", columns="assignment", values="percent")
    report.exercises(assignment="02").sort_values("facility").head()

Each function takes ``where``, a course or its folder, a gradebook's file, or nbgrader's ``Gradebook``, by default the
course of the current folder; and an ``assignment`` (``"02"``, or its name), by default all that are graded.
Concepts and titles come from ``release/``, so a bare gradebook has none.

Raises ``NoCourse``, ``NoGradebook``, ``UnknownAssignment``, ``NoMarks`` and ``GradebookUnusable``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from revise.course import Course

# In the functions below, since they take seconds to import and a module that only names a
# function of this one needs none of them.
if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from pandas import DataFrame

    from revise.grading.reporting.marks import ClassMarks

    Where = Gradebook | Course | Path | str | None


def marks(where: Where = None, *, assignment: str | None = None) -> DataFrame:
    """Return a row per learner and assignment.

    ``mark`` is what counts, late penalty taken off; ``of`` the most points, ``percent`` of them. ``state`` is
    ``graded``, ``graded in part`` (cells wait for a teacher), ``not graded yet`` or ``missing``; without
    marks, ``earned``, ``late_penalty``, ``mark`` and ``percent`` are NaN.

    >>> marks().groupby("assignment")["percent"].describe()
    """
    from pandas import DataFrame

    columns = ["learner", "last_name", "first_name", "assignment", "state"]
    columns += ["earned", "late_penalty", "mark", "of", "percent"]
    return DataFrame(_marks(_read(where, assignment)), columns=columns)


def points(where: Where = None, *, assignment: str | None = None) -> DataFrame:
    """Return a row per learner and exercise: ``points`` earned, of the most, ``of``.

    Only of those whose submission is graded.

    >>> points(assignment="02").pivot(index="learner", columns="exercise", values="points").corr()
    """
    from pandas import DataFrame

    rows = (
        (learner, one.name, exercise.id, earned, exercise.of)
        for one in _read(where, assignment).assignments
        for learner, marked in one.marks.items()
        for exercise, earned in zip(one.exercises, marked.points, strict=True)
    )
    return DataFrame(rows, columns=["learner", "assignment", "exercise", "points", "of"])


def exercises(where: Where = None, *, assignment: str | None = None) -> DataFrame:
    """Return a row per exercise: ``facility`` in per cent, and ``discrimination``.

    ``revise.grading.reporting.statistics`` defines both; where one is undefined it is NaN.

    >>> exercises().query("discrimination < 0.2")
    """
    from pandas import DataFrame

    from revise.grading.reporting.figures import Report

    rows = (
        (
            item.assignment.name, item.exercise.id, item.exercise.title, item.exercise.of,
            item.facility, item.discrimination.value,
        )
        for item in Report(_read(where, assignment)).items
    )  # fmt: skip
    columns = ["assignment", "exercise", "title", "of", "facility", "discrimination"]
    numbers = {"facility": float, "discrimination": float}
    return DataFrame(rows, columns=columns).astype(numbers)


def concepts(where: Where = None, *, assignment: str | None = None) -> DataFrame:
    """Return a row per learner and concept: points ``earned`` of those of its exercises, ``of``.

    >>> concepts().groupby("concept")[["earned", "of"]].sum().eval("earned / of").nsmallest(10)
    """
    from pandas import DataFrame

    from revise.grading.reporting.concepts import concepts as per_concept

    rows = (
        (learner, concept.id, earned, concept.of[learner])
        for concept in per_concept(_read(where, assignment).assignments)
        for learner, earned in concept.earned.items()
    )
    return DataFrame(rows, columns=["learner", "concept", "earned", "of"])


def _read(where: Where, assignment: str | None) -> ClassMarks:
    from revise.grading.reporting.marks import class_marks
    from revise.grading.reporting.place import opened

    with opened(where) as place:
        return class_marks(place, assignment)


def _marks(read: ClassMarks) -> Iterator[tuple]:
    for one in read.assignments:
        for learner in read.learners:
            marked = one.marks.get(learner.id)
            figures = (
                (marked.earned, marked.penalty, marked.mark) if marked else (float("nan"),) * 3
            )
            percent = 100 * figures[2] / one.of if one.of else float("nan")
            yield (
                learner.id, learner.last_name, learner.first_name, one.name,
                str(one.standing(learner.id)), *figures, one.of, percent,
            )  # fmt: skip
