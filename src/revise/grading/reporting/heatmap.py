"""The heat map: learners down, concepts across, points earned in per cent of points possible."""

from collections import defaultdict
from dataclasses import dataclass

from revise.grading.reporting.concepts import Concept
from revise.grading.reporting.figures import Report
from revise.grading.reporting.marks import Learner

MOST_COLUMNS = 60
"""More do not fit on a screen: then there is a map for each section of the course."""
SHADES = 5


@dataclass(frozen=True)
class HeatMap:
    """A map of some concepts, the weakest first; learners who handed in nothing of them are left out."""

    title: str
    prefix: str
    """What the ids of all its concepts begin with."""
    concepts: list[Concept]
    rows: list[tuple[Learner, list[float | None]]]

    @property
    def weakest(self) -> float:
        return self.concepts[0].mean

    def short(self, concept: Concept) -> str:
        return concept.id.removeprefix(self.prefix)


def heat_maps(report: Report) -> list[HeatMap]:
    """Return the maps of a report: one, or of many concepts one per section, the weakest section first."""
    groups: dict[str, list[Concept]] = defaultdict(list)
    for concept in report.concepts:
        groups[concept.id.partition(".")[0]].append(concept)
    if len(groups) > 1 and len(report.concepts) <= MOST_COLUMNS:
        return [_map("", "", report.concepts, report)]
    maps = [_map(name, f"{name}.", group, report) for name, group in groups.items()]
    return sorted(maps, key=lambda one: one.weakest)


def _map(title: str, prefix: str, concepts: list[Concept], report: Report) -> HeatMap:
    rows = [
        (row.learner, [concept.share(row.learner.id) for concept in concepts])
        for row in report.rows
        if any(row.learner.id in concept.of for concept in concepts)
    ]
    return HeatMap(title, prefix, concepts, rows)


def shade(percent: float | None) -> str:
    """Return the name of a percentage's colour: ``h0`` (below 20) to ``h4``, and ``h5`` for all."""
    if percent is None:
        return "none"
    return f"h{max(0, min(int(percent * SHADES / 100), SHADES))}"


def whole(percent: float | None) -> str:
    """Return a percentage as a whole number; 0 and 100 only where it is exactly that."""
    if percent is None:
        return "–"
    if 0 < percent < 100:
        return str(min(max(round(percent), 1), 99))
    return str(round(percent))
