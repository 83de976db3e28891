"""What `revise check` says, to people and to programs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.text import Text

from revise.grading.compare import Difference
from revise.grading.run import Result, State

MARKS = {State.PASSED: ("✓", "green"), State.FAILED: ("✗", "red"), State.BLANK: ("–", "yellow")}


@dataclass(frozen=True)
class Report:
    """The answers to both questions: do the exercises pass, do the demos still show what they should."""

    notebook: str
    section: str
    exercises: list[Result]
    differences: list[Difference] | None
    """None when the notebook has no demos."""

    @property
    def passed(self) -> bool:
        return not self.differences and all(one.state is State.PASSED for one in self.exercises)

    @property
    def points(self) -> float:
        return sum(one.points for one in self.exercises)

    @property
    def of(self) -> float:
        return sum(one.of for one in self.exercises)

    @property
    def hidden(self) -> float:
        return sum(one.hidden for one in self.exercises)

    def as_json(self) -> dict:
        """Return the report as plain data; ``passed`` is what the exit status says."""
        return asdict(self) | {
            "passed": self.passed,
            "points": self.points,
            "of": self.of,
            "visible_checks_only": self.hidden > 0,
        }

    def lines(self) -> Iterator[Text]:
        """Yield the lines for a terminal."""
        yield Text(f"{self.section}: {self.notebook}", style="bold")
        width = max((len(_points(one)) for one in self.exercises), default=0)
        for one in self.exercises:
            mark, colour = MARKS[one.state]
            tried = "  not attempted" if one.state is State.BLANK else ""
            yield Text.assemble(
                (mark, colour), f" {_points(one):>{width}}  {one.title}  ", (one.id, "dim"), tried
            )
            if one.state is State.FAILED:
                yield from (Text(f"{'':{width + 4}}{line}") for line in one.words.splitlines())
        yield Text(f"{self.points:g} of {self.of:g} points{self._tries()}")
        if self.hidden:
            yield Text(
                f"Visible checks only: {self.hidden:g} more points are for hidden checks, which run when this is graded."
            )
        yield from self._comparison()

    def _tries(self) -> str:
        blank = sum(one.state is State.BLANK for one in self.exercises)
        return f", {blank} of {len(self.exercises)} exercises not attempted" if blank else ""

    def _comparison(self) -> Iterator[Text]:
        if self.differences is None:
            return
        if not self.differences:
            yield Text("The notebook still shows what it should.")
            return
        yield Text(
            f"{len(self.differences)} of the notebook's cells no longer show what they should:"
        )
        for difference in self.differences:
            yield Text.assemble(
                ("✗", "red"), f" {difference.cell} ", (_first_line(difference.source), "dim")
            )
            yield from (Text(f"    {line}") for line in difference.words.splitlines())

    def show(self, console: Console) -> None:
        """Print the report; colours only where ``console`` is a terminal."""
        for line in self.lines():
            console.print(line, soft_wrap=True, highlight=False)


def _points(result: Result) -> str:
    return f"{result.points:g}/{result.of:g}"


def _first_line(source: str) -> str:
    return next((line for line in source.splitlines() if line.strip()), "")
