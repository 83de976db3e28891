"""``revise today``: the exercises that are due for revision, as a notebook."""

import click

MOST = 5


@click.command()
@click.option(
    "--most", type=click.IntRange(min=1), default=MOST, show_default=True,
    help="Take no more exercises than that.",
)  # fmt: skip
def today(most: int) -> None:
    """Make a notebook of the exercises that are due for revision, blank again.

    An exercise comes back when you are about to forget it, as FSRS estimates from the checks that you ran.
    The notebook is laid in work/, and never overwritten.
    """
    # Here, since `revise --help` needs none of them.
    from datetime import datetime

    from revise.course import Course
    from revise.progress import attempts, schedule
    from revise.progress.today import make

    course, now = Course.find(), datetime.now().astimezone()
    made = make(course, schedule.due(attempts.attempts()), now, most)
    place = made.path.relative_to(course.root)
    if made.kept:
        click.echo(f"{place} is there already and is kept. Check it: revise check {place.stem}")
    elif made.exercises:
        for exercise in made.exercises:
            click.echo(f"{exercise.id:42} {', '.join(exercise.concepts)}")
        waiting = f"; {made.waiting} more are due" if made.waiting else ""
        click.echo(f"Laid {place}: {len(made.exercises)} of those that are due{waiting}.")
    elif made.next:
        click.echo(
            f"Nothing is due. The next exercise is, on {made.next.astimezone():%A, %-d %B %Y at %H:%M}."
        )
    else:
        click.echo("Nothing is due: you have run no check yet. Begin with a section: make lab")


COMMANDS = (today,)
