"""What is told while a class is graded: a bar on a terminal, lines in a log, nothing to a program."""

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from revise.grading.classroom.results import Result


class Silent:
    """Says nothing."""

    def begin(self, submissions: int) -> None:
        pass

    def done(self, result: Result) -> None:
        pass

    def end(self) -> None:
        pass


class Lines(Silent):
    """Says a line for each submission."""

    def __init__(self, console: Console):
        self._console, self._of, self._count = console, 0, 0

    def begin(self, submissions: int) -> None:
        self._of = submissions

    def done(self, result: Result) -> None:
        self._count += 1
        text = f"{self._count}/{self._of} {result.student}: {result.score:g}/{result.max_score:g}"
        self._console.print(f"{text}, {result.status}", highlight=False, markup=False)


class Bar(Silent):
    """Shows a bar with the time that is left, at the bottom of a terminal."""

    def __init__(self, console: Console):
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
            console=console, transient=True,
        )  # fmt: skip
        self._task = None

    def begin(self, submissions: int) -> None:
        self._task = self._progress.add_task("grading", total=submissions)
        self._progress.start()

    def done(self, result: Result) -> None:
        self._progress.update(self._task, advance=1, description=escape(result.student))

    def end(self) -> None:
        self._progress.stop()


def watcher(console: Console, *, silent: bool) -> Silent:
    """Return who is told, by what ``console`` is."""
    if silent:
        return Silent()
    return Bar(console) if console.is_terminal else Lines(console)
