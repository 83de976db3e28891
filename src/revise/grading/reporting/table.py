"""The report's CSV: a line per learner, for a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from revise.grading.reporting.figures import Report, Row

# What a spreadsheet takes for the beginning of a formula (OWASP ASVS 5.0, 1.2.10), and CR, which
# Excel passes over.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
FIRST = ("learner", "last_name", "first_name", "state", "mark", "of", "percent", "late_penalty")


def as_csv(report: Report) -> str:
    """Return the table of a report, with a column per exercise or, of several, per assignment.

    A text that a spreadsheet would take for a formula has an apostrophe before it, which Excel and
    LibreOffice understand as "this is text". Marks of a missing submission are empty, not 0.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(plain, [*FIRST, "flags", *_columns(report)]))
    for row in report.rows:
        writer.writerow([*_first(row), row.remarks, *map(number, _points(report, row))])
    return text.getvalue()


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def number(value: float | None) -> str:
    """Return a number as short as it can be; an empty text for None."""
    return "" if value is None else f"{round(value, 2):g}"


def _first(row: Row) -> list[str]:
    learner = row.learner
    states = list(dict.fromkeys(row.standings))
    mark = row.mark if row.handed_in else None
    return [
        plain(learner.id), plain(learner.last_name), plain(learner.first_name), ", ".join(states),
        number(mark), number(row.of), number(row.percent), number(row.penalty),
    ]  # fmt: skip


def _columns(report: Report) -> Iterator[str]:
    if len(report.marks.assignments) > 1:
        yield from (assignment.name for assignment in report.marks.assignments)
    else:
        yield from (exercise.id for exercise in report.marks.assignments[0].exercises)


def _points(report: Report, row: Row) -> Iterator[float | None]:
    assignments = report.marks.assignments
    marks = [assignment.marks.get(row.learner.id) for assignment in assignments]
    if len(assignments) > 1:
        yield from (one and one.mark for one in marks)
    else:
        yield from marks[0].points if marks[0] else [None] * len(assignments[0].exercises)
