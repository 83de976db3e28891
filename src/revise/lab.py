"""``revise lab``: lay the learner's copies of the course and open them in JupyterLab.

JupyterLab gets its settings from this package (``jupyter/``), through the environment of that one
process: nothing is written into the user's own Jupyter configuration.
"""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import click

from revise.course import Course
from revise.errors import ForeignKernel, KernelMissing

KERNEL = "python3"
SETTINGS = Path(__file__).parent / "jupyter"


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
@click.option("--teacher", is_flag=True, help="Open the whole course, with nbgrader's web pages.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def lab(no_browser: bool, teacher: bool, arguments: tuple[str, ...]) -> None:
    """Lay your copies of the notebooks in work/ and open them in JupyterLab.

    A copy that exists is never overwritten. Any further ARGUMENTS go to JupyterLab:
    `revise lab --port=9999`.
    """
    course = Course.find()
    os.environ.update(environment(course, teacher=teacher))
    require_kernel()
    for line in prepare(course):
        click.echo(line)
    command = jupyterlab(course, teacher=teacher, no_browser=no_browser) + list(arguments)
    sys.stdout.flush()
    # nbgrader reads its nbgrader_config.py from the folder that JupyterLab was started in.
    os.chdir(course.root)
    os.execv(command[0], command)


COMMANDS = (lab,)


def prepare(course: Course) -> list[str]:
    """Lay and trust the notebooks; return what the learner should know, a line each."""
    # Here, since nbformat takes a second to import and `revise --help` does not need it.
    from revise import desk

    laid = desk.lay(course)
    lines = []
    if laid.laid:
        lines.append(f"Laid in work/: {', '.join(laid.laid)}")
    if laid.outdated:
        lines.append(
            f"notebooks/ is newer than your copy of {', '.join(laid.outdated)}. Your copy is kept; "
            "`revise update` puts your answers into the new one."
        )
    return lines + desk.trust(desk.course_notebooks(course))


def require_kernel() -> None:
    """Check that the notebooks' kernel is this environment's own Python.

    Raises ``KernelMissing`` when there is none, and ``ForeignKernel`` when a kernel of that name
    hides it: JupyterLab would open a dialog, or run the cells without Django.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    if importlib.util.find_spec("ipykernel") is None:
        raise KernelMissing.named(KERNEL)
    try:
        program = KernelSpecManager().get_kernel_spec(KERNEL).argv[0]
    except (NoSuchKernel, IndexError, KeyError, ValueError) as error:
        raise KernelMissing.named(KERNEL) from error
    # A bare name is what ipykernel installs, and jupyter_client runs this very Python for it.
    bare = {"python", f"python{sys.version_info[0]}", "python{}.{}".format(*sys.version_info)}
    if program not in bare and not _same_program(program, sys.executable):
        raise ForeignKernel.named(KERNEL, program, sys.executable)


def _same_program(one: str, other: str) -> bool:
    """Whether two paths start the same environment; a link to the base Python is not the venv."""
    return os.path.dirname(os.path.abspath(shutil.which(one) or one)) == os.path.dirname(
        os.path.abspath(other)
    )


def environment(course: Course, *, teacher: bool) -> dict[str, str]:
    """Return the variables that JupyterLab, its kernels and its terminals start with."""
    settings = [SETTINGS / "course"] if teacher else [SETTINGS / "learner", SETTINGS / "course"]
    inherited = os.environ.get("JUPYTER_CONFIG_PATH")
    return {
        "JUPYTER_CONFIG_PATH": os.pathsep.join([*map(str, settings), *filter(None, [inherited])]),
        # The environment's kernels before the user's, also where another user made the environment.
        "JUPYTER_PREFER_ENV_PATH": "1",
        # What was open here is restored here, and not in the user's other projects.
        "JUPYTERLAB_WORKSPACES_DIR": str(course.root / "work" / ".workspaces"),
        # A terminal's `python manage.py` and `revise` are the course's.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def jupyterlab(course: Course, *, teacher: bool, no_browser: bool) -> list[str]:
    """Return the command that opens JupyterLab on the course; its port is any free one."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={course.root}",
        *([] if teacher else ["--FileContentsManager.preferred_dir=work"]),
        *([] if teacher else ["--LabApp.default_url=/lab/tree/work"]),
        *(["--allow-root"] if os.geteuid() == 0 else []),
        *(["--no-browser"] if no_browser else []),
    ]
