"""Programs that run beside a project: gunicorn, nginx, Redis, a Celery worker, a script of one's own."""

import contextlib
import json
import os
import signal
import socket
import time
from pathlib import Path

from ..errors import BadProjectName, ProgramFailed, SandboxError
from . import folders, hosting
from .executables import BESIDE_PYTHON, executable
from .forkserver import fork_server
from .server import HOST
from .wire import ready

ADDRESSES = ".programs"  # in the project's folder
LOOK_SECONDS = 0.01
HOST_SECONDS = 60.0  # the zygote may still be warming up
STOP_SECONDS = 6.0
LAST_LINES = 8
SERVERS_LOG = "server.log"  # of the project's own server
SCHEMES = {"redis-server": ("redis", "/0")}
DEFAULTS = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",  # its log is read while it runs
    "GUNICORN_CMD_ARGS": "--no-control-socket",  # it would lie in the user's home, the same for all
}
# As the course wants it: on loopback, on a port of its own, nothing written to disk.
REDIS = ("--bind", HOST, "--port", "{port}", "--save", "", "--appendonly", "no")


class Program:
    """A program that `Project.start` started; ends with ``stop()``, with its block, or with the kernel.

    >>> with library.start("gunicorn", "library.wsgi", "--bind", "127.0.0.1:{port}") as web:
    ...     requests.get(f"{web.url}/books/").status_code
    200
    """

    def __init__(self, name, folder, port, argv, env):
        """Start ``argv`` with the environment ``env``. Raises ProgramFailed, SandboxError."""
        self.name, self.folder, self.port, self.pid = name, folder, port, None
        self._owner = os.getpid()
        self._status, self._buffer = None, b""
        log_path(folder, name).unlink(missing_ok=True)
        theirs, self._lifeline = os.pipe()
        self._news, told = os.pipe()
        request = {
            "argv": argv,
            "folder": str(folder),
            "env": env,
            "log": str(log_path(folder, name)),
        }
        try:
            self._host = fork_server().ask({"op": "host", **request}, [theirs, told])
        except BaseException:
            os.close(self._lifeline)
            os.close(self._news)
            raise
        self._meet()

    def _meet(self):
        """Wait until the host says who it is, and that the program runs."""
        try:
            while self._host.pid is None or (self.pid is None and self._status is None):
                if self._host.poll():
                    raise SandboxError(f"{self.name} could not be started: its host has ended.")
                ready([self._host, self._news], HOST_SECONDS)
                self._hear()
            where = {"port": self.port, "pid": self.pid, "host": self._host.pid}
            (self.folder / ADDRESSES).mkdir(exist_ok=True)
            address_path(self.folder, self.name).write_text(json.dumps(where) + "\n")
        except BaseException:
            self.stop()
            raise

    def _hear(self):
        """Take in what the host has told of the program, without waiting."""
        while self._news is not None and self._status is None and ready([self._news], 0):
            data = os.read(self._news, 4096)
            *lines, self._buffer = (self._buffer + data).split(b"\n")
            for message in map(json.loads, lines):
                if "failed" in message:
                    raise ProgramFailed.because(self.name, message["failed"])
                self.pid = message.get("pid", self.pid)
                self._status = message.get("ended")
            if not data:  # the host was killed, and the program with it
                self._status = -signal.SIGKILL if self._status is None else self._status

    def __repr__(self):
        return f"<Program {self.name}: {'running' if self.alive else 'ended'}>"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        """Its address: ``redis://…/0`` for Redis, ``http://…`` for everything else."""
        scheme, end = SCHEMES.get(self.name, ("http", ""))
        return f"{scheme}://{HOST}:{self.port}{end}"

    @property
    def log(self):
        """What the program has written so far."""
        from .display import Log

        return Log(log_of(self.folder, self.name))

    @property
    def returncode(self):
        """Its exit status (minus the signal's number when a signal ended it); None while it runs."""
        self._hear()
        return self._status

    @property
    def alive(self):
        """Whether it runs."""
        return self._owner == os.getpid() and self.returncode is None

    def wait(self, seconds=10.0):
        """Wait for its end, at most ``seconds``; return the exit status, or None."""
        deadline = time.monotonic() + seconds
        while self.returncode is None and (left := deadline - time.monotonic()) > 0:
            ready([self._news], left)
        return self._status

    def signal(self, number):
        """Send it a signal, as ``kill -HUP`` does.

        >>> web.signal(signal.SIGHUP)
        """
        self._host.signal(hosting.KILL if number == signal.SIGKILL else number)

    def kill(self):
        """Kill it, as ``kill -9`` does: it cannot clean up."""
        self.signal(signal.SIGKILL)

    def stop(self):
        """End it and whatever it started, and wait until they are gone."""
        if self._owner != os.getpid() or self._lifeline is None:
            return
        os.close(self._lifeline)
        self._lifeline = None
        if not self._host.wait(STOP_SECONDS):
            self._host.kill()
        with contextlib.suppress(ProgramFailed):
            self._hear()
        os.close(self._news)
        self._news = None
        self._host.close()

    def wait_until_ready(self, text, timeout):
        """Wait until the log has ``text``, or, without one, until the port takes connections.

        Raises ProgramFailed when the program ends before, or after ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            # Asked before the log is read: what a program says right before its end counts.
            ended = self.returncode is not None
            if self._is_ready(text):
                return
            if ended:
                raise ProgramFailed.ended(self.name, self._status, self._last_words())
            if time.monotonic() > deadline:
                missing = (
                    "its port took no connection"
                    if text is None
                    else f"its log did not say {text!r}"
                )
                raise ProgramFailed.late(self.name, timeout, missing, self._last_words())
            time.sleep(LOOK_SECONDS)

    def _is_ready(self, text):
        if text is not None:
            return text in log_of(self.folder, self.name)
        return self.port is None or _listens(self.port)

    def _last_words(self):
        return "\n".join(log_of(self.folder, self.name).strip().splitlines()[-LAST_LINES:])


def start(folder, argv, *, name, env, until, port, timeout):
    """Start a program for the project in ``folder``; return its `Program`. See `Project.start`."""
    argv = [str(word) for word in argv]
    program = executable(argv[0])
    if argv[0] == "redis-server":
        argv[1:1] = REDIS
    if not port and any("{port}" in word for word in [*argv, *env.values()]):
        port = free_port()
    words = [word.replace("{port}", str(port)) for word in argv[1:]]
    env = {key: value.replace("{port}", str(port)) for key, value in env.items()}
    started = Program(name, folder, port or None, [str(program), *words], _environment(env))
    try:
        started.wait_until_ready(until, timeout)
    except BaseException:
        started.stop()
        raise
    return started


def checked_name(name):
    """Return ``name`` if it can name a program of a project. Raises BadProjectName."""
    if not folders.NAME.match(name) or log_path("", name).name == SERVERS_LOG:
        raise BadProjectName.named(name)
    return name


def free_port():
    """Return the number of a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def log_path(folder, name):
    """Return where the output of the program ``name`` goes."""
    return Path(folder) / f"{name}.log"


def address_path(folder, name):
    """Return where the address of the program ``name`` stands, for whoever looks from outside."""
    return Path(folder) / ADDRESSES / f"{name}.json"


def log_of(folder, name):
    """Return the text of a program's log; empty before it began."""
    try:
        return log_path(folder, name).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _environment(env):
    path = os.pathsep.join([str(BESIDE_PYTHON), env.get("PATH", os.defpath)])
    return {**DEFAULTS, **env, "PATH": path}


def _listens(port):
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0
