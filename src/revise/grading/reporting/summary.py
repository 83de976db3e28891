"""What ``revise report`` says on the terminal, to people and to programs."""

from dataclasses import asdict

from revise.grading.reporting.figures import Item, Report, Row
from revise.grading.reporting.marks import Standing
from revise.grading.reporting.table import number


def line(report: Report) -> str:
    """Return the report in one line."""
    standings = [one for row in report.rows for one in row.standings]
    said = [f"{len(report.percents)} of {len(report.rows)} learners graded"]
    for standing in (Standing.WAITING, Standing.NOT_GRADED, Standing.MISSING):
        said += [f"{standings.count(standing)} {standing}"] if standing in standings else []
    if report.spread:
        said.append(f"mean {number(report.spread.mean)} %")
    if report.remarks:
        said.append(f"{len(report.remarks)} worth a look")
    return f"{report.title}: {', '.join(said)}."


def as_json(report: Report) -> dict:
    """Return the figures as plain data; what is undefined is null."""
    return {
        "assignments": [one.name for one in report.marks.assignments],
        "ungraded": list(report.marks.ungraded),
        "spread": asdict(report.spread) if report.spread else None,
        "learners": [_row(row) for row in report.rows],
        "exercises": [_item(item) for item in report.items],
        "concepts": [{"id": one.id, "percent": one.mean} for one in report.concepts],
        "remarks": [asdict(remark) for remark in report.remarks],
    }


def _row(row: Row) -> dict:
    return {
        "learner": row.learner.id,
        "states": list(row.standings),
        "mark": row.mark if row.handed_in else None,
        "of": row.of,
        "percent": row.percent,
    }


def _item(item: Item) -> dict:
    return {
        "assignment": item.assignment.name,
        "exercise": item.exercise.id,
        "of": item.exercise.of,
        "facility": item.facility,
        "discrimination": item.discrimination.value,
        "undefined": item.discrimination.why or None,
        "not_attempted": item.blank,
        "words": [
            {"text": words.text, "hidden": words.hidden, "learners": count}
            for words, count in item.words.most_common()
        ],
    }
