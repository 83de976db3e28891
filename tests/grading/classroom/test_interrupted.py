"""`revise grade` that is stopped at any moment: a sound gradebook, no process, and the next run goes on."""

import signal
import sqlite3
from contextlib import closing

import pytest

from tests.grading.tiny import TINY

from .conftest import FULL, PATIENCE, RIGHT, SLOW, kill, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("classroom")]

LEARNERS = ("ada", "bob", "cy", "dan")
DIE_BEFORE_THE_GRADEBOOK = """
def hook(assignment, student, notebooks):
    after_autograde(assignment, student, notebooks)
    if os.environ.get("DIE_AT") and os.environ["DIE_AT"] in notebooks[0]:
        os.kill(os.getpid(), 9)

from revise.grading.tidy import after_autograde
c.Autograde.post_convert_hook = hook
"""


def _whole_or_not_at_all(class_) -> set[str]:
    """Return who has marks; assert that nobody has some of them, and that the file is sound."""
    with closing(sqlite3.connect(class_.course / "gradebook.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    by_student = {}
    for (who, _), (auto, *_) in class_.marks().items():
        by_student.setdefault(who, []).append(auto)
    for marks in by_student.values():
        assert None not in marks
        assert len(marks) == 4
    return set(by_student)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_it_in_order(class_, number):
    """Is what was done told and kept, everything ended, and the rest done by the next run?"""
    for who in LEARNERS:
        class_.submit(who, SLOW)
    process = class_.start("--workers=1", COLUMNS="200")
    wait_for(process, "1/4 ada")
    process.send_signal(number)
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, errors
    assert "Interrupted: the same command goes on." in output
    assert "Traceback" not in errors
    assert class_.left_behind() == []
    done = _whole_or_not_at_all(class_)
    assert "ada" in done
    assert "dan" not in done
    said = class_.grade()
    statuses = {one["student"]: one["status"] for one in said["students"]}
    assert {who for who, status in statuses.items() if status == "unchanged"} == done
    assert {one["score"] for one in said["students"]} == {FULL}


def test_killed_while_it_runs(class_):
    """After kill -9: no process, a sound gradebook, and a run that goes on?"""
    for who in LEARNERS:
        class_.submit(who, SLOW)
    process = class_.start("--workers=2")
    wait_for(process, "/4 ")
    kill(process)
    assert class_.left_behind() == []
    done = _whole_or_not_at_all(class_)
    assert done
    said = class_.grade()
    assert said["totals"]["unchanged"] + said["totals"]["graded"] == len(LEARNERS)
    assert said["totals"]["unchanged"] in (len(done), len(done) - 1)  # killed before the marker
    assert {one["score"] for one in said["students"]} == {FULL}


def test_killed_between_the_notebook_and_the_gradebook(class_):
    """Is a submission whose notebook is there, and whose marks are not, graded again?"""
    config = class_.course / "nbgrader_config.py"
    config.write_text(config.read_text() + DIE_BEFORE_THE_GRADEBOOK)
    for who in LEARNERS:
        class_.submit(who, RIGHT)
    process = class_.start("--workers=1", DIE_AT="cy")
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert (class_.course / "autograded" / "cy" / TINY / f"{TINY}.ipynb").exists()
    assert _whole_or_not_at_all(class_) == {"ada", "bob"}
    said = class_.grade()
    statuses = {one["student"]: one["status"] for one in said["students"]}
    assert statuses == {"ada": "unchanged", "bob": "unchanged", "cy": "graded", "dan": "graded"}
    assert {one["score"] for one in said["students"]} == {FULL}
