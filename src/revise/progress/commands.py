"""``revise progress``: the map of the course's concepts, from the checks that a learner ran."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--html",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the map to PATH, as one page for a browser.",
    metavar="PATH",
)
def progress(target: Path | None) -> None:
    """Show which concepts you have mastered, and the points you have earned.

    It counts the checks that you ran in JupyterLab or VS Code. What you tried is kept in your own
    data folder, and stays when a notebook is deleted or the course is updated.
    """
    # Here, since `revise --help` needs none of them.
    from datetime import date

    from rich.console import Console

    from revise.course import Course
    from revise.errors import PageNotWritable
    from revise.progress import attempts
    from revise.progress.page import page
    from revise.progress.survey import survey
    from revise.progress.terminal import Map

    surveys = survey(Course.find(), attempts.attempts())
    if target is None:
        Console(highlight=False).print(Map(surveys))
    else:
        try:
            target.write_text(page(surveys, date.today()), encoding="utf-8")
        except OSError as error:
            raise PageNotWritable.at(target, error.strerror) from error
        click.echo(f"wrote {target}")
    if reason := attempts.refusal():
        click.echo(
            f"New attempts cannot be kept: {attempts.path()}: {reason}. Free some space or make it "
            f"writable, or set {attempts.FOLDER} to another folder.",
            err=True,
        )


COMMANDS = (progress,)
