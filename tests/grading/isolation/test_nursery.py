"""A submission in a world of its own: what it sees, what it can break, what comes out."""

import os
import socket
import threading

import pytest

from revise.grading.isolation.limits import MIB

from .jobs import cell, error, run, text

pytestmark = pytest.mark.xdist_group("nursery")
CHECK_TWO = cell("check", "assert two() == 2, 'two() is not 2'", "check", names=["two"])


def test_an_answer_is_run_and_checked(nursery):
    outcome = run(nursery, cell("answer", "def two():\n    return 2"), CHECK_TWO)
    assert (outcome.cells, outcome.flags, outcome.reason) == ({"answer": [], "check": []}, [], "")
    assert outcome.cpu > 0


def test_a_wrong_answer_is_told_by_the_check(nursery):
    outcome = run(nursery, cell("answer", "def two():\n    return 3"), CHECK_TWO)
    assert error(outcome.cells["check"]).startswith("AssertionError: two() is not 2")


def test_a_name_that_is_not_defined_is_told_so(nursery):
    outcome = run(nursery, CHECK_TWO)
    assert error(outcome.cells["check"]) == "NameError: name 'two' is not defined"


def test_setup_cells_run_on_both_sides(nursery):
    setup = cell(
        "setup", "from revise import Project\nshelf = Project('library', 'shelf')", "setup"
    )
    answer = cell("answer", "(shelf.path / 'answer.txt').write_text('42')")
    check = cell("check", "assert shelf.read('answer.txt') == '42'", "check")
    outcome = run(nursery, setup, answer, check)
    assert (error(outcome.cells["check"]), outcome.reason) == ("", "")


def test_the_project_of_a_check_is_the_learners_live_one(nursery):
    setup = cell(
        "setup",
        "import requests\nfrom revise import Project\nshelf = Project('library', 'shelf')",
        "setup",
    )
    answer = cell(
        "answer",
        "%%writefile -a {shelf}/catalog/urls.py\n"
        "from django.http import HttpResponse\n"
        "urlpatterns += [path('here/', lambda request: HttpResponse('mine'))]",
    )
    check = cell(
        "check",
        "assert requests.get(f'{shelf.url}/here/').text == 'mine'\n"
        "assert shelf.shell('Book.objects.count()').value == 12\n"
        "assert shelf.manage('check').returncode == 0",
        "check",
    )
    outcome = run(nursery, setup, answer, check, cell_seconds=20)
    assert (error(outcome.cells["check"]), outcome.reason) == ("", "")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os._exit(0)", "exit status 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("while True: pass", "did not end within 4 seconds"),
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "did not end"),
        ("import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass", "did not end"),
        ("import asyncio\nawait asyncio.sleep(100)", "did not end within 4 seconds"),
        ("x = []\nwhile True: x.append(bytearray(8_000_000))", ""),
        ("input()", "EOF"),
        ("import sys; sys.exit()", "SystemExit"),
    ],
)  # fmt: skip
def test_an_answer_that_ends_or_never_ends_costs_its_own_exercise(nursery, code, words):
    outcome = run(
        nursery,
        cell("setup", "import math", "setup", None),
        cell("bad", code),
        cell("other", "def two():\n    return math.trunc(2.5)", exercise="two"),
        CHECK_TWO | {"exercise": "two"},
    )
    assert words in error(outcome.cells["bad"])
    assert error(outcome.cells["bad"])
    assert error(outcome.cells["check"]) == ""


def test_what_an_ended_process_leaves_out_is_refused(nursery):
    outcome = run(nursery, cell("bad", "import os; os._exit(0)"), CHECK_TWO)
    assert "ended its process" in error(outcome.cells["check"])


def test_memory_of_many_processes_is_counted_together(nursery):
    code = (
        "import os, time\n"
        "for _ in range(6):\n"
        "    if os.fork() == 0:\n"
        "        x = bytearray(90_000_000)\n"
        "        time.sleep(60)\n"
        "        os._exit(0)\n"
        "time.sleep(2)\n"
        "import pathlib\n"
        "sum(int(p.read_text().split()[1]) for p in pathlib.Path('/proc').glob('[0-9]*/statm'))"
    )
    used = run(nursery, cell("hog", code), memory=256 * MIB).cells["hog"]
    pages = int(used[0]["data"]["text/plain"])
    assert pages * os.sysconf("SC_PAGE_SIZE") < 1200 * MIB


def test_a_fork_bomb_is_held(nursery):
    code = "import os\nwhile True:\n    os.fork()"
    outcome = run(nursery, cell("bomb", code), CHECK_TWO | {"exercise": "two"})
    assert error(outcome.cells["bomb"])
    assert "NameError" in error(outcome.cells["check"])


def test_output_is_cut_and_the_rest_goes_on(nursery):
    outcome = run(
        nursery,
        cell("loud", "for number in range(10**6): print('x' * 200)"),
        cell("many", "for number in range(10**5): display(number)", cell_seconds=20),
        cell("after", "'still here'"),
        cell_seconds=30,
    )
    assert len(text(outcome.cells["loud"])) < 2 * MIB
    assert "cut" in text(outcome.cells["loud"])
    assert len(outcome.cells["many"]) <= 1002
    assert outcome.cells["after"][0]["data"] == {"text/plain": "'still here'"}


def test_nothing_of_the_machine_is_seen(nursery, tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("a secret")
    monkeypatch.setenv("SECRET_OF_THE_GRADER", "a secret")
    code = (
        "import os, pathlib, socket\n"
        f"seen = [os.path.exists({str(tmp_path)!r}), 'SECRET_OF_THE_GRADER' in os.environ,\n"
        "    any(b'SECRET_OF' in p.read_bytes() for p in pathlib.Path('/proc').glob('*/environ')\n"
        "        if os.access(p, os.R_OK)),\n"
        "    os.getuid() == 0, os.path.exists('/etc/shadow'), pathlib.Path('/root/.ssh').exists()]\n"
        "seen"
    )
    outcome = run(nursery, cell("look", code))
    assert outcome.cells["look"][0]["data"]["text/plain"] == str([False] * 6)


def test_the_hosts_network_is_not_reached(nursery):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)"
        outcome = run(
            nursery, cell("call", code), cell("far", code.replace("127.0.0.1", "192.0.2.1"))
        )
    assert "ConnectionRefusedError" in error(outcome.cells["call"])
    assert "OSError" in error(outcome.cells["far"])


@pytest.mark.parametrize(
    "code",
    [
        "open('/usr/x', 'w')",
        "open('/x', 'w')",
        "import os; os.mkdir('/home/x')",
        "import ctypes\nassert ctypes.CDLL(None, use_errno=True).unshare(0x10000000) == 0, 'refused'",
        "import ctypes\nassert ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0, 'refused'",
        "open('/proc/sys/kernel/hostname', 'w').write('x')",
        "open('/work_folder_full', 'wb').write(bytes(10))",
        "open('full', 'wb').write(bytes(100_000_000))",
        "import os\nfor n in range(10**6): open(f'n{n}', 'w').close()",
    ],
)
def test_what_is_not_allowed_is_refused(nursery, code):
    assert error(run(nursery, cell("try", code)).cells["try"])


def test_the_judge_is_not_seen(nursery):
    code = (
        "import os, pathlib\n"
        "names = {p.parent.name: p.read_text().split(chr(0)) for p in pathlib.Path('/proc').glob('[0-9]*/cmdline')}\n"
        "def readable(pid):\n"
        "    try:\n"
        "        open(f'/proc/{pid}/mem', 'rb').close()\n"
        "        return True\n"
        "    except OSError:\n"
        "        return False\n"
        "sorted(int(pid) for pid in names), [pid for pid in names if readable(pid) and int(pid) != os.getpid()]"
    )
    outcome = run(nursery, cell("look", code))
    pids, readable = eval(outcome.cells["look"][0]["data"]["text/plain"])
    assert pids[0] == 1  # the keeper
    assert len(pids) == 3  # the keeper, the fork server, oneself
    assert "1" not in readable  # the fork server is: what it forks is the learner's own


def test_a_hidden_check_runs_last_with_the_names_of_its_exercise(nursery):
    outcome = run(
        nursery,
        cell("a", "def two():\n    return helper()\ndef helper():\n    return 2"),
        CHECK_TWO | {"hidden": True},
        cell("b", "def helper():\n    return 'another'", exercise="two"),
        cell("c", "two()", exercise="two"),
    )
    assert error(outcome.cells["check"]) == ""
    assert list(outcome.cells) == ["a", "b", "c", "check"]


def test_a_hidden_probe_runs_beside_the_answer_of_its_exercise(nursery):
    probing = "from revise import probe\nassert probe('kind()') == 'first'"
    outcome = run(
        nursery,
        cell("a", "def kind():\n    return 'first'"),
        cell("check", probing, "check", hidden=True, probes=True),
        cell("b", "def kind():\n    return 'second'", exercise="two"),
    )
    assert error(outcome.cells["check"]) == ""


def test_a_probe_without_a_process_says_so(nursery):
    probing = "from revise import probe\nprobe('1')"
    outcome = run(
        nursery,
        cell("a", "kind = 1"),
        cell("first", probing, "check", probes=True),
        cell("b", "import os; os._exit(1)", exercise="two"),
        cell("late", probing, "check", exercise="three", probes=True),
    )
    assert error(outcome.cells["first"]) == ""
    assert error(outcome.cells["late"]).startswith("ChannelClosed: the process that runs your code")


def test_a_hidden_check_survives_a_later_crash(nursery):
    outcome = run(
        nursery,
        cell("a", "def two():\n    return 2"),
        CHECK_TWO | {"hidden": True},
        cell("b", "import os; os._exit(1)", exercise="two"),
    )
    assert error(outcome.cells["check"]) == ""


def test_a_hidden_check_survives_an_end_that_comes_early(nursery):
    """Is the copy kept that is still leaving when its process is ended?"""
    slow = "import os, time\nos.register_at_fork(after_in_child=lambda: time.sleep(0.5))\n"
    outcome = run(
        nursery,
        cell("answer", f"{slow}def two():\n    return 2"),
        CHECK_TWO | {"hidden": True},
        cell("bad", "os._exit(0)", exercise="other"),
    )
    assert error(outcome.cells["check"]) == ""


def test_nothing_is_left_for_the_next(nursery):
    leave = (
        "import os, pathlib, random\n"
        "for folder in ('/dev/shm', '/tmp', '.', str(pathlib.Path.home())):\n"
        "    pathlib.Path(folder, 'left').write_text('x')\n"
        "number = random.random()\n"
        "import json; json.left = True\n"
        "number"
    )
    look = (
        "import json, pathlib, random\n"
        "[pathlib.Path(folder, 'left').exists() for folder in ('/dev/shm', '/tmp', '.', str(pathlib.Path.home()))], "
        "hasattr(json, 'left')"
    )
    first = run(nursery, cell("leave", leave), cell("random", "random.random()"))
    second = run(nursery, cell("look", look), cell("random", "random.random()"))
    assert second.cells["look"][0]["data"]["text/plain"] == "([False, False, False, False], False)"
    assert first.cells["random"] != second.cells["random"]


def test_several_submissions_run_at_the_same_time(nursery):
    outcomes = {}

    def one(number):
        answer = cell("answer", f"open('mine', 'x').write('{number}')\ndef two():\n    return 2")
        outcomes[number] = run(nursery, answer, CHECK_TWO, cell("read", "open('mine').read()"))

    threads = [threading.Thread(target=one, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = {n: o.cells["read"][0]["data"]["text/plain"] for n, o in outcomes.items()}
    assert read == {number: f"'{number}'" for number in range(4)}


def test_a_notebook_that_takes_too_long_is_ended_with_its_reason(nursery):
    slow = [cell(f"slow{n}", "import time; time.sleep(3)") for n in range(3)]
    outcome = run(nursery, *slow, CHECK_TWO, notebook_seconds=4)
    assert "longer than 4 seconds" in outcome.reason
    assert "check" not in outcome.cells
