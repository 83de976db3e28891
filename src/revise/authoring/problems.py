"""A problem of a section's text, told so that its author can mend it at once."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a section's text: where, in which exercise, what, and the mend."""

    path: Path
    line: int
    exercise: str | None
    what: str
    mend: str

    def __str__(self) -> str:
        exercise = f" {self.exercise}:" if self.exercise else ""
        return f"{self.path.name}:{self.line}:{exercise} {self.what}. {self.mend}"
