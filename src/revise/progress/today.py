"""Make the notebook of the exercises that are due today."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat

from revise import files
from revise.composition.clashes import clashing
from revise.composition.exercises import Exercise, of_published
from revise.composition.notebook import compose
from revise.course import Course
from revise.errors import NoNotebooks, WorkNotWritable

HEADING = """# Revision, {day}

{count} you have done before, blank again and in another order. Each check counts as it does in its section."""


@dataclass
class Today:
    """What is due, what was made of it, and what comes next."""

    path: Path
    exercises: list[Exercise] = field(default_factory=list)
    """Those in the notebook; none when nothing is due."""
    waiting: int = 0
    """How many more are due."""
    kept: bool = False
    """Today's notebook was there already, and is as it was."""
    next: datetime | None = None
    """When the next exercise is due, where none is; None when nothing was ever attempted."""


def make(course: Course, due: dict[str, datetime], now: datetime, most: int) -> Today:
    """Write ``work/today-<date>.ipynb`` of at most ``most`` exercises that are due; return what came of it.

    ``due`` is when each exercise is due, and ``now`` says what day it is; both know their time zone. The longest
    due come first; one that cannot share the notebook with them waits. A notebook that is there is never
    overwritten: it may hold answers. An exercise that the course no longer has is never due.

    Raises ``NoNotebooks`` when nothing is published, and ``WorkNotWritable``.
    """
    known = {exercise.id: exercise for exercise in of_published(course)}
    if not known:
        raise NoNotebooks.at("notebooks")
    ours = sorted((at, id) for id, at in due.items() if id in known)
    ready = [known[id] for at, id in ours if at <= now]
    today = Today(course.root / "work" / f"today-{now:%Y-%m-%d}.ipynb")
    if not ready:
        today.next = ours[0][0] if ours else None
        return today
    if today.path.exists():
        today.kept = True
        return today
    today.exercises = _together(ready, most)
    today.waiting = len(ready) - len(today.exercises)
    random.Random(f"{now:%Y-%m-%d}").shuffle(today.exercises)
    _write(today, now)
    return today


def _together(ready: list[Exercise], most: int) -> list[Exercise]:
    """Return the first of ``ready`` that can share a notebook, at most ``most``."""
    chosen: list[Exercise] = []
    for exercise in ready:
        if len(chosen) < most and not clashing(exercise, chosen):
            chosen.append(exercise)
    return chosen


def _write(today: Today, now: datetime) -> None:
    number = len(today.exercises)
    count = "One exercise that" if number == 1 else f"{number} exercises that"
    heading = HEADING.format(day=f"{now:%Y-%m-%d}", count=count)
    text = nbformat.writes(compose(heading, today.exercises, hints=True)) + "\n"
    try:
        # Tried first: mkdir says "exists" of a file as well, and that is no notebook which is kept.
        if not today.path.parent.is_dir():
            today.path.parent.mkdir()
        files.write_new(today.path, text.encode())
    except FileExistsError as error:
        if not today.path.is_file():
            raise WorkNotWritable.at(today.path.parent, "it is not a folder") from error
        today.kept = True
    except OSError as error:
        raise WorkNotWritable.at(error.filename or today.path, error.strerror) from error
