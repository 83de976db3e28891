"""The one line under a check that ran: its sign, its points, its concepts."""

from revise.progress.checks import Check
from revise.progress.outcome import Outcome
from revise.sandbox.display.failure import Failure
from revise.sandbox.display.markup import details, escape, page, pre, span

COMPARED, WHERE = "What was compared, and where", "Where"
# JupyterLab puts no space between an error and the output under it.
SPACE = "margin-top:.35em"


def mark_bundle(check: Check, outcome: Outcome, failure: Failure | None = None) -> dict[str, str]:
    """Return the mark as a MIME bundle; what ``failure`` knows beside its words is folded away.

    >>> mark_bundle(check, PASSED)["text/plain"]  # doctest: +SKIP
    '✓ 3 points · django.models.one-to-many'
    """
    more = rest(failure) if failure else ""
    fold = COMPARED if failure and failure.compared else WHERE
    said, about = words_of(check, outcome), ", ".join(check.concepts) if outcome.counts else ""
    css = "rv-good" if outcome.passed else "rv-bad" if outcome.counts else "rv-dim"
    line = f"{span(outcome.sign, css)} {escape(said)}" + (about and f" · {span(about, 'rv-dim')}")
    plain = f"{outcome.sign} {said}" + (about and f" · {about}")
    return {
        "text/plain": f"{plain}\n\n{more}" if more else plain,
        "text/html": page(f'<div style="{SPACE}">{line}</div>', details(fold, pre(more))),
    }


def words_of(check: Check, outcome: Outcome) -> str:
    """Return what the check earned, or why that does not count."""
    points = f"{check.points:g} point{'' if check.points == 1 else 's'}"
    if outcome.counts:
        return points if outcome.passed else f"0 of {points}"
    return f"not counted: {outcome.why}" if outcome.why else "not counted"


def rest(failure: Failure) -> str:
    """Return what was compared and where, without the words, which stand above already."""
    return "\n\n".join(filter(None, [failure.compared, "\n".join(failure.places)]))
