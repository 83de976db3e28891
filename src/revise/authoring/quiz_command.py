"""``revise quiz``: an exam for a class."""

import random

import click

from revise.course import Course

MOST_SEED = 1_000_000


@click.command()
@click.option(
    "--concepts", "patterns", multiple=True, required=True, metavar="GLOB",
    help="Concepts to draw from, such as 'django.*'. May be given several times.",
)  # fmt: skip
@click.option("--points", type=click.FloatRange(min=0, min_open=True), required=True)
@click.option("--seed", type=int, help="Decides what is drawn (default: any; it is told).")
@click.option("--name", help="The assignment's name (default: quiz-SEED).")
@click.option("--hints", is_flag=True, help="Keep the exercises' hints.")
def quiz(
    patterns: tuple[str, ...], points: float, seed: int | None, name: str | None, hints: bool
) -> None:
    """Draw an exam for a class from the exercises of the built sections.

    It is an nbgrader assignment in source/: release it with `nbgrader generate_assignment`. The same
    seed gives the same exam. Its reference solutions are run before it is written.
    """
    from revise.authoring.quiz import make

    course = Course.find()
    seed = random.SystemRandom().randrange(MOST_SEED) if seed is None else seed
    exam = make(course, patterns, points, seed, name or f"quiz-{seed}", hints=hints)
    for failure in exam.left_out:
        click.echo(f"left out, since it does not run beside the others: {failure}")
    for exercise in exam.exercises:
        click.echo(f"{exercise.id:42} {exercise.points:>3g} points  {', '.join(exercise.concepts)}")
    if exam.points != points:
        click.echo(f"No exercises sum to {points:g} points: {exam.points:g} are the nearest below.")
    click.echo(
        f"{len(exam.exercises)} exercises, {exam.points:g} points, {len(exam.covered)} of "
        f"{len(exam.concepts)} concepts, seed {seed}."
    )
    path = exam.path.relative_to(course.root)
    click.echo(f"wrote {path}; release it: nbgrader generate_assignment {exam.path.stem}")


COMMANDS = (quiz,)
