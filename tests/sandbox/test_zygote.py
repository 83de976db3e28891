"""How everything ends with its kernel."""

import os
import signal
import sys
import time

import pytest
import requests
from conftest import marked

from revise import Project
from revise.sandbox.forkserver import fork_server

BUSY = """
import requests
from revise import Project
library = Project("library")
print(library.url, requests.get(library.url + "/books/").status_code, flush=True)
{}
input()
"""

DAEMON = """
views = library.path / "catalog/views.py"
views.write_text(views.read_text() + '''

def home(request):
    import os, time
    from django.http import HttpResponse
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    return HttpResponse("a daemon runs")
''')
print(requests.get(library.url).text, flush=True)
"""


def gone(url):
    with pytest.raises(requests.ConnectionError):
        requests.get(url)
    return True


def test_nothing_is_left_when_the_kernel_is_killed(kernel):
    killed = kernel(BUSY.format(""))
    url, status = killed.line().split()
    assert status == "200"
    assert len(killed.left()) >= 4  # kernel, zygote, supervisor, worker
    killed.process.kill()
    assert killed.nothing_left() == []
    assert gone(url)


def test_nothing_is_left_when_the_kernel_ends(kernel):
    ended = kernel(BUSY.format(""))
    ended.line()
    assert ended.end() == ("", "")
    assert ended.nothing_left() == []


def test_a_command_in_progress_ends_with_the_kernel(kernel):
    killed = kernel(BUSY.format("library.shell('import time; print(1); time.sleep(600)')"))
    killed.line()
    time.sleep(0.5)
    killed.process.kill()
    assert killed.nothing_left() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans to a subreaper")
@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_daemon_that_the_learners_code_left_ends_too(kernel, end):
    daemon = kernel(
        BUSY.format(
            DAEMON + ("library.stop(); print('stopped', flush=True)" if end == "stop" else "")
        )
    )
    daemon.line()
    assert daemon.line() == "a daemon runs"
    if end == "stop":
        assert daemon.line() == "stopped"
        assert len(daemon.left()) == 2  # kernel and zygote
    daemon.process.kill()
    assert daemon.nothing_left() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_process_that_the_kernel_forked_does_not_keep_them(kernel):
    """multiprocessing in a cell: the child inherits the sockets."""
    killed = kernel(
        BUSY.format(
            "import os\nif os.fork() == 0:\n    import time; time.sleep(8); os._exit(0)\nprint('forked', flush=True)"
        )
    )
    killed.line()
    assert killed.line() == "forked"
    killed.process.kill()
    deadline = time.monotonic() + 6
    while len(killed.left()) > 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(killed.left()) == 1


def test_a_killed_zygote_takes_its_processes_along_and_is_started_again(library):
    url = library.url
    assert requests.get(f"{url}/books/").status_code == 200
    before = fork_server().process
    os.kill(before.pid, signal.SIGKILL)
    before.wait()
    assert library.manage("check").returncode == 0
    assert fork_server().process.pid != before.pid
    assert requests.get(f"{library.url}/books/").status_code == 200


def test_interrupting_a_cell_ends_its_command(kernel):
    interrupted = kernel(
        BUSY.format(
            "try:\n    library.shell('import time; time.sleep(600)')\nexcept KeyboardInterrupt:\n    print('interrupted', flush=True)"
        )
    )
    interrupted.line()
    time.sleep(0.5)
    interrupted.process.send_signal(signal.SIGINT)
    assert interrupted.line() == "interrupted"
    assert len(interrupted.left()) == 4
    assert interrupted.end() == ("", "")


def test_the_kernel_runs_no_thread_of_ours(kernel):
    threads = kernel(BUSY.format("import threading; print(threading.active_count(), flush=True)"))
    threads.line()
    assert threads.line() == "1"


def test_projects_of_one_kernel_live_side_by_side(library):
    other = Project("library", "other")
    try:
        library.shell("Book.objects.all().delete()")
        assert other.shell("Book.objects.count()").value > 0
        assert requests.get(f"{other.url}/books/").status_code == 200
        other.stop()
        assert requests.get(f"{library.url}/books/").status_code == 200
    finally:
        other.stop()


def test_a_real_kernel_shows_nothing_on_stderr_and_leaves_nothing(notebook, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    cells = [
        "%load_ext revise\nimport requests\nfrom revise import Project, said\nlibrary = Project('library', timeout=2)",
        "%%writefile {library}/catalog/views.py\nfrom django.http import HttpResponse\n\ndef home(request):\n    print('log')\n    return HttpResponse(nothing)\n\nbook_list = book_detail = home",
        "said(requests.get(f'{library.url}/?q=1'))",
        "library.manage('check')",
        "library.shell('1 + 1')",
    ]
    document = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    monkeypatch.setenv("REVISE_TEST", "a-real-kernel")
    client = NotebookClient(
        document, kernel_name="python3", timeout=60, shutdown_kernel="immediate"
    )
    client.execute(cwd=str(notebook))
    outputs = [output for cell in document.cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    texts = [output.get("data", {}).get("text/plain") for output in outputs if "data" in output]
    assert (
        "GET /?q=1 returned 500 (NameError: name 'nothing' is not defined, catalog/views.py line 5)"
        in texts[0]
    )
    assert texts[1:] == ["System check identified no issues (0 silenced).", "2"]
    deadline = time.monotonic() + 5
    while (left := marked("a-real-kernel")) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []
