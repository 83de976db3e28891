"""The starter projects, and ready copies of them: migrated, seeded, kept for the next time.

A starter is a folder of files. With a ``starter.toml`` that says ``extends = "library"`` it holds
only what differs: the files of the other starter are laid first, its own over them. With
``database = "postgresql"`` its database is made by `services.databases`, and its copy is files only.
"""

import functools
import hashlib
import os
import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from ..errors import SandboxError, UnknownStarter
from .runner import run_command

STARTERS = Path(__file__).with_name("projects")
ABOUT = "starter.toml"
NOT_COPIED = (ABOUT, "*.sqlite3*", "__pycache__", "*.log", "*.pyc", ".*")
BUILD_SECONDS = 120.0
SETTINGS = re.compile(r"""DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)["']""")


def find_starter(name):
    """Return the folder of the starter ``name``. Raises UnknownStarter, with the nearest name."""
    known = [path.name for path in all_starters()]
    if name not in known:
        import difflib

        close = difflib.get_close_matches(str(name), known, n=1)
        raise UnknownStarter.named(name, known, close[0] if close else None)
    return STARTERS / name


def all_starters():
    """Return the folders of all starters, by name."""
    marks = ("manage.py", ABOUT)
    return sorted(
        path for path in STARTERS.iterdir() if any((path / mark).is_file() for mark in marks)
    )


def layers(starter):
    """Return the folders that make up ``starter``: those it extends, the plainest first, then its own."""
    found = [starter]
    while extends := _about(found[0]).get("extends"):
        found.insert(0, STARTERS / extends)
    return found


def needs_postgres(starter):
    """Return whether the starter's database is PostgreSQL."""
    return "database" in _about(starter)


def imports(starter):
    """Return the groups of modules that the zygote may import for the starter's projects."""
    return sorted(
        {group for layer in layers(starter) for group in _about(layer).get("imports", [])}
    )


@functools.cache
def _about(starter):
    """Return what the starter's ``starter.toml`` says, nothing where there is none."""
    path = starter / ABOUT
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def settings_module(folder):
    """Return the settings that the project's ``manage.py`` names."""
    try:
        found = SETTINGS.search((folder / "manage.py").read_text())
    except OSError:
        found = None
    return found[1] if found else f"{folder.name}.settings"


def ready_copy(starter, target):
    """Fill the empty folder ``target`` with the starter, its database migrated and seeded.

    A built copy is kept in the user's cache; where that cannot be written it is built each time.
    Raises SandboxError when the starter cannot be built, OSError when ``target`` cannot be written.
    """
    if _keep(starter):
        shutil.copytree(_kept(starter), target, dirs_exist_ok=True)
    else:
        _build(starter, target)


def keep_all():
    """Build the copies that the cache does not have yet, of every starter and of PostgreSQL's data."""
    from .services import clusters

    for starter in all_starters():
        _keep(starter)
    clusters.keep()


def cache_folder():
    """Return the user's folder of ready copies."""
    from platformdirs import user_cache_path

    return user_cache_path("revise") / "starters"


def _kept(starter):
    return cache_folder() / f"{starter.name}-{fingerprint(starter)}"


@functools.cache
def fingerprint(starter):
    """Return a name for what a built copy depends on: the files, and what migrates them.

    Read once by each process: a notebook lays dozens of projects from one starter.
    """
    from importlib import metadata

    with_migrations = ("django", "djangorestframework", "django-oauth-toolkit")
    migrating = [metadata.version(name) for name in with_migrations]
    digest = hashlib.sha256(f"{sys.version_info[:2]} {' '.join(migrating)}".encode())
    feed(digest, starter)
    return digest.hexdigest()[:16]


def feed(digest, starter):
    """Feed ``digest`` with the files of a project laid from ``starter``: their names and contents."""
    for layer in layers(starter):
        for path in sorted(_starter_files(layer)):
            digest.update(f"\0{path.relative_to(layer)}\0".encode())
            digest.update(path.read_bytes())


def _starter_files(starter):
    for path in starter.rglob("*"):
        parts = path.relative_to(starter).parts
        if path.is_file() and not any(Path(part).match(p) for part in parts for p in NOT_COPIED):
            yield path


def _keep(starter):
    return keep(_kept(starter), functools.partial(_build, starter))


def keep(kept, build):
    """See to it that the folder ``kept`` is in the cache, all or nothing; return whether it is there.

    Where it is not, ``build`` is called with the path of a folder to make. Another kernel may do so at once.
    """
    if kept.is_dir():
        return True
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".building-", dir=kept.parent))
    except OSError:
        return False
    try:
        made = building / kept.name
        build(made)
        made.chmod(0o755)
        os.rename(made, kept)
    except OSError:
        return kept.is_dir()
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True


def _build(starter, folder):
    lay_files(starter, folder)
    if not needs_postgres(starter):
        migrate_and_seed(folder)


def lay_files(starter, folder):
    """Copy the files of the starter, and of those it extends, to ``folder``."""
    ignore = shutil.ignore_patterns(*NOT_COPIED)
    for layer in layers(starter):
        shutil.copytree(layer, folder, dirs_exist_ok=True, ignore=ignore)


def migrate_and_seed(folder):
    """Make the tables of the project in ``folder``, and load its fixtures. Raises SandboxError."""
    _manage(folder, "migrate", "--verbosity=0")
    if fixtures := sorted({path.stem for path in folder.glob("*/fixtures/*.json")}):
        _manage(folder, "loaddata", "--verbosity=0", *fixtures)


def _manage(folder, *argv):
    request = {
        "kind": "manage",
        "cwd": str(folder.resolve()),
        "env": dict(os.environ),
        "argv": argv,
    }
    what = f"manage.py {argv[0]} of the starter {folder.name}"
    request["env"].pop("DJANGO_SETTINGS_MODULE", None)
    result = run_command(request, folder=folder, timeout=BUILD_SECONDS, what=what)
    if result.returncode:
        last = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
        raise SandboxError(f"{what} failed: {' '.join(last)}")
