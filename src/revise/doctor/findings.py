"""A finding, and how a probe becomes one."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from rich.console import Console
from rich.text import Text

from revise.errors import ReviseError


class State(StrEnum):
    """What a probe found: it works, it works less well or is optional, it is missing."""

    OK = "ok"
    LIMITED = "limited"
    MISSING = "missing"


MARKS = {State.OK: ("✓", "green"), State.LIMITED: ("–", "yellow"), State.MISSING: ("✗", "red")}
HEADINGS = {
    "learner": "For a learner",
    "teacher": "For a teacher",
    "author": "For an author, and for make test",
}


class Problem(Exception):
    """What a probe raises: what is wrong, and the mend; ``limited`` when one can go on without it."""

    def __init__(self, words: str, mend: str, *, limited: bool = False):
        super().__init__(words)
        self.words, self.mend, self.limited = words, mend, limited


@dataclass(frozen=True)
class Probe:
    """Something to try: ``ask`` returns what it found, or raises ``Problem``."""

    group: str
    name: str
    ask: Callable[[], str]
    mend: str = ""
    """The mend of any other error that ``ask`` raises."""


@dataclass(frozen=True)
class Finding:
    """What came of a probe, in one line."""

    group: str
    name: str
    state: State
    words: str
    mend: str = ""

    def line(self) -> Text:
        """Return the line for a terminal."""
        mark, colour = MARKS[self.state]
        mend = f" {self.mend}" if self.mend else ""
        return Text.assemble((mark, colour), f" {self.name}: {self.words}.", (mend, "bold"))


def examine(probe: Probe) -> Finding:
    """Try ``probe``. It never raises: what a probe did not foresee is a finding too."""
    try:
        return Finding(probe.group, probe.name, State.OK, probe.ask())
    except Problem as problem:
        state = State.LIMITED if problem.limited else State.MISSING
        return Finding(probe.group, probe.name, state, problem.words, problem.mend)
    except ReviseError as error:
        words = _one_line(str(error)).rstrip(".")
        return Finding(probe.group, probe.name, State.MISSING, words, probe.mend)
    except Exception as error:
        words = f"{type(error).__name__}: {_one_line(str(error))}".rstrip(".")
        return Finding(probe.group, probe.name, State.MISSING, words, probe.mend)


def show(findings: Iterator[Finding], console: Console) -> list[Finding]:
    """Print each finding as it comes, grouped by whom it concerns; return them all."""
    shown: list[Finding] = []
    for finding in findings:
        if not shown or shown[-1].group != finding.group:
            console.print(Text(HEADINGS[finding.group], style="bold"))
        console.print(finding.line(), soft_wrap=True, highlight=False)
        shown.append(finding)
    return shown


def passed(findings: list[Finding]) -> bool:
    """Say whether nothing is missing that a learner needs."""
    return not any(one.group == "learner" and one.state is State.MISSING for one in findings)


def as_json(findings: list[Finding]) -> dict:
    """Return the findings as plain data; ``passed`` is what the exit status says."""
    return {"passed": passed(findings), "findings": [asdict(one) for one in findings]}


def _one_line(words: str) -> str:
    return " ".join(words.split())
