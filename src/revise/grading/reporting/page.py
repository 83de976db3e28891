"""The report's page: one file, nothing fetched, works opened from disk, reads at any width."""

import base64
import hashlib
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from revise.grading.reporting.figures import Report
from revise.grading.reporting.heatmap import heat_maps, shade, whole
from revise.grading.reporting.marks import Standing
from revise.grading.reporting.statistics import BINS, histogram
from revise.grading.reporting.table import number

FOLDER = Path(__file__).parent / "page"
GENERATOR = '<meta name="generator" content="revise report">'
COMPACT = 40
"""From how many learners on the rows of a table are as low as they can be read."""


def as_html(report: Report, now: datetime) -> str:
    """Return the page. All text is escaped by the template engine.

    The page's own policy allows one script, by its digest: should anything of a learner's get around
    the escaping, the browser would still not run it.
    """
    script = (FOLDER / "script.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    environment.filters |= {"number": number, "whole": whole, "shade": shade}
    return environment.get_template("index.html.j2").render(
        report=report,
        bars=_bars(report.percents),
        maps=heat_maps(report),
        missing=sum(row.standings.count(Standing.MISSING) for row in report.rows),
        several=len(report.marks.assignments) > 1,
        compact="compact" if len(report.rows) > COMPACT else "",
        now=now,
        generator=Markup(GENERATOR),
        style=Markup((FOLDER / "style.css").read_text(encoding="utf-8")),
        script=Markup(script),
        digest=digest,
    )


def _bars(percents: list[float]) -> list[tuple[str, int, int]]:
    """Return the bars of the histogram: what each is of, how many, and its height in per cent."""
    counts = histogram(percents)
    most = max(*counts, 1)
    width = 100 // BINS
    return [
        (f"{width * place}–{width * (place + 1)}", count, round(100 * count / most))
        for place, count in enumerate(counts)
    ]
