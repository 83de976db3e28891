"""The author's commands: build, prove, exercises, new, adopt."""

import dataclasses
import json
from pathlib import Path

import click

from revise.course import Course, Section

sections_argument = click.argument("sections", nargs=-1, metavar="[SECTION]...")


def _chosen(names: tuple[str, ...]) -> tuple[Section, ...]:
    course = Course.find()
    return tuple(course.section(name) for name in names) or course.written


@click.command()
@sections_argument
@click.option(
    "--check",
    is_flag=True,
    help="Build nothing: say what is stale, and exit with 1 if anything is.",
)
@click.option("--force", is_flag=True, help="Overwrite edits made by hand in built files.")
def build(sections: tuple[str, ...], check: bool, force: bool) -> None:
    """Build source/ and notebooks/ from the texts of SECTIONs (default: all that are written)."""
    from revise.authoring import build as builder

    if check:
        found = [line for section in _chosen(sections) for line in builder.stale(section)]
        for line in found:
            click.echo(f"{line}. Run `revise build`.")
        raise SystemExit(1 if found else 0)
    for section in _chosen(sections):
        for path in builder.build(section, force=force):
            click.echo(f"built {path.relative_to(section.course.root)}")


@click.command()
@click.argument("section")
@click.option("--exercise", help="Prove this exercise alone.")
def prove(section: str, exercise: str | None) -> None:
    """Run the reference, blank, wrong and other right answers of SECTION (a name, or a text's path).

    When everything holds of a whole section of the course, that is noted in sections/proven.json.
    """
    from revise.authoring import proofs
    from revise.authoring import prove as prover
    from revise.authoring.lint import lint
    from revise.authoring.section import parse

    path = Path(section)
    course = Course.find()
    known = course.section(path.stem.partition("_")[0] if path.suffix == ".md" else section)
    text = parse(path if path.suffix == ".md" else known.text)
    problems = lint(text, known)
    if exercise:
        text = prover.only(text, exercise)
        # Its own, and those that another cell has with its names.
        problems = [one for one in problems if exercise in (one.exercise, *one.what.split())]
        if not text.exercises:
            raise click.BadParameter(f"{path} has no exercise {exercise!r}.")
    for problem in problems:
        click.echo(problem)
    findings = prover.prove(text, told=click.echo)
    for finding in findings:
        click.echo(finding)
    if findings or problems:
        raise SystemExit(1)
    if not exercise and text.path.resolve() == known.text:
        proofs.record(course, text)
        click.echo(f"noted in {proofs.RECORD}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def exercises(as_json: bool) -> None:
    """List every exercise: its section, concepts, points, hints, wrong and right answers."""
    from revise.authoring.catalogue import catalogue

    entries = catalogue(Course.find())
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(entry) for entry in entries], indent=2))
        return
    for entry in entries:
        click.echo(f"{entry.id:42} {entry.points:>3g} points  {', '.join(entry.concepts)}")


@click.command()
@click.argument("section")
def new(section: str) -> None:
    """Lay the skeleton of SECTION's text in sections/."""
    from revise.authoring.skeleton import new as lay

    chosen = Course.find().section(section)
    lay(chosen)
    click.echo(f"laid {chosen.text.relative_to(chosen.course.root)}")


@click.command()
@click.argument("section")
def adopt(section: str) -> None:
    """Bring edits made by hand in SECTION's source/ notebook back into its text."""
    from revise.authoring.adopt import adopt as bring

    for cell in bring(Course.find().section(section)):
        click.echo(f"adopted {cell}")


COMMANDS = (build, prove, exercises, new, adopt)
