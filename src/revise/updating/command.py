"""``revise update``: a newer course arrived; take it, and keep the answers."""

import click

from revise.course import Course


@click.command()
@click.argument("sections", nargs=-1, metavar="[SECTION]...")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
def update(sections: tuple[str, ...], dry_run: bool) -> None:
    """Bring your copies in work/ up to date, with your answers in them.

    SECTION is a number, id or name (02); by default all copies are updated. What is replaced is kept in
    work/before-update/. Save your notebooks first. Exits with 1 when a copy could not be updated.
    """
    # Here, since nbformat takes a second to import and `revise --help` does not need it.
    from revise.updating.update import update as update_copies

    outcomes = []
    for outcome in update_copies(Course.find(), sections, dry=dry_run):
        outcomes.append(outcome)
        click.echo(f"{outcome.name}: {outcome.said}", err=outcome.failed)
        for line in outcome.told:
            click.echo(f"  {line}")
    if any(outcome.changed for outcome in outcomes) and not dry_run:
        click.echo("Open in JupyterLab? File → Reload Notebook from Disk.")
    if any(outcome.failed for outcome in outcomes):
        raise SystemExit(1)


COMMANDS = (update,)
