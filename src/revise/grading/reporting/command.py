"""``revise report``: a class's marks as one page, and a table for a spreadsheet."""

import json
import os
from pathlib import Path

import click


@click.command()
@click.argument("assignment", required=False)
@click.option("--all", "everything", is_flag=True, help="Report every assignment, on one page.")
@click.option(
    "--output", metavar="PATH", type=click.Path(path_type=Path),
    help="The page, or its folder; the CSV goes beside it. By default reports/ in the course.",
)  # fmt: skip
@click.option(
    "--marks-only", is_flag=True, help="Leave the graded notebooks closed: no words, no flags."
)
@click.option("--json", "machine", is_flag=True, help="Print the figures as JSON.")
def report(
    assignment: str | None,
    everything: bool,
    output: Path | None,
    marks_only: bool,
    machine: bool,
) -> None:
    """Report the marks of an assignment: a section (02), any other name, or all of them.

    Writes one HTML page, which needs no network, and a CSV beside it: marks, their distribution, exercises by difficulty,
    concepts by learner, what failing checks said, and what is worth a look. Reads the gradebook and autograded/, and
    changes neither. Exits with 2 when there is nothing to report.
    """
    if bool(assignment) is everything:
        raise click.UsageError("Name an assignment, or give --all.")
    # Here, since they take seconds to import and `revise --help` needs none of them.
    from rich.console import Console
    from rich.progress import Progress

    from revise.grading.reporting.autograded import look
    from revise.grading.reporting.figures import Report
    from revise.grading.reporting.marks import class_marks
    from revise.grading.reporting.place import opened
    from revise.grading.reporting.summary import as_json, line
    from revise.grading.reporting.write import write

    with opened() as place:
        marks = class_marks(place, assignment)
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            reading = bar.add_task("reading graded notebooks", total=marks.notebooks)
            seen = (
                None if marks_only else look(place, marks.assignments, lambda: bar.advance(reading))
            )
        made = Report(marks, seen)
        page, table = write(made, output or place.root / "reports")
    if machine:
        about = as_json(made) | {"page": str(page), "table": str(table)}
        click.echo(json.dumps(about, indent=2, ensure_ascii=True, allow_nan=False))
        return
    click.echo(line(made))
    for path in (page, table):
        click.echo(os.path.relpath(path))


COMMANDS = (report,)
