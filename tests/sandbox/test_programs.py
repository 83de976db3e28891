"""Programs beside a project: started as themselves, watched, and gone with the kernel."""

import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
import redis
import requests

from revise import Project
from revise.errors import BadProjectName, ProgramFailed, ProgramMissing
from revise.sandbox import warm
from revise.sandbox.executables import executable
from revise.sandbox.programs import free_port

TALKER = "import sys, time\nprint('hello', flush=True)\ntime.sleep(60)\n"
GUNICORN = ("gunicorn", "library.wsgi", "--bind", "127.0.0.1:{port}")


@pytest.fixture
def library(notebook):
    project = Project("library")
    yield project
    project.stop()


def gone(pids, seconds=5.0):
    """Wait until no process of ``pids`` is left; return whether it came to that."""
    _, left = psutil.wait_procs(
        [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], seconds
    )
    return not left


def script(library, text):
    (library.path / "script.py").write_text(text)
    return "python", "script.py"


def test_redis_answers_at_its_url(library):
    cache = library.start("redis-server")
    client = redis.Redis.from_url(cache.url)
    assert client.set("title", "Dune")
    assert client.get("title") == b"Dune"
    assert client.config_get("save") == {"save": ""}


def test_gunicorn_serves_the_project(library):
    with library.start(*GUNICORN) as web:
        assert requests.get(f"{web.url}/books/").status_code == 200
        assert "Listening at" in web.log
        below = [child.pid for child in psutil.Process(web.pid).children()]
        assert below
    assert not web.alive
    assert gone([web.pid, *below])


def test_uvicorn_and_gunicorn_start_warm_and_say_what_is_wrong(library):
    """Forked with Django imported, they fail as when they are executed: words, traceback, status."""
    with pytest.raises(ProgramFailed, match='Could not import module "no_shelf"'):
        library.start("uvicorn", "no_shelf:application", "--port", "{port}")
    web = library.start("gunicorn", "no_shelf.wsgi", "--bind", "127.0.0.1:{port}")
    assert web.wait(10) == 3  # gunicorn's status for a worker that could not load the application
    assert "No module named 'no_shelf'" in web.log


def test_a_warm_program_reads_the_project_as_it_lies_there(library):
    """Nothing of an earlier run, nor of another project's, is imported."""
    with library.start(*GUNICORN) as web:
        assert requests.get(f"{web.url}/shelf/").status_code == 404
    (library.path / "library" / "urls.py").write_text(
        "from django.http import HttpResponse\nfrom django.urls import path\n"
        "urlpatterns = [path('shelf/', lambda request: HttpResponse('oak'))]\n"
    )
    with library.start(*GUNICORN) as web:
        assert requests.get(f"{web.url}/shelf/").text == "oak"


def test_gunicorn_hands_over_to_a_new_gunicorn(library):
    """USR2 executes the program anew, from a process that was forked."""
    with library.start(*GUNICORN) as web:
        web.signal(signal.SIGUSR2)
        web.wait_until_ready("Starting gunicorn", 5)
        deadline = time.monotonic() + 15
        while web.log.count("Listening at") < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        web.signal(signal.SIGQUIT)
        assert web.wait(10) == 0
        assert requests.get(f"{web.url}/books/").status_code == 200


def test_only_the_environments_own_programs_start_warm():
    assert not warm.is_warm("/usr/bin/gunicorn")
    assert not warm.is_warm(str(executable("redis-server")))
    assert not warm.is_warm(str(executable("celery")))  # here nobody asked for its imports


def test_nginx_serves_a_file(library):
    port = free_port()
    (library.path / "nginx.conf").write_text(
        "pid nginx.pid; error_log stderr; events {}\n"
        "http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fast;\n"
        "  uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n"
        f"  server {{ listen 127.0.0.1:{port}; location / {{ return 200 'here'; }} }} }}\n"
    )
    folder = str(library.path.resolve())
    with library.start(
        "nginx", "-p", folder, "-c", "nginx.conf", "-g", "daemon off;", port=port
    ) as web:
        assert requests.get(web.url).text == "here"


def test_environment_of_the_project_and_of_one_program(library):
    library.env["SHELF"] = "front"
    show = script(
        library, "import os\nprint(os.environ['SHELF'], os.environ['DOOR'], flush=True)\n"
    )
    assert library.start(*show, env={"DOOR": "{port}"}, port=4711, until="4711").wait() == 0
    assert library.start(*show, env={"DOOR": "open"}, name="again").wait() == 0
    assert (library.path / "again.log").read_text() == "front open\n"
    assert library.shell("import os; os.environ['SHELF']").value == "front"


def test_a_changed_environment_reaches_the_server(library):
    (library.path / "library" / "urls.py").write_text(
        "import os\nfrom django.http import HttpResponse\nfrom django.urls import path\n"
        "urlpatterns = [path('', lambda request: HttpResponse(os.environ.get('SHELF', 'none')))]\n"
    )
    assert requests.get(library.url).text == "none"
    library.env["SHELF"] = "stack"
    assert requests.get(library.url).text == "stack"


def test_ready_when_its_log_says_so(library):
    talker = library.start(*script(library, TALKER), until="hello")
    assert talker.log == "hello\n"
    assert talker.alive
    assert talker.returncode is None


@pytest.mark.parametrize(
    ("argv", "options", "words"),
    [
        (
            ("python", "-c", "raise SystemExit('no shelf')"),
            {"until": "ready"},
            "exit status 1 .*\nno shelf",
        ),
        (("python", "-c", "import os; os.abort()"), {"until": "ready"}, "signal 6"),
        (
            ("python", "-c", "import time; time.sleep(60)"),
            {"until": "ready"},
            "did not say 'ready'",
        ),
        (("python", "-c", "import time; time.sleep(60)"), {"port": 1}, "took no connection"),
    ],
)
def test_a_program_that_does_not_get_ready_says_why(library, argv, options, words):
    with pytest.raises(ProgramFailed, match=words):
        library.start(*argv, **options, timeout=1)


def test_a_program_that_is_not_there(library):
    with pytest.raises(ProgramMissing, match="there is no program 'gunnicorn'"):
        library.start("gunnicorn")


@pytest.mark.parametrize("name", ["server", "../escape", ""])
def test_a_name_that_cannot_be(library, name):
    with pytest.raises(BadProjectName):
        library.start("./" + name, name=name or "/")


def test_signals_reach_the_program(library):
    (library.path / "script.py").write_text(
        "import signal, time\nsignal.signal(signal.SIGHUP, lambda *_: print('again', flush=True))\n"
        "print('ready', flush=True)\nwhile True: time.sleep(0.05)\n"
    )
    program = library.start("python", "script.py", until="ready")
    program.signal(signal.SIGHUP)
    program.wait_until_ready("again", 5)
    program.signal(signal.SIGTERM)
    assert program.wait(5) == -signal.SIGTERM


def test_killed_it_says_so_and_leaves_nothing(library):
    web = library.start(*GUNICORN)
    below = [child.pid for child in psutil.Process(web.pid).children()]
    web.kill()
    assert web.wait(5) == -signal.SIGKILL
    assert not web.alive
    web.stop()
    assert gone([web.pid, *below])


def test_the_same_name_ends_the_one_before(library):
    first = library.start(*script(library, TALKER), until="hello")
    second = library.start("python", "script.py", until="hello")
    assert gone([first.pid])
    assert second.alive


def test_what_goes_on_after_the_program_is_ended_too(library):
    """A daemon's way: the first process waits until the other is up, then ends."""
    daemon = script(
        library,
        "import os, time\n"
        "up, said = os.pipe()\n"
        "if os.fork():\n"
        "    os.read(up, 1)\n"
        "    os._exit(0)\n"
        "os.setsid()\n"
        "print('pid', os.getpid(), flush=True)\n"
        "os.write(said, b'.')\n"
        "time.sleep(60)\n",
    )
    program = library.start(*daemon, until="pid")
    left = int(program.log.split()[1])
    assert program.wait(5) == 0
    assert psutil.pid_exists(left)
    program.stop()
    assert gone([left])


def test_what_it_said_right_before_its_end_counts(library):
    said = library.start(*script(library, "print('migrated', flush=True)"), until="migrated")
    assert said.wait(5) == 0


def test_a_program_ends_with_its_project_laid_afresh(library):
    cache = library.start("redis-server")
    Project("library").stop()
    assert gone([cache.pid])


def test_a_program_ends_with_a_killed_kernel(notebook):
    kernel = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from revise import Project\nimport time\n"
            "print(Project('library').start('redis-server').pid, flush=True)\ntime.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(kernel.stdout.readline())
    assert psutil.pid_exists(pid)
    kernel.kill()
    kernel.communicate()
    assert gone([pid])


def test_a_free_port_is_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))


def test_starting_does_not_wait_longer_than_it_must(library):
    begun = time.monotonic()
    library.start(*script(library, TALKER), until="hello", timeout=30)
    assert time.monotonic() - begun < 15
