"""A ready data folder of PostgreSQL, in which every starter's database is migrated and seeded.

It is kept in the user's cache beside the ready copies of the starters, and copied for each kernel:
to make one takes seconds, to copy it a tenth of one.
"""

import contextlib
import functools
import hashlib
import tempfile
from pathlib import Path

from ...errors import PostgresFailed, PostgresMissing
from .. import starters
from . import guard, programs
from .postgres import OWNER, SETTINGS, Postgres


def start():
    """Start a server in which each starter that needs PostgreSQL has its database.

    Where the cache cannot be written, the databases are made each time. Raises PostgresMissing,
    PostgresFailed.
    """
    if starters.keep(_kept(), _make):
        return Postgres(_kept())
    server = Postgres()
    seed(server)
    return server


def keep():
    """Make the ready data folder, if the cache does not have it yet and this machine has PostgreSQL.

    What stands in the way is told when a project needs it, not to sections that do not.
    """
    with contextlib.suppress(PostgresMissing, PostgresFailed):
        starters.keep(_kept(), _make)


@functools.cache
def _kept():
    """Return where the ready data folder is, named for what it depends on."""
    digest = hashlib.sha256(programs.version().encode())
    for text in (*SETTINGS, *map(starters.fingerprint, _with_databases())):
        digest.update(f"\0{text}".encode())
    for module in (guard.__file__, __file__):
        digest.update(Path(module).read_bytes())
    return starters.cache_folder() / f"postgres-{digest.hexdigest()[:16]}"


def _with_databases():
    return [path for path in starters.all_starters() if starters.needs_postgres(path)]


def _make(data):
    """Make the data folder ``data``. Raises PostgresFailed."""
    server = Postgres(keep=data)
    try:
        seed(server)
    finally:
        server.close()
    if not data.is_dir():
        raise PostgresFailed.because("its ready data folder was not made")


def seed(server):
    """Make the role that owns everything, and for each starter a migrated and seeded database."""
    with server.admin() as admin:
        admin.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        for starter in _with_databases():
            name = template(starter)
            admin.execute(f'CREATE DATABASE "{name}" OWNER {OWNER} IS_TEMPLATE true')
            _fill(server, starter, name)


def template(starter):
    """Return the name of the starter's own database; no project's can be called so."""
    return f"{starter.name}.template"


def _fill(server, starter, name):
    from . import databases

    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / starter.name
        project.mkdir()
        starters.lay_files(starter, project)
        databases.write_address(project, server, name)
        starters.migrate_and_seed(project)
    with server.admin(name) as admin:
        admin.execute("VACUUM (ANALYZE)")
