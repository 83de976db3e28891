"""A course on which nbgrader's own commands are run."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook


@dataclass
class Chain:
    """A course and its learners, as they are when the chain has run."""

    course: Path
    homes: Path
    section: str
    log: str = ""

    def nbgrader(
        self, *arguments: str, cwd: Path | None = None, ok: bool = True, who: str = "teacher"
    ) -> str:
        return self._run("nbgrader", *arguments, cwd=cwd, ok=ok, who=who)

    def revise(self, *arguments: str, ok: bool = True) -> str:
        return self._run("revise.cli", *arguments, cwd=None, ok=ok, who="teacher")

    def _run(self, module: str, *arguments: str, cwd: Path | None, ok: bool, who: str) -> str:
        home = self.homes / who
        home.mkdir(parents=True, exist_ok=True)
        # A learner is a data folder (nbgrader keeps the submissions' secrets there) and a student id.
        environment = os.environ | {"HOME": str(home), "JUPYTER_DATA_DIR": str(home / ".data")}
        environment["JUPYTER_CONFIG_DIR"] = str(home / ".config")
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=cwd or self.course, env=environment, capture_output=True, text=True, timeout=900,
        )  # fmt: skip
        output = done.stdout + done.stderr
        assert (done.returncode == 0) is ok, output
        return output

    def fetch(self, who: str) -> Path:
        """Fetch the assignment as a learner; return the notebook."""
        home = self.homes / who
        home.mkdir(parents=True)
        self.nbgrader(
            "fetch_assignment", self.section, f"--course-dir={self.course}", cwd=home, who=who
        )
        return home / self.section / f"{self.section}.ipynb"

    def submit_with_a_file_in_the_way(self, who: str) -> None:
        """Submit as a learner whose folder holds a module that Python would find first."""
        module = self.homes / who / self.section / "pathlib.py"
        module.write_text("raise SystemExit('shadowed')")
        self.nbgrader(
            "submit",
            self.section,
            f"--student={who}",
            f"--course-dir={self.course}",
            cwd=self.homes / who,
            who=who,
        )
        module.unlink()

    def lay(self, who: str) -> Path:
        """Lay a collected submission as nbgrader would: a command takes seconds. Return the notebook."""
        folder = Path(
            shutil.copytree(
                self.course / "release" / self.section,
                self.course / "submitted" / who / self.section,
            )
        )
        (folder / "timestamp.txt").write_text("2026-03-01 09:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text(f"the secret of {who}")
        return folder / f"{self.section}.ipynb"

    def page(self, who: str) -> str:
        return (self.course / "feedback" / who / self.section / f"{self.section}.html").read_text()

    def scores(self, who: str) -> dict[str, float]:
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}") as gradebook:
            submission = gradebook.find_submission_notebook(self.section, self.section, who)
            return {grade.name: grade.score for grade in submission.grades}
