"""``python -m revise.hub.server``: the server of one person on a hub.

Lays a learner's copies of the notebooks, as `revise lab` does, and becomes JupyterHub's own
single-user server. On one machine it runs behind the wall (revise.hub.wall) and is only ever a
learner's; in a cluster each has a pod, and a teacher's server runs in the course that the teacher
fetched.
"""

import os
import resource
import sys
from pathlib import Path

from revise.course import Course
from revise.hub import settings

PROCESSES = 1024
"""Processes and threads of a learner's; a fork bomb ends there."""
PROCESS_MEMORY = 4096 * 1024 * 1024
"""Bytes of address space that one process may have."""


def main() -> None:
    """Prepare the home, and serve it until the hub ends this process."""
    home = Path.home()
    teaches = settings.teaches_here(os.environ)
    for name, value in settings.jupyter(teaches).items():
        os.environ.setdefault(name, value)
    if teaches:
        if course := settings.teachers_course(home):
            os.environ["REVISE_COURSE"] = str(course)
            os.chdir(course)  # nbgrader reads the course's settings from where it runs
    else:
        hold()
        prepare(home)
    # Here: JupyterHub is an extra, and preparing needs nothing of it.
    from jupyterhub.singleuser import main as serve

    sys.exit(serve())


def hold() -> None:
    """Hold this process, and all that it starts, to limits that it cannot raise again."""
    for what, most in ((resource.RLIMIT_NPROC, PROCESSES), (resource.RLIMIT_AS, PROCESS_MEMORY)):
        _soft, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def prepare(home: Path) -> None:
    """Lay the course's notebooks in ``work/`` of ``home``; what fails is told and stops nobody.

    The course is the folder that REVISE_COURSE names, whose ``work`` leads to the home's.
    """
    from revise import desk

    try:
        (home / "work").mkdir(exist_ok=True)
        course = Course.find()
        desk.lay(course)
        for line in desk.trust(desk.course_notebooks(course)):
            print(line, file=sys.stderr)
    # A full disk, a folder made read-only: the server shows what there is.
    except Exception as error:
        print(f"the notebooks were not laid: {type(error).__name__}: {error}", file=sys.stderr)


if __name__ == "__main__":
    os.umask(0o077)
    main()
