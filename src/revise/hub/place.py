"""Where a hub keeps what it writes, and who teaches on it."""

import re
from dataclasses import dataclass
from pathlib import Path

from revise.course import Course
from revise.errors import NoTeacher, UnfitName

FOLDER = "hub"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
"""What a person on the hub may be called: it names folders, and nbgrader joins names with a plus."""


@dataclass(frozen=True)
class Place:
    """The folder of a hub."""

    root: Path

    @classmethod
    def of(cls, course: Course) -> "Place":
        """Return the place of the hub of ``course``: ``hub/`` in it."""
        return cls(course.root / FOLDER)

    @property
    def database(self) -> str:
        """The address of JupyterHub's own database, with people and their passwords' hashes."""
        return f"sqlite:///{self.root / 'jupyterhub.sqlite'}"

    @property
    def cookie_secret(self) -> Path:
        return self.root / "cookie_secret"

    @property
    def homes(self) -> Path:
        return self.root / "homes"

    @property
    def exchange(self) -> Path:
        return self.root / "exchange"

    @property
    def teachers_file(self) -> Path:
        return self.root / "teachers"

    def make(self) -> None:
        """Make the folder, for its owner alone."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def teachers(self) -> list[str]:
        """Return the names of those who teach. Raises ``NoTeacher`` where nobody does."""
        if names := self._listed():
            return names
        raise NoTeacher.at(self.root)

    def add_teacher(self, name: str) -> None:
        """Let ``name`` teach, from the hub's next start on."""
        known = self._listed()
        if name not in known:
            self.teachers_file.write_text("".join(f"{one}\n" for one in [*known, name]))

    def _listed(self) -> list[str]:
        return self.teachers_file.read_text().split() if self.teachers_file.is_file() else []


def fit_name(name: str) -> str:
    """Return ``name`` as the hub knows it, in small letters. Raises ``UnfitName``."""
    known = name.strip().lower()
    if not NAME.fullmatch(known):
        raise UnfitName.of(name)
    return known
