"""PostgreSQL for a notebook: one server per kernel, on a Unix socket, gone when the kernel is gone."""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from ...errors import PostgresFailed
from .. import forkserver
from . import programs

GUARD = Path(__file__).with_name("guard.py")
ADMIN = "postgres"
OWNER = "library"
END_SECONDS = 10.0
KEEP_SECONDS = 120.0
"""The same for a server whose data is kept: it writes everything down, and 40 MB are copied."""
SETTINGS = (
    "listen_addresses = ''",  # a Unix socket in a private folder, and no network at all
    "max_connections = 60",
    "shared_buffers = 64MB",
    "dynamic_shared_memory_type = mmap",  # files in the data folder, so nothing stays in /dev/shm
    "io_method = sync",  # no helper processes
    # The data lives as long as the notebook. On a machine that must keep data, never do this.
    "fsync = off",
    "full_page_writes = off",
    "wal_level = minimal",
    "max_wal_senders = 0",
    "min_wal_size = 8MB",
    "max_wal_size = 64MB",
    # Not synchronous_commit: until the log is written, VACUUM takes rows for unfinished, and no plan
    # reads an index only.
    # The same query has the same plan and the same order of rows each time.
    "autovacuum = off",
    "jit = off",
    "max_parallel_workers_per_gather = 0",
    "max_parallel_maintenance_workers = 0",
    "synchronize_seqscans = off",
    "timezone = 'UTC'",
    "lc_messages = 'C'",
    "deadlock_timeout = 100ms",  # a tenth of the default: a demo waits for it
    "client_connection_check_interval = 500ms",  # a query ends soon after the client that was killed
)


class Postgres:
    """A running PostgreSQL server of this process's own.

    >>> server = Postgres()
    >>> with psycopg.connect(server.dsn("postgres")) as connection:
    ...     connection.execute("SELECT 1 + 1").fetchone()
    (2,)
    >>> server.close()

    ``template`` is a data folder that is copied; without one a new one is made. ``keep`` is where the
    data goes when the server is closed. Raises PostgresMissing, PostgresFailed.
    """

    def __init__(self, template=None, *, keep=None):
        orders = {
            "template": template and str(template),
            "programs": str(programs.folder()),
            "settings": SETTINGS,
            "keep": keep and str(keep),
        }
        self.owner = os.getpid()
        self._patience = KEEP_SECONDS if keep else END_SECONDS
        reader, self._lifeline = os.pipe()
        try:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), json.dumps(orders)],
                stdin=reader,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",  # keep no folder of the learner's busy
                start_new_session=True,  # interrupting a kernel signals its whole process group
            )
        finally:
            os.close(reader)
        try:
            said = self._heard()
            self.folder, self.pid = said["folder"], said["pid"]
        except BaseException:  # also an interrupted cell: no server may stay that nobody knows
            self.close()
            raise

    def _heard(self):
        said = json.loads(self._guard.stdout.readline() or '{"failed": "its guard was killed"}')
        if "failed" in said:
            raise PostgresFailed.because(said["failed"])
        return said

    @property
    def alive(self):
        """Whether the server runs. A forked process asks in vain, and believes so."""
        return self.owner != os.getpid() or self._guard.poll() is None

    def dsn(self, database, user=ADMIN):
        """Return the words by which ``psycopg.connect`` finds a database of this server."""
        return f"host={self.folder} dbname='{database}' user={user}"

    @contextlib.contextmanager
    def admin(self, database=ADMIN):
        """Open a connection that may do everything, each statement by itself."""
        import psycopg

        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            yield connection

    def close(self):
        """End the server, delete its folder, wait for both."""
        if self.owner != os.getpid() or self._lifeline is None:
            return
        os.close(self._lifeline)
        self._lifeline = None
        try:
            self._guard.wait(self._patience)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
        self._guard.stdout.close()

    def let_go(self):
        """In a fork: do not hold the server when the process that started it has ended."""
        if self._lifeline is not None and not _forks_stay():
            with contextlib.suppress(OSError):
                os.close(self._lifeline)
            self._lifeline = None


def _forks_stay():
    # In isolated grading a learner's process leaves copies of itself, which answer for it when it
    # has ended; its whole world is ended at last. There the fork server is attached, not its own.
    return isinstance(forkserver._current, forkserver.AttachedForkServer)


_current = None
_starting = threading.Lock()


def postgres():
    """Return this kernel's server, with the databases of the starters in it; start it on the first use.

    Raises PostgresMissing, PostgresFailed.
    """
    from . import clusters

    global _current
    with _starting:
        if _current is None or not _current.alive:
            if _current is not None:
                _current.close()
            _current = clusters.start()
    return _current


@atexit.register
def close_current():
    """End this kernel's server, if it has one; the next use starts another."""
    global _current
    if _current is not None:
        _current.close()
    _current = None


def _in_a_fork():
    if _current is not None:
        _current.let_go()


os.register_at_fork(after_in_child=_in_a_fork)
