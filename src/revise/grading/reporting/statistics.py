"""The figures of a report. What is undefined is None, with the reason in words; nothing is NaN.

Missing submissions are in none of them: nobody knows what those learners would have earned.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

# Points are sums of decimals: what differs by less differs by how floats are added.
SAME = 1e-9
FEWEST = 3
"""Two learners always lie on a line, so their correlation says nothing."""
BINS = 10


@dataclass(frozen=True)
class Spread:
    """How marks are spread, in per cent of what can be earned."""

    count: int
    mean: float
    median: float
    deviation: float | None
    """The sample's standard deviation; None for one learner."""
    lowest: float
    highest: float


@dataclass(frozen=True)
class Discrimination:
    """A correlation from -1 to 1; where there is none, ``value`` is None and ``why`` says why."""

    value: float | None
    why: str = ""


def share(earned: float, of: float) -> float | None:
    """Return ``earned`` in per cent of ``of``; None where nothing can be earned."""
    return 100 * earned / of if of > SAME else None


def spread(percents: Sequence[float]) -> Spread | None:
    """Return how ``percents`` are spread; None where there are none."""
    if not percents:
        return None
    return Spread(
        len(percents), statistics.fmean(percents), statistics.median(percents),
        statistics.stdev(percents) if len(percents) > 1 else None, min(percents), max(percents),
    )  # fmt: skip


def histogram(percents: Sequence[float]) -> list[int]:
    """Return how many lie in each of ten equal parts of 0 to 100; 100 and more are in the last."""
    counts = [0] * BINS
    for percent in percents:
        counts[min(int((percent + SAME) * BINS / 100), BINS - 1)] += 1
    return counts


def facility(points: Sequence[float], of: float) -> float | None:
    """Return an exercise's facility: the mean score in per cent of the maximum.

    High is easy. It is the item's difficulty index, or *p*, of classical test theory; Moodle's
    "Facility index" (docs.moodle.org/dev/Quiz_statistics_calculations). None where nobody handed
    in, or where nothing can be earned.
    """
    return share(statistics.fmean(points), of) if points else None


def discrimination(points: Sequence[float], totals: Sequence[float]) -> Discrimination:
    """Return whether an exercise tells the strong from the weak: the corrected item-total correlation.

    It is Pearson's correlation of the points of the exercise with those of all *other* exercises of the
    assignment: ``totals`` are the learners' sums, in which the exercise itself still is. Left in, it
    would correlate with itself. Moodle's "Discrimination index" is the same
    (docs.moodle.org/dev/Quiz_statistics_calculations), and so is what
    ``performance::item_discrimination`` of R computes.

    Undefined for fewer than three learners, and where points or rest do not vary.
    """
    rest = [total - own for total, own in zip(totals, points, strict=True)]
    if len(points) < FEWEST:
        return Discrimination(None, f"fewer than {FEWEST} learners")
    if _constant(points):
        return Discrimination(None, "everyone has the same points")
    if _constant(rest):
        return Discrimination(None, "no other exercise varies")
    return Discrimination(statistics.correlation(points, rest))


def _constant(values: Sequence[float]) -> bool:
    return max(values) - min(values) <= SAME * max(1.0, *map(abs, values))
