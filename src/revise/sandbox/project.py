"""`Project`: a live Django project in a notebook."""

import os
from pathlib import Path

from ..errors import NoDatabase, ProjectGone, SandboxError
from . import attempts, folders, programs, starters
from .forkserver import fork_server
from .result import SqlResult
from .runner import run_command
from .server import HOST, Server
from .services import databases

LOG = programs.SERVERS_LOG
MANAGE_TIMEOUT_FACTOR = 3  # a migration or a test run may take longer than a request
# What a notebook sets for its own process, and the project must not inherit.
KERNELS_OWN = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")

_laid = {}  # folder → the Project that this kernel laid there last


class Project:
    """A Django project laid in ``./sandbox``, with its server and its commands.

    >>> library = Project("library")
    >>> requests.get(f"{library.url}/books/").status_code
    200

    ``port`` 0 takes a free one; ``timeout`` is how many seconds a request may take. Raises
    UnknownStarter, BadProjectName, FolderNotWritable, DiskFull, NotOurFolder.
    """

    def __init__(self, starter, name=None, *, port=0, timeout=10):
        source = starters.find_starter(starter)
        self.starter, self.port, self.timeout = starter, port, timeout
        self._folder = folders.claim(name or starter)
        self.env = {}  # environment variables of everything that the project runs
        self._server = None
        self._programs = {}
        zygote = fork_server()  # it warms up while the files are copied
        for group in starters.imports(source):
            zygote.warm(group)
        if previous := _laid.pop(self._folder, None):
            previous.stop()
        folders.empty(self._folder)
        with folders.clear_errors(self._folder):
            starters.ready_copy(source, self._folder)
        _laid[self._folder] = self
        if starters.needs_postgres(source):
            self._lay_database(source)

    def _lay_database(self, source):
        databases.lay(source, self._folder)

    def __str__(self):
        return folders.shown(self._folder)

    __fspath__ = __str__

    def __repr__(self):
        return f"<Project {self}>"

    @property
    def path(self):
        """The project's folder, relative to the notebook."""
        return Path(str(self))

    @property
    def url(self):
        """The server's address, without a slash at the end; starts the server.

        Raises NotAttempted while a file says YOUR CODE HERE, ProjectGone, PortInUse.
        """
        self._require_attempt()
        if self._server is None or not self._server.alive or self._served_with != self.env:
            self._serve()
        return f"http://{HOST}:{self._server.port}"

    def _serve(self):
        port = self.port
        if self._server is not None:  # it was killed: keep the address that cells have used
            port = port or self._server.port
            self._server.stop()
        request = {
            "folder": str(self._folder),
            "env": self._env(),
            "settings": starters.settings_module(self._folder),
            "timeout": self.timeout,
            "log": str(self._folder / LOG),
        }
        self._server = Server(request, port)
        self._served_with = dict(self.env)

    def session(self):
        """Return a `requests.Session` that knows the project's address and keeps cookies.

        >>> library.session().get("/books/").status_code
        200
        """
        from requests_toolbelt.sessions import BaseUrlSession

        session = BaseUrlSession(self.url)
        # No proxy leads to this machine, and to look for one takes as long as a small page.
        session.trust_env = False
        return session

    def manage(self, *argv):
        """Run a command of the project's ``manage.py``; return its `Result`.

        >>> library.manage("check")
        System check identified no issues (0 silenced).

        A command that fails raises nothing. Raises NotAttempted, ProjectGone, CommandTimeout.
        """
        self._require_attempt()
        argv = [str(argument) for argument in argv]
        if argv[:1] == ["runserver"]:
            raise SandboxError("the project has its server already: use project.url.")
        timeout = self.timeout * MANAGE_TIMEOUT_FACTOR
        return self._run({"kind": "manage", "argv": argv}, timeout, " ".join(["manage.py", *argv]))

    def shell(self, code):
        """Run ``code`` as ``manage.py shell`` does; ``.value`` is the plain data of its last expression.

        >>> library.shell("Book.objects.count()").value
        14

        Code that raises gives ``.returncode`` 1 and ``.error``. Raises NotAttempted, ProjectGone,
        CommandTimeout.
        """
        self._require_attempt()
        settings = starters.settings_module(self._folder)
        return self._run(
            {"kind": "shell", "code": code, "settings": settings}, self.timeout, "the code"
        )

    def sql(self, text, params=None):
        """Run SQL in the project's PostgreSQL database; return the rows as a `SqlResult`.

        >>> library = Project("library_pg")
        >>> library.sql("SELECT title, copies FROM catalog_book WHERE copies > %s", [3]).rows
        [['Dune', 4]]

        A statement that fails raises nothing: ``.error`` tells. Several statements are one transaction,
        and the rows are the last one's. Raises NoDatabase, NotAttempted, ProjectGone, CommandTimeout.
        """
        self._require_database()
        request = {"kind": "sql", "code": str(text), "params": params}
        return SqlResult.of(self._run(request, self.timeout, "the SQL"))

    @property
    def dsn(self):
        """What ``psycopg.connect`` needs for a connection of one's own to the project's database.

        Raises NoDatabase, NotAttempted, ProjectGone.
        """
        self._require_database()
        return databases.dsn(self.read(databases.ADDRESS))

    def _require_database(self):
        self._require_attempt()
        if not (self._folder / databases.ADDRESS).is_file():
            raise NoDatabase.at(self, self.starter)

    def _run(self, request, timeout, what):
        request = {**request, "cwd": str(self._folder), "env": self._env()}
        return run_command(request, folder=str(self._folder), timeout=timeout, what=what)

    def start(self, *argv, name=None, env=None, until=None, port=0, timeout=15):
        """Start a program beside the project, in its folder; return its `Program` when it is ready.

        >>> with library.start("gunicorn", "library.wsgi", "--bind", "127.0.0.1:{port}") as web:
        ...     requests.get(f"{web.url}/books/").status_code
        200

        ``{port}`` in a word, or in a value of ``env``, becomes ``port``, or a free one. It is ready when that
        takes connections, or when its log has the text ``until``, within ``timeout`` seconds. The same
        ``name`` (by default the program's) again ends the one before. Raises ProgramMissing,
        ProgramFailed, NotAttempted, ProjectGone.
        """
        self._require_attempt()
        name = programs.checked_name(name or Path(argv[0]).name)
        if previous := self._programs.pop(name, None):
            previous.stop()
        self._programs[name] = programs.start(
            self._folder,
            argv,
            name=name,
            env={**self._env(), **(env or {})},
            until=until,
            port=port,
            timeout=timeout,
        )
        return self._programs[name]

    def read(self, path):
        """Return the text of a file of the project.

        Raises NotAText for a device, a pipe, or a file that is too large to be one of a project's.
        """
        return folders.read_text(self._folder / path)

    @property
    def log(self):
        """What the server has logged so far."""
        from .display import Log

        return Log(self._text_of_log())

    def _text_of_log(self):
        try:
            return (self._folder / LOG).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def frame(self, path="/", height=400):
        """Show a page of the project in a frame."""
        from .display import frame

        return frame(self.url, path, height)

    def tree(self):
        """Show the project's files."""
        from .display import Tree

        return Tree(self._folder)

    def stop(self):
        """Stop the server and the programs; the files stay. The next use of ``.url`` serves again."""
        for program in self._programs.values():
            program.stop()
        self._programs.clear()
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _require_attempt(self):
        if not (self._folder / "manage.py").is_file():
            raise ProjectGone.at(self)
        attempts.require_attempt(self._folder)

    def _env(self):
        kept = {name: value for name, value in os.environ.items() if name not in KERNELS_OWN}
        return {**kept, **self.env}
