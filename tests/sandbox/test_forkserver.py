"""The fork server as something that is given, shared, and asked to signal."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import textwrap
import time

import pytest
import requests

from revise import Project
from revise.errors import SandboxError
from revise.sandbox import forkserver, wire
from revise.sandbox.forkserver import AttachedForkServer, fork_server


@pytest.fixture
def attached():
    """Sockets that are attached to this process's zygote: ``attached()``."""
    ours = []

    def attach():
        mine, theirs = socket.socketpair()
        fork_server().ask({"op": "attach"}, [theirs.detach()]).close()
        ours.append(mine)
        return mine

    yield attach
    for each in ours:
        each.close()


@pytest.fixture
def sleeping(library):
    """A command that sleeps, as a `Child`."""
    child = ask_shell(fork_server(), library, "import time; time.sleep(600)")
    assert wire.ready([child], 10)
    child.read_report()
    yield child
    child.kill()
    child.close()


def ask_shell(server, library, code):
    nowhere = [os.open(os.devnull, os.O_RDWR) for _ in range(4)]
    return server.ask(
        {
            "op": "run",
            "kind": "shell",
            "code": code,
            "settings": "library.settings",
            "cwd": str(library._folder),
            "env": dict(os.environ),
        },
        nowhere,
    )


def is_dropped(sock):
    """Say whether the zygote has let go of the other end, within some seconds."""
    if not wire.ready([sock], 5):
        return False
    try:
        return sock.recv(1) == b""
    except ConnectionResetError:  # it had not read all
        return True


def fill_up(write):
    with contextlib.suppress(BlockingIOError):
        while True:
            write()


def message(value):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return wire.LENGTH.pack(len(body)) + body


class TestAttached:
    def test_it_serves_like_the_first_and_its_end_ends_nothing(self, library, attached):
        server = AttachedForkServer(attached())
        child = ask_shell(server, library, "import sys; sys.exit(3)")
        assert child.wait(20)
        assert child.status == 3
        child.close()
        server.close()
        assert library.manage("check").returncode == 0

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"\xfe" * 5000, id="bytes"),
            pytest.param(b"\xff\xff\xff\xff", id="length"),
            pytest.param(message(b"no JSON"), id="no JSON"),
            pytest.param(message(b"\xff\xfe"), id="no text"),
            pytest.param(message(b"[" * 100_000), id="deep"),
            pytest.param(message([]), id="list"),
            pytest.param(message({}), id="no operation"),
            pytest.param(message({"op": "nothing"}), id="unknown operation"),
            pytest.param(message({"op": ["run"]}), id="list of operations"),
            pytest.param(message({"op": "run"}), id="run without a descriptor"),
            pytest.param(message({"op": "attach"}), id="attach without a descriptor"),
            pytest.param(
                message({"op": "signal", "pid": 1, "number": 9, "group": False}),
                id="signal without a descriptor",
            ),
        ],
    )
    def test_nonsense_costs_its_own_control_only(self, library, attached, data):
        before = fork_server().process.pid
        control = attached()
        control.sendall(data)
        assert is_dropped(control)
        assert library.manage("check").returncode == 0
        assert fork_server().process.pid == before

    @pytest.mark.parametrize(
        "request_",
        [
            {"op": "run"},
            {"op": "run", "kind": 5, "cwd": None, "env": {}},
            {"op": "signal", "pid": [], "number": 9, "group": False},
            {"op": "signal", "pid": 1, "number": 10**30, "group": "x", "more": 1},
        ],
        ids=str,
    )
    def test_a_request_with_nonsense_in_it_ends_nothing_else(self, library, attached, request_):
        before = fork_server().process.pid
        control = attached()
        reports, theirs = socket.socketpair()
        with reports, theirs:
            wire.send_message(control, request_, [theirs.fileno()])
        assert library.manage("check").returncode == 0
        assert fork_server().process.pid == before

    def test_half_a_message_holds_up_nobody(self, library, attached):
        attached().sendall(message({"op": "run"})[:-3])
        assert library.manage("check").returncode == 0

    def test_reports_that_nobody_reads_hold_up_nobody(self, library, attached):
        control = attached()
        pipe = os.pipe()
        os.set_blocking(pipe[1], False)
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        with ours, theirs:
            fill_up(lambda: os.write(pipe[1], b"x" * 4096))
            fill_up(lambda: theirs.send(b"x" * 4096))
            for report in (pipe[1], theirs.fileno()):
                os.set_blocking(report, True)
                request = {"op": "signal", "pid": 1, "number": 0, "group": False}
                wire.send_message(control, request, [report])
            assert library.manage("check").returncode == 0
        for fd in pipe:
            os.close(fd)

    def test_descriptors_that_nobody_asked_for_are_closed(self, attached):
        server, control = fork_server(), attached()
        table = f"/proc/{server.process.pid}/fd"
        if not os.path.isdir(table):
            pytest.skip("descriptors are counted in /proc")
        time.sleep(0.2)
        before = len(os.listdir(table))
        for _ in range(20):
            socket.send_fds(control, [message({"op": "x"})[:4]], [0, 0, 0, 0, 0])
            control.close()
            control = attached()
        time.sleep(0.5)
        assert len(os.listdir(table)) <= before + 1

    def test_more_than_enough_are_refused(self, library, attached):
        controls = [attached() for _ in range(80)]
        assert library.manage("check").returncode == 0
        assert len([control for control in controls if wire.ready([control], 0)]) >= 10


class TestSignal:
    def test_a_killed_child_is_reported_ended(self, sleeping):
        sleeping.kill()
        assert sleeping.wait(5)
        assert sleeping.status == -signal.SIGKILL

    def test_it_reaches_a_child_of_the_zygote_only(self, library):
        other = subprocess.Popen(["sleep", "600"])
        try:
            for pid in (other.pid, os.getpid(), fork_server().process.pid, 1, -1, 0):
                request = {"op": "signal", "pid": pid, "number": signal.SIGKILL, "group": True}
                answer = fork_server().ask(request, [])
                assert wire.ready([answer], 10)
                assert json.loads(answer.reports.recv(100)) == {"signalled": False}
                answer.close()
            assert other.poll() is None
        finally:
            other.kill()
            other.wait()

    def test_after_the_end_it_does_nothing(self, sleeping):
        sleeping.kill()
        assert sleeping.wait(5)
        sleeping.signal(signal.SIGKILL)
        assert sleeping.status == -signal.SIGKILL


GIVEN = """
import os, socket
import requests
from revise import Project
from revise.sandbox import forkserver, preload, zygote

ours, theirs = socket.socketpair()
if os.fork() == 0:
    ours.close()
    preload.load()
    zygote.run(theirs, None)
    os._exit(0)
theirs.close()
server = forkserver.attach(ours)
library = Project("library")
print(library.shell("Book.objects.count() > 0").value, flush=True)
print(requests.get(library.url + "/books/").status_code, flush=True)
"""


def test_a_report_that_another_thread_took_first_holds_up_nobody(monkeypatch):
    """Does asking from two threads at once end, where both saw that there was something to read?"""
    ours, theirs = socket.socketpair()
    seen = iter([True, False])
    monkeypatch.setattr(forkserver, "ready", lambda sources, seconds: next(seen))
    with ours, theirs:
        assert not forkserver.Child(ours, server=None).poll()
    assert list(seen) == []


class TestGiven:
    def test_a_forked_process_can_be_the_fork_server(self, kernel):
        given = kernel(
            GIVEN + "input()\nserver.close()\nos.waitpid(-1, 0)\nprint('ended', flush=True)\n"
        )
        assert [given.line(), given.line()] == ["True", "200"]
        assert given.end() == ("ended\n", "")
        assert given.nothing_left() == []

    def test_one_that_is_gone_is_an_error_and_is_not_replaced(self, kernel):
        code = """
        import signal
        from revise.errors import SandboxError
        os.kill(int(open(f"/proc/self/task/{os.getpid()}/children").read().split()[0]), signal.SIGKILL)
        os.wait()
        print(server.alive, flush=True)
        for _ in range(2):
            try:
                library.manage("check")
            except SandboxError as error:
                print(error, flush=True)
        """
        given = kernel(GIVEN + textwrap.dedent(code))
        assert [given.line(), given.line()] == ["True", "200"]
        assert given.line() == "False"
        gone = "the sandbox's fork server is gone: it was ended from outside."
        assert [given.line(), given.line()] == [gone, gone]
        assert given.end() == ("", "")

    def test_a_fork_of_its_holder_gets_a_way_of_its_own(self, kernel):
        """multiprocessing in a cell: two processes must not write to one socket."""
        code = """
        if os.fork() == 0:
            mine = forkserver.fork_server()
            print(mine is server, library.shell("2 + 2").value, flush=True)
            mine.close()
            os._exit(0)
        os.wait()
        print(library.shell("3 + 3").value, flush=True)
        """
        given = kernel(GIVEN + textwrap.dedent(code))
        assert [given.line() for _ in range(4)] == ["True", "200", "False 4", "6"]
        assert given.end() == ("", "")

    def test_it_may_live_in_another_pid_namespace(self, kernel):
        """The ids that the two sides see differ: the zygote alone may signal."""
        unshare = shutil.which("unshare")
        command = [unshare, "--user", "--map-root-user", "--pid", "--fork"] if unshare else []
        if not unshare or subprocess.run([*command, "true"], capture_output=True).returncode:
            pytest.skip("needs unshare(1) and user namespaces")
        code = f"""
        import os, socket, subprocess, sys
        from revise import Project
        from revise.errors import CommandTimeout
        from revise.sandbox import forkserver
        ours, theirs = socket.socketpair()
        script = ("import socket; from revise.sandbox import preload, zygote; preload.load();"
                  f" zygote.run(socket.socket(fileno={{theirs.fileno()}}), None)")
        process = subprocess.Popen({command!r} + [sys.executable, "-c", script],
                                   pass_fds=[theirs.fileno()])
        theirs.close()
        server = forkserver.attach(ours)
        library = Project("library", timeout=1)
        try:
            library.shell("import time\\ntime.sleep(600)")
        except CommandTimeout as error:
            print(error, flush=True)
        print(library.shell("1 + 1").value, flush=True)
        server.close()
        process.wait()
        """
        given = kernel(code)
        assert given.line() == "the code did not end within 1 s, it was at line 2 of the code"
        assert given.line() == "2"
        assert given.end() == ("", "")


def test_closing_the_current_one_lets_the_next_use_start_another(library):
    before = fork_server().process
    forkserver.close_current()
    assert before.poll() is not None
    assert library.manage("check").returncode == 0
    assert fork_server().process.pid != before.pid


def test_a_zygote_that_cannot_start_is_told(library, monkeypatch):
    forkserver.close_current()
    monkeypatch.setattr(forkserver.sys, "executable", shutil.which("false"))
    with pytest.raises(SandboxError, match="fork server"):
        library.manage("check")
    monkeypatch.undo()
    forkserver.close_current()
    assert requests.get(Project("library").url).status_code == 200
