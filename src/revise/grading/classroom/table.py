"""What a run says at its end, to people and to programs."""

import importlib.metadata
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from revise.errors import ReviseError
from revise.grading.classroom.results import Result, Status, totals

COLOURS = {Status.GRADED: "green", Status.UNCHANGED: "dim", Status.FAILED: "red"}


@dataclass(frozen=True)
class Report:
    """All that came of a run."""

    assignment: str
    results: list[Result]
    isolated: bool
    interrupted: bool
    seconds: float
    missing: int = 0
    """Submissions that were not reached: the run was interrupted, or could not go on."""
    error: ReviseError | None = None
    """Why the run could not go on."""

    @property
    def status(self) -> int:
        """The command's exit status."""
        if self.interrupted:
            return 130
        if self.error:
            return 2
        failed = any(result.status is Status.FAILED for result in self.results)
        return 1 if failed or self.missing else 0

    def as_json(self) -> dict:
        """Return the report as plain data, students in order."""
        return {
            "assignment": self.assignment,
            "version": importlib.metadata.version("revise"),
            "isolated": self.isolated,
            "interrupted": self.interrupted,
            "error": str(self.error) if self.error else None,
            "students": [_row(result) for result in self._sorted()],
            "totals": totals(self.results) | {"missing": self.missing, "seconds": self.seconds},
        }

    def show(self, console: Console) -> None:
        """Print the table, and the totals below it."""
        table = Table(title=self.assignment, title_justify="left", highlight=False)
        table.add_column("student", overflow="fold")
        table.add_column("points", justify="right", no_wrap=True)
        table.add_column("")
        table.add_column("flags", overflow="fold")
        table.add_column("reason", overflow="fold")
        table.add_column("s", justify="right", no_wrap=True)
        for result in self._sorted():
            table.add_row(
                Text(result.student),
                f"{result.score:g}/{result.max_score:g}",
                Text(result.status, style=COLOURS[result.status]),
                Text(_flags(result)),
                Text(result.reason),
                "" if result.seconds is None else f"{result.seconds:.1f}",
            )
        if self.results:
            console.print(table)
        console.print(self._totals(), highlight=False, markup=False, soft_wrap=True)

    def _totals(self) -> str:
        sums = totals(self.results)
        said = [f"{sums['graded']} graded", f"{sums['unchanged']} unchanged"]
        said += [f"{sums['failed']} failed"] if sums["failed"] else []
        said += [f"{self.missing} not reached"] if self.missing else []
        said += [f"{sums['flagged']} flagged"] if sums["flagged"] else []
        said += [f"mean {sums['mean_score']:g}"] if self.results else []
        line = f"{', '.join(said)}, in {self.seconds:.1f} s."
        again = " Interrupted: the same command goes on." if self.interrupted else ""
        warning = " WITHOUT ISOLATION: a submission may have changed these marks." * (
            not self.isolated
        )
        return f"{line}{again}{warning}"

    def _sorted(self) -> list[Result]:
        return sorted(self.results, key=lambda one: one.student)


def _row(result: Result) -> dict:
    row = result.as_dict()
    del row["marks"]
    row["exercises"] = [one for one in row["exercises"] if one["id"]]
    return row


def _flags(result: Result) -> str:
    if not result.flags:
        return ""
    return f"{len(result.flags)}: {result.flags[0].get('reason', '')}"
