"""Probes of the sandbox: each server is started for a moment, as a section would start it."""

import contextlib
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from revise.doctor.findings import Problem
from revise.errors import PostgresMissing, ProgramMissing

START_SECONDS = 15
ANSWER_SECONDS = 15
PAGE_SECONDS = 60
"""For a first page, on a machine that has other things to do."""
NGINX = """daemon off; pid nginx.pid; events {{}}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }}
}}
"""


def loopback() -> str:
    """Listen on a free port of 127.0.0.1 and connect to it."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(ANSWER_SECONDS)
            with socket.create_connection(server.getsockname(), timeout=ANSWER_SECONDS):
                server.accept()[0].close()
    except OSError as error:
        why = f"127.0.0.1 does not connect to itself: {error.strerror or error}"
        raise Problem(why, "Let programs listen on 127.0.0.1: a firewall may refuse it.") from None
    return "programs reach each other on 127.0.0.1"


def project() -> str:
    """Lay a live project, request a page of it, and end it: the fork server at work."""
    import requests

    from revise import Project
    from revise.sandbox import forkserver

    with _elsewhere():
        try:
            library = Project("library", "doctor")  # kept: its server ends with it
            page = requests.get(f"{library.url}/books/", timeout=PAGE_SECONDS)
        finally:
            forkserver.close_current()
    if page.status_code != 200:
        raise Problem(f"a live project answered {page.status_code}", "Run `revise --debug doctor`.")
    return "a live project is laid by the fork server, and answers"


def postgres() -> str:
    """Start PostgreSQL as section 4 does."""
    from revise.sandbox.services import clusters, programs

    try:
        server = clusters.start()
    except PostgresMissing as error:
        words, _, mend = str(error).partition(". ")
        raise Problem(words, mend) from None
    with contextlib.closing(server), server.admin() as connection:
        connection.execute("SELECT 1")
    return f"{programs.version()} starts and answers"


def redis() -> str:
    """Start Redis as a section does."""
    from redis import Redis

    with (
        _program("redis-server", "--port", "{port}") as server,
        Redis(port=server.port, socket_timeout=ANSWER_SECONDS) as client,
    ):
        client.ping()
    return "redis-server starts and answers"


def nginx() -> str:
    """Start nginx as a section does."""
    from revise.sandbox import programs

    port = programs.free_port()
    conf = NGINX.format(port=port)
    with _program("nginx", "-p", ".", "-e", "stderr", "-c", "nginx.conf", port=port, conf=conf):
        pass  # it is ready when its port takes connections
    return "nginx starts and listens"


@contextlib.contextmanager
def _program(*argv: str, port: int = 0, conf: str = "") -> Iterator:
    from revise.sandbox import forkserver, programs

    with _elsewhere() as folder:
        (folder / "nginx.conf").write_text(conf)
        words = [str(folder / word) if word in (".", "nginx.conf") else word for word in argv]
        try:
            with programs.start(
                folder, words, name=argv[0], env={}, until=None, port=port, timeout=START_SECONDS
            ) as started:
                yield started
        except ProgramMissing as error:
            name = argv[0].partition("-")[0]
            mend = f"Install {name} and put {argv[0]} on PATH; without it some exercises of sections 7 to 10 cannot run."
            raise Problem(str(error).partition(":")[0], mend) from None
        finally:
            forkserver.close_current()


@contextlib.contextmanager
def _elsewhere() -> Iterator[Path]:
    """Be in an empty folder: the sandbox lays what it makes where one is."""
    with (
        tempfile.TemporaryDirectory(prefix="revise-", ignore_cleanup_errors=True) as folder,
        contextlib.chdir(folder),
    ):
        yield Path(folder)
