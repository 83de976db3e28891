"""`revise grade --scheduler`: a cluster on loopback gives the same marks, and may lose a worker."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from .conftest import FULL, RIGHT, SLOW, WRONG

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("classroom")]
SECONDS = 240  # a machine that is busy with other tests is several times slower


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers of one thread each; yields the address and the workers."""
    about = tmp_path / "scheduler.json"
    options = ["--no-dashboard", "--host", "127.0.0.1"]
    environment = os.environ | {
        "HOME": str(tmp_path),
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
    }

    def dask(*arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, *options],
            env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    running = [dask("scheduler", "--port=0", f"--scheduler-file={about}")]
    try:
        _wait_until(about.exists)
        address = json.loads(about.read_text())["address"]
        place = f"--local-directory={tmp_path}"
        for _ in range(2):
            running.append(dask("worker", address, "--nthreads=1", "--no-nanny", place))
        yield address, running
    finally:
        for process in running:
            process.kill()
            process.wait()


def _wait_until(true) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_marks_are_the_same(class_, cluster):
    class_.submit("ada", RIGHT)
    class_.submit("bob", WRONG)
    class_.grade()
    before = class_.marks()
    said = class_.grade(f"--scheduler={cluster[0]}", "--all")
    assert said["totals"]["graded"] == 2
    assert class_.marks() == before


def test_a_worker_that_is_killed_loses_nothing(class_, cluster):
    """With a worker killed in the middle of a submission, is everyone graded, in full?"""
    address, running = cluster
    learners = [f"s{number}" for number in range(5)]
    for who in learners:
        class_.submit(who, SLOW)
    with class_.start("--json", f"--scheduler={address}") as process:
        _wait_until(lambda: (class_.course / "autograded").is_dir() or process.poll() is not None)
        running[1].send_signal(signal.SIGKILL)
        output, errors = process.communicate(timeout=3 * SECONDS)
    assert process.returncode == 0, errors
    said = json.loads(output)
    assert {one["student"]: one["score"] for one in said["students"]} == dict.fromkeys(
        learners, FULL
    )


def test_a_scheduler_that_is_lost_is_one_clear_line(class_, cluster):
    """Is what was graded kept, and does the next run, without a cluster, do the rest?"""
    address, running = cluster
    for who in ("ada", "bob", "cy"):
        class_.submit(who, SLOW)
    with class_.start("--workers=1") as local:
        local.communicate(timeout=SECONDS)
    class_.submit("dan", SLOW | {"tiny-double--answer": "import time\ntime.sleep(30)"})
    with class_.start(f"--scheduler={address}") as process:
        for line in process.stdout:
            if "3/4" in line:
                break
        running[0].kill()
        output, errors = process.communicate(timeout=2 * SECONDS)
    assert process.returncode == 2
    assert "is gone. What was graded is kept" in errors
    assert "3 unchanged, 1 not reached" in output
    assert "Traceback" not in errors


def test_no_scheduler_is_one_clear_line(class_):
    class_.submit("ada", RIGHT)
    with class_.start("--scheduler=tcp://127.0.0.1:9") as process:
        _, errors = process.communicate(timeout=2 * SECONDS)
    assert process.returncode == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in errors
