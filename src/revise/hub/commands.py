"""``revise hub``: a classroom on one machine, with JupyterHub."""

import csv
import importlib.util
import os
import shutil
import sys
from pathlib import Path

import click

from revise.course import Course
from revise.errors import HubMissing

CONFIGURATION = Path("deploy") / "hub" / "jupyterhub_config.py"


@click.group()
def hub() -> None:
    """Run a classroom on this machine: people log in in the browser. See deploy/README.md."""


@hub.command()
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def start(arguments: tuple[str, ...]) -> None:
    """Start the hub; the first time, ask who teaches.

    ARGUMENTS go to JupyterHub. REVISE_HUB_ADDRESS is where it listens, `http://127.0.0.1:8000` unless set.
    """
    from revise.hub import proxy
    from revise.hub.place import Place

    program = require()
    proxy.command()  # before anybody is asked for anything
    course = Course.find()
    place = Place.of(course)
    if not place.teachers_file.is_file():
        _add_teacher(place, click.prompt("Who teaches? A name to log in with"))
    os.environ["REVISE_COURSE"] = str(course.root)
    os.chdir(place.root)  # JupyterHub leaves small files where it runs
    command = [program, "--config", str(_configuration(course)), *arguments]
    os.execv(command[0], command)


@hub.command()
@click.argument("name")
def teacher(name: str) -> None:
    """Let NAME teach, with a password that is asked for; the hub's next start knows it.

    Also the way to a new password for somebody who teaches already.
    """
    from revise.hub.place import Place

    require()
    _add_teacher(Place.of(Course.find()), name)


@hub.command()
@click.argument("roster", type=click.Path(path_type=Path))
def enrol(roster: Path) -> None:
    """Enrol the learners of ROSTER, a CSV file with the columns student_id, first_name, last_name, email.

    Each gets an account, a place in the course and a line in the gradebook. The passwords of new accounts
    are printed, as CSV, for you to hand out; learners change theirs on the hub.
    """
    from revise.hub.place import Place

    require()
    from revise.hub import accounts

    course = Course.find()
    given = accounts.enrol(course, Place.of(course), accounts.read_roster(roster))
    if not given:
        click.echo("Nobody is new; nothing changed but names and addresses.", err=True)
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(["student_id", "password"])
    writer.writerows(given.items())


@hub.command()
@click.argument("name")
def password(name: str) -> None:
    """Give NAME a new password, made up and printed: for a learner who forgot."""
    from revise.hub.place import Place, fit_name

    require()
    from revise.hub import accounts

    click.echo(accounts.set_password(Place.of(Course.find()), fit_name(name)))


COMMANDS = (hub,)


def require() -> str:
    """Return JupyterHub's program. Raises ``HubMissing`` where it, or what it needs, is not installed."""
    program = shutil.which("jupyterhub", path=str(Path(sys.executable).parent))
    for name in ("nativeauthenticator", "ngshare", "ngshare_exchange"):
        # Looked for, not imported: ngshare's client cannot be without USER in the environment.
        if importlib.util.find_spec(name) is None:
            raise HubMissing.named(name)
    if program is None:
        raise HubMissing.named("jupyterhub")
    return program


def _add_teacher(place, name: str) -> None:
    from revise.hub.accounts import set_password
    from revise.hub.place import fit_name

    name = fit_name(name)
    asked = click.prompt(f"A password for {name}", hide_input=True, confirmation_prompt=True)
    set_password(place, name, asked)
    place.add_teacher(name)


def _configuration(course: Course) -> Path:
    """The course's own, or where the course is only a part of one (a test's), this checkout's."""
    own = course.root / CONFIGURATION
    return own if own.is_file() else Path(__file__).parents[3] / CONFIGURATION
