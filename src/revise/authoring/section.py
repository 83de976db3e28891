"""What a section's text means: its exercises, with their answers, checks and variants."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from revise.authoring.problems import Problem
from revise.authoring.text import Cell, read
from revise.errors import SectionProblems

DEFAULT_ANSWER = "answer"
KEYS = {
    "exercise", "concepts", "hints", "role", "name", "check", "points", "hidden",
    "wrong", "right", "says", "volatile", "raises", "title", "tags",
}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """A graded cell: the behaviour it checks, its points, and whether learners see it."""

    behaviour: str
    points: float
    hidden: bool
    cell: Cell


@dataclass(frozen=True)
class Variant:
    """A wrong or another right answer: sources by answer name; the rest is the reference's."""

    title: str
    says: str
    sources: dict[str, str]
    line: int


@dataclass(eq=False)
class Exercise:
    """One exercise of a section, as its author wrote it."""

    id: str
    concepts: tuple[str, ...]
    task: Cell
    setup: list[Cell] = field(default_factory=list)
    answers: dict[str, Cell] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    wrong: list[Variant] = field(default_factory=list)
    right: list[Variant] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.task.line

    @property
    def title(self) -> str:
        return self.task.source.lstrip().splitlines()[0].lstrip("# ") if self.task.source else ""

    @property
    def points(self) -> float:
        return sum(check.points for check in self.checks)

    def answer_id(self, name: str) -> str:
        """Return the cell id of the answer called ``name``."""
        return f"{self.id}--answer" + ("" if name == DEFAULT_ANSWER else f"-{name}")


@dataclass(frozen=True)
class Part:
    """A cell in the section's order, with the exercise it belongs to and the part it plays."""

    cell: Cell
    role: str | None = None
    exercise: Exercise | None = None
    name: str = ""
    """The answer's name, or the check's behaviour."""


@dataclass(frozen=True)
class SectionText:
    """A whole section: its parts in order (variants left out) and its exercises."""

    path: Path
    parts: list[Part]
    exercises: list[Exercise]
    cells: list[Cell]
    """All cells as they were read, variants among them."""


def parse(path: Path) -> SectionText:
    """Return the section written at ``path``.

    Raises ``SectionProblems`` with every cell that cannot be understood: file, line, exercise
    and mend of each. What is understood but against the rules is for ``lint``.
    """
    reader = _Reader(path)
    cells = read(path)
    parts = [part for cell in cells for part in reader.place(cell)]
    if reader.problems:
        raise SectionProblems.of(reader.problems)
    return SectionText(path, parts, reader.exercises, cells)


class _Reader:
    """Places cells one after the other, remembering the exercise they belong to."""

    def __init__(self, path: Path):
        self.path = path
        self.exercises: list[Exercise] = []
        self.problems: list[Problem] = []

    def place(self, cell: Cell) -> Iterator[Part]:
        for key in sorted(cell.metadata.keys() - KEYS):
            self.fail(cell, f"unknown key {key!r}", "docs/author.md lists the keys.")
        kinds = [
            key for key in ("exercise", "role", "check", "wrong", "right") if key in cell.metadata
        ]
        kind = "hints" if cell.metadata.get("title") == "hints" else (kinds or ["plain"])[0]
        if len(kinds) > 1:
            self.fail(cell, f"a cell cannot be {' and '.join(kinds)}", "Keep one of these keys.")
        elif kind in ("plain", "exercise"):
            yield from getattr(self, f"_{kind}")(cell)
        elif not self.exercises and (kind, cell.metadata.get("role")) == ("role", "setup"):
            yield Part(cell, "setup")
        elif not self.exercises:
            self.fail(cell, f"a {kind} cell before any exercise", "Begin an exercise above it.")
        else:
            yield from getattr(self, f"_{kind}")(cell, self.exercises[-1])

    def fail(self, cell: Cell, what: str, mend: str) -> None:
        exercise = self.exercises[-1].id if self.exercises else None
        self.problems.append(Problem(self.path, cell.line, exercise, what, mend))

    def _plain(self, cell: Cell) -> Iterator[Part]:
        yield Part(cell)

    def _exercise(self, cell: Cell) -> Iterator[Part]:
        concepts = tuple(str(cell.metadata.get("concepts", "")).split())
        exercise = Exercise(str(cell.metadata["exercise"]), concepts, cell)
        self.exercises.append(exercise)
        yield Part(cell, "task", exercise)

    def _role(self, cell: Cell, exercise: Exercise) -> Iterator[Part]:
        role, name = cell.metadata["role"], str(cell.metadata.get("name", DEFAULT_ANSWER))
        if role == "setup":
            exercise.setup.append(cell)
            yield Part(cell, "setup", exercise)
        elif role != "answer":
            self.fail(cell, f"unknown role {role!r}", 'Write role="setup" or role="answer".')
        elif name in exercise.answers:
            self.fail(cell, f"a second answer called {name!r}", "Give each answer cell its name=.")
        else:
            exercise.answers[name] = cell
            yield Part(cell, "answer", exercise, name)

    def _check(self, cell: Cell, exercise: Exercise) -> Iterator[Part]:
        points = cell.metadata.get("points")
        if not isinstance(points, int | float) or points <= 0:
            self.fail(cell, "a check without points", "Write points=1 or more on its first line.")
            return
        hidden = bool(cell.metadata.get("hidden"))
        check = Check(str(cell.metadata["check"]), points, hidden, cell)
        exercise.checks.append(check)
        yield Part(cell, "check", exercise, check.behaviour)

    def _hints(self, cell: Cell, exercise: Exercise) -> Iterator[Part]:
        items = re.split(r"^\d+\. +", cell.source, flags=re.MULTILINE)
        exercise.hints = [
            re.sub(r"^ {3}", "", item, flags=re.MULTILINE).strip() for item in items[1:]
        ]
        yield Part(cell, "hint", exercise)

    def _wrong(self, cell: Cell, exercise: Exercise) -> Iterator[Part]:
        self._variant(cell, exercise, exercise.wrong, str(cell.metadata["wrong"]))
        return iter(())

    def _right(self, cell: Cell, exercise: Exercise) -> Iterator[Part]:
        self._variant(cell, exercise, exercise.right, str(cell.metadata["right"]))
        return iter(())

    def _variant(self, cell: Cell, exercise: Exercise, variants: list[Variant], title: str) -> None:
        name = str(cell.metadata.get("name", DEFAULT_ANSWER))
        known = next((variant for variant in variants if variant.title == title), None)
        if name not in exercise.answers:
            names = ", ".join(exercise.answers) or "none"
            self.fail(
                cell, f"no answer cell is called {name!r} (there are: {names})", "Write its name=."
            )
        elif known is None:
            says = str(cell.metadata.get("says", ""))
            variants.append(Variant(title, says, {name: cell.source}, cell.line))
        elif name in known.sources:
            self.fail(
                cell,
                f"the variant {title!r} has a second cell for {name!r}",
                "Give it a title of its own.",
            )
        else:
            known.sources[name] = cell.source
