"""`revise grade`: the marks of nbgrader's own serial run, only what changed, every result told."""

import fcntl
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import nbformat
import pytest

from revise.errors import GradingFailed
from revise.grading.classroom import bare_jobs, course, engines
from tests.grading.tiny import TINY

from .conftest import FULL, HALF, PATIENCE, RIGHT, WRONG, Class

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("classroom")]

MIXED = {
    "ada": RIGHT,
    "bob": WRONG,
    "cy": {},
    "dan": RIGHT | {"tiny-double--answer": "raise RuntimeError(1)"},
    "eve": {"tiny-greet--answer": "%%writefile greeting.html\n<h1>Bye</h1>"},
}


@pytest.fixture(scope="module")
def graded(released_tiny, tmp_path_factory) -> tuple[Class, Class, dict]:
    """The same class, graded by nbgrader one after the other, and by us; and what we said."""
    folder = tmp_path_factory.mktemp("graded")
    classes = []
    for name in ("serial", "ours"):
        place = Path(shutil.copytree(released_tiny, folder / name / "course"))
        one = Class(place, folder / name / "homes", TINY)
        for who, sources in MIXED.items():
            one.submit(who, sources)
        (place / "submitted" / "cy" / TINY / f"{TINY}.ipynb").write_text("not a notebook")
        classes.append(one)
    serial, ours = classes
    serial.nbgrader("autograde", TINY)
    serial.nbgrader("generate_feedback", TINY)
    return serial, ours, ours.grade("--workers=2")


def test_marks_are_those_of_the_serial_run(graded):
    """Is every cell's mark the same, and what needs a teacher, and every comment?"""
    serial, ours, _ = graded
    assert len(ours.marks()) == 4 * len(MIXED)
    assert ours.marks() == serial.marks()
    assert ours.comments() == serial.comments()


def test_the_same_files_are_written(graded):
    """Are the graded notebooks and pages there, as nbgrader lays them, with its permissions?"""
    serial, ours, _ = graded
    for step in ("autograded", "feedback"):
        trees = [_tree(one.course / step) for one in (serial, ours)]
        assert trees[0] == trees[1]


def _tree(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_mode
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".revise")
    }


def test_the_graded_notebook_holds_the_same_cells(graded):
    serial, ours, _ = graded
    for who in MIXED:
        cells = [
            [(cell.id, cell.source) for cell in nbformat.read(path, as_version=4).cells]
            for path in (one.course / "autograded" / who / TINY / f"{TINY}.ipynb" for one in (serial, ours))
        ]  # fmt: skip
        assert cells[0] == cells[1]


def test_the_json_says_all_of_each_student(graded):
    """Has a program what it needs: marks, points of exercises, flags, reasons, times, totals?"""
    said = graded[2]
    assert list(said) == [
        "assignment", "version", "isolated", "interrupted", "error", "students", "totals",
    ]  # fmt: skip
    students = {one["student"]: one for one in said["students"]}
    assert list(students) == sorted(MIXED)
    assert students["ada"] == students["ada"] | {
        "status": "graded",
        "score": FULL,
        "max_score": FULL,
        "exercises": [
            {"id": "tiny-double", "points": 3.0, "max": 3.0},
            {"id": "tiny-greet", "points": 5.0, "max": 5.0},
        ],
        "flags": [],
        "reason": "",
    }
    assert students["bob"]["score"] == HALF
    assert "not a notebook" in students["cy"]["reason"]
    assert students["ada"]["seconds"] > 0
    assert said["totals"]["graded"] == len(MIXED)
    assert said["isolated"] is True


def test_a_second_run_grades_only_what_changed(class_):
    """Is a submission run again when it changed, or when its graded notebook or marks did, and only then?"""
    for who in ("ada", "bob", "cy", "dan"):
        class_.submit(who, RIGHT)
    class_.grade()
    before = class_.marks()
    assert _statuses(class_.grade()) == dict.fromkeys(("ada", "bob", "cy", "dan"), "unchanged")
    shutil.rmtree(class_.course / "submitted" / "bob")
    class_.submit("bob", WRONG)
    graded = class_.course / "autograded" / "cy" / TINY / f"{TINY}.ipynb"
    graded.chmod(0o644)
    graded.write_text("{}")
    _set_mark(class_, "dan", 1)
    again = class_.grade()
    assert _statuses(again) == {
        "ada": "unchanged",
        "bob": "graded",
        "cy": "graded",
        "dan": "graded",
    }
    assert {key: mark for key, mark in class_.marks().items() if key[0] != "bob"} == {
        key: mark for key, mark in before.items() if key[0] != "bob"
    }
    assert again["students"][1]["score"] == HALF


def test_all_grades_again(class_):
    class_.submit("ada", RIGHT)
    class_.grade()
    assert _statuses(class_.grade("--all")) == {"ada": "graded"}


def test_nbgraders_own_work_is_told_apart(class_):
    """Is what `nbgrader autograde` graded run again, and a mark by hand kept?"""
    class_.submit("ada", RIGHT)
    class_.nbgrader("autograde", TINY)
    assert _statuses(class_.grade()) == {"ada": "graded"}
    class_.nbgrader("autograde", TINY, "--force")
    assert _statuses(class_.grade()) == {"ada": "graded"}


def test_a_mark_by_hand_counts_and_stays(class_):
    class_.submit("ada", WRONG)
    class_.grade()
    _set_mark(class_, "ada", 1.5, by="manual_score")
    said = class_.grade()
    assert _statuses(said) == {"ada": "unchanged"}
    assert said["students"][0]["score"] == 4 * 1.5


def test_one_student(class_):
    for who in ("ada", "bob"):
        class_.submit(who, RIGHT)
    assert _statuses(class_.grade("--student=bob")) == {"bob": "graded"}
    assert not (class_.course / "autograded" / "ada").exists()


def test_a_feedback_page_that_is_missing_is_written(class_):
    class_.submit("ada", RIGHT)
    class_.grade("--no-feedback")
    page = class_.course / "feedback" / "ada" / TINY / f"{TINY}.html"
    assert not page.exists()
    assert _statuses(class_.grade()) == {"ada": "unchanged"}
    assert "8 / 8 points" in page.read_text()


def test_what_no_step_can_get_through_costs_itself_only(class_, monkeypatch):
    """Does an exception in one submission leave a mark of 0 with its reason, and the others graded?"""
    for who in ("ada", "bob", "cy"):
        class_.submit(who, RIGHT)

    class Fragile(engines.TakeOutputs):
        def preprocess(self, nb, resources):
            if resources["nbgrader"]["student"] == "bob":
                raise ZeroDivisionError("in the middle")
            return super().preprocess(nb, resources)

    report = _in_process(
        class_, monkeypatch, engines.Engine(False, Fragile, bare_jobs.run_job, bare_jobs.stop)
    )
    assert {one.student: (one.status, one.score) for one in report.results} == {
        "ada": ("graded", FULL),
        "bob": ("failed", 0),
        "cy": ("graded", FULL),
    }
    assert report.status == 1
    (bob,) = (one for one in report.results if one.student == "bob")
    assert "ZeroDivisionError: in the middle" in bob.reason
    marks = class_.marks()
    assert {marks["bob", cell] for who, cell in marks if who == "bob"} == {(0.0, None, 1)}
    path = class_.course / "autograded" / "bob" / TINY / f"{TINY}.ipynb"
    assert "return number + number" in path.read_text()
    again = class_.grade("--no-isolation")
    assert _statuses(again) == {"ada": "unchanged", "bob": "graded", "cy": "unchanged"}


def test_a_job_that_gets_lost_is_run_again(class_, monkeypatch):
    """Does a failure of what runs jobs cost time only, and after three tries go to the teacher?"""
    for who, sources in {"ada": RIGHT, "bob": RIGHT, "cy": WRONG}.items():
        class_.submit(who, sources)
    tries = {"number + 2": 0, "number + number": 0}

    def flaky(job: bytes) -> bytes:
        wrong = b"number + 2" in job
        tries["number + 2" if wrong else "number + number"] += 1
        if wrong or tries["number + number"] == 1:
            raise ConnectionResetError("the worker is gone")
        return bare_jobs.run_job(job)

    report = _in_process(
        class_, monkeypatch, engines.Engine(False, engines.TakeOutputs, flaky, bare_jobs.stop)
    )
    assert tries == {"number + 2": 3, "number + number": 3}
    results = {one.student: one for one in report.results}
    assert (results["ada"].score, results["bob"].score) == (FULL, FULL)
    assert results["cy"].status == "failed"
    assert "by a failure of the grader" in results["cy"].reason


def test_an_engine_that_runs_nothing_stops_the_run(class_, monkeypatch):
    """Is nobody given 0 where no submission can be run at all?"""
    class_.submit("ada", RIGHT)
    class_.submit("bob", RIGHT)
    before = class_.marks()

    def broken(job: bytes) -> bytes:
        raise GradingFailed.because("no nursery")

    report = _in_process(
        class_, monkeypatch, engines.Engine(False, engines.TakeOutputs, broken, bare_jobs.stop)
    )
    assert report.status == 2
    assert "no nursery" in report.as_json()["error"]
    assert report.missing == 2
    assert class_.marks() == before


def test_two_runs_do_not_write_at_once(class_):
    """Does a second run stop, whoever holds the course?"""
    class_.submit("ada", RIGHT)
    descriptor = os.open(class_.course, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with class_.start() as process:
        _, errors = process.communicate(timeout=PATIENCE)
    os.close(descriptor)
    assert process.returncode == 2
    assert "another `revise grade` works in" in errors
    class_.grade()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--student=aad",), "Did you mean ada?"),
        (("--scheduler=tcp://127.0.0.1:9", "--workers=2"), "a cluster has its own"),
    ],
)
def test_bad_input_is_one_clear_line(class_, arguments, said):
    class_.submit("ada", RIGHT)
    with class_.start(*arguments) as process:
        output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert said in errors
    assert "Traceback" not in output + errors


def test_nothing_handed_in_is_one_clear_line(class_):
    with class_.start() as process:
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert f"there is no submission of {TINY}" in errors


def test_the_table_says_what_was_done(class_):
    """Does a person see each student, the points, the reason?"""
    class_.submit("ada", RIGHT)
    class_.submit("bob", {})
    (class_.course / "submitted" / "bob" / TINY / f"{TINY}.ipynb").write_text("")
    with class_.start(COLUMNS="200") as process:
        output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert "8/8" in output
    assert "it is empty" in output
    assert "2 graded, 0 unchanged" in output


def test_without_isolation_is_said_loudly_and_graded_again_with_it(class_):
    """Are the marks the same, and is a mark that was earned without isolation not taken for a safe one?"""
    class_.submit("ada", RIGHT)
    with class_.start("--no-isolation", COLUMNS="200") as process:
        output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert "WITHOUT ISOLATION: learners' code runs as you" in errors
    assert "WITHOUT ISOLATION: a submission may have changed these marks." in output
    before = class_.marks()
    assert _statuses(class_.grade("--no-isolation")) == {"ada": "unchanged"}
    assert _statuses(class_.grade()) == {"ada": "graded"}
    assert class_.marks() == before
    assert _statuses(class_.grade("--no-isolation")) == {"ada": "unchanged"}


def test_a_folder_that_cannot_be_a_students_is_told(class_):
    """Is a name that the gradebook cannot hold in the table, and the rest graded?"""
    class_.submit("ada", RIGHT)
    class_.submit("b\nb", RIGHT)
    said = class_.grade(status=1)
    assert _statuses(said) == {"'b\\nb'": "failed", "ada": "graded"}
    assert "Rename the folder" in said["students"][0]["reason"]


def test_what_a_learner_may_hand_in_besides_stops_nothing(class_):
    """Do a FIFO in the notebook's place, a link and a folder give a reason, and the next run no work?"""
    class_.submit("ada", RIGHT)
    for who, make in {
        "bob": os.mkfifo,
        "cy": Path.mkdir,
        "dan": lambda one: one.symlink_to("/etc/passwd"),
    }.items():
        path = class_.lay(who)
        path.unlink()
        make(path)
    said = class_.grade()
    assert [one["score"] for one in said["students"]] == [FULL, 0, 0, 0]
    assert all(one["reason"] for one in said["students"][1:])
    assert said["totals"]["graded"] == 4
    assert class_.grade()["totals"]["unchanged"] == 4


def _statuses(said: dict) -> dict[str, str]:
    return {one["student"]: one["status"] for one in said["students"]}


def _in_process(class_: Class, monkeypatch, engine: engines.Engine):
    """Grade in this process, with ``engine`` in the place of the course's."""
    monkeypatch.setenv("REVISE_COURSE", str(class_.course))
    monkeypatch.setenv("HOME", str(class_.homes))
    bare_jobs.begin()
    options = course.Options("1", workers=1, isolated=False, silent=True)
    return course.grade_class(options, engine)


def _set_mark(class_: Class, who: str, mark: float, *, by: str = "auto_score") -> None:
    """Change the marks of a student, as a restored gradebook or a teacher would."""
    with closing(sqlite3.connect(class_.course / "gradebook.db")) as connection, connection:
        connection.execute(
            f"UPDATE grade SET {by} = ? WHERE notebook_id IN (SELECT submitted_notebook.id FROM "
            "submitted_notebook JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id "
            "WHERE student_id = ?)",
            (mark, who),
        )
