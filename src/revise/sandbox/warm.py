"""A Python program of the environment, run in a fork that has imported most of it already.

The program is the same, from its first line: only imports are there already, as for a command of
``manage.py``. It takes a third to a fifth of the processor's time until it is ready.
"""

import os
import runpy
import sys

from . import commands, freshness, processes

DJANGO = "django.core.asgi"
PROGRAMS = {"celery": "celery.worker.worker", "gunicorn": DJANGO, "uvicorn": DJANGO}
"""The programs that are run so where a module is imported: most of what they load comes with it."""


def is_warm(program):
    """Return whether this process has imported what the program at the path ``program`` needs."""
    folder, name = os.path.split(program)
    beside_python = folder == os.path.dirname(sys.executable)
    return beside_python and PROGRAMS.get(name) in sys.modules


def run(argv, *, folder, env, output):
    """Be the program ``argv`` in this forked process, in ``folder``; return its exit status.

    ``output`` is the file that takes what it prints.
    """
    processes.become(cwd=folder, env=env, stdout=output.fileno(), stderr=output.fileno())
    freshness.import_from_source(folder)
    sys.argv = argv
    return commands.status_of(lambda: runpy.run_path(argv[0], run_name="__main__"))
