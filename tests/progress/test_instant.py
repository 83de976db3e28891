"""Instant marks in a real kernel, asked as JupyterLab, VS Code and nbclient ask."""

import os
import statistics
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from revise.progress import attempts
from revise.progress.attempts import FOLDER, record

from . import course
from .kernels import Kernel
from .tries import attempt

ANSWER = "def double(number):\n    return number * 2"
WRONG = "def double(number):\n    return number"
OF_TWO, OF_THREE = "tiny-double--of-two", "tiny-double--of-three"
CONCEPTS = "tiny.numbers.double, tiny.numbers.half"
METADATA = {cell.id: cell.metadata for cell in course.notebook().cells}
MARKS = "__import__('revise.extension').extension._loaded[get_ipython()].marks"
VS_CODE = "vscode-notebook-cell:/course/work/01_tiny.ipynb#X12sZmlsZQ%3D%3D"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A kernel that runs for a learner's copy, with the extension loaded by the setup cell."""
    folder = tmp_path_factory.mktemp("session")
    copy = course.lay(folder / "course").section("01").work
    copy.parent.mkdir()
    nbformat.write(course.notebook(), copy)
    kernel = Kernel(copy.parent, {**os.environ, FOLDER: str(folder / "data")}, copy)
    assert kernel.run("%load_ext revise", "start-2").outputs == []
    yield kernel, folder / "data"
    kernel.stop()


@pytest.fixture
def kernel(session, monkeypatch):
    """The kernel of all these tests, whose record of attempts is empty again."""
    kernel, data = session
    monkeypatch.setenv(FOLDER, str(data))
    settled(kernel)
    attempts.path().unlink(missing_ok=True)
    kernel.run("for name in ('double', 'greet'): globals().pop(name, None)")
    return kernel


def settled(kernel):
    """Wait for what the marks do beside the cells, and return what is on record."""
    kernel.run(f"{MARKS}.settle(60)")
    return attempts.attempts()


def test_a_check_that_passes_shows_its_points_and_concepts(kernel):
    kernel.run(ANSWER, "tiny-double--answer")
    ran = kernel.run(course.OF_TWO, OF_TWO)
    assert ran.status == "ok"
    assert ran.marks == [f"✓ 3 points · {CONCEPTS}"]
    assert kernel.run(course.OF_THREE, OF_THREE).marks == [f"✓ 1 point · {CONCEPTS}"]
    first, second = settled(kernel)
    assert (first.exercise, first.behaviour, first.cell) == ("tiny-double", "of-two", OF_TWO)
    assert (first.passed, first.points, first.of, first.source) == (True, 3, 3, "notebook")
    assert second.cell == OF_THREE


def test_a_check_that_fails_says_its_words_once_and_folds_the_rest(kernel):
    kernel.run(WRONG, "tiny-double--answer")
    ran = kernel.run(course.OF_TWO, OF_TWO)
    assert ran.status == "error"
    (words,) = ran.text("error")
    assert "✗ double(2) returned 2, expected 4. Look at it." in words
    assert "assert" not in words
    (mark,) = ran.marks
    assert mark.splitlines()[:3] == [f"✗ 0 of 3 points · {CONCEPTS}", "", "assert 2 == 4"]
    assert "expected 4" not in mark
    assert "<details><summary>What was compared, and where</summary>" in ran.html
    (kept,) = settled(kernel)
    assert (kept.passed, kept.points, kept.of) == (False, 0, 3)


def test_an_error_of_the_learners_keeps_its_traceback(kernel):
    kernel.run("def double(number):\n    return 1 / 0", "tiny-double--answer")
    ran = kernel.run(course.OF_TWO, OF_TWO)
    assert "ZeroDivisionError" in ran.text("error")[0]
    assert "Traceback" in ran.text("error")[0]
    assert ran.marks == [f"✗ 0 of 3 points · {CONCEPTS}"]
    assert [one.passed for one in settled(kernel)] == [False]


@pytest.mark.parametrize(
    ("answer", "check", "mark"),
    [
        (course.STUB, course.OF_TWO, "○ not counted\n"),
        ("", course.OF_TWO, "○ not counted: double is not defined. Run the exercise's cells above"),
        ("def double(n):\n    raise KeyboardInterrupt", course.OF_TWO, "○ not counted"),
        ("from revise.errors import PortInUse\ndef double(n):\n    raise PortInUse.number(80)",
         course.OF_TWO, "○ not counted"),
        (WRONG, "assert double(2) == 2", "○ not counted: this check was changed. Undo that"),
    ],
    ids=["blank", "not run yet", "interrupted", "the sandbox failed", "an edited check"],
)  # fmt: skip
def test_what_is_no_attempt_is_not_counted(kernel, answer, check, mark):
    kernel.run(answer, "tiny-double--answer")
    ran = kernel.run(check, OF_TWO)
    assert len(ran.marks) == 1
    assert ran.marks[0].startswith(mark)
    assert settled(kernel) == ()


@pytest.mark.parametrize(
    ("cell_id", "metadata"),
    [
        (OF_TWO, METADATA[OF_TWO]),
        (VS_CODE, METADATA[OF_TWO]),
        (VS_CODE, None),
        ("7d1c2f", None),
    ],
    ids=["JupyterLab", "VS Code, with metadata", "VS Code, without", "a copied cell"],
)
def test_every_frontend_is_understood(kernel, cell_id, metadata):
    kernel.run(ANSWER, "tiny-double--answer")
    assert kernel.run(course.OF_TWO, cell_id, metadata).marks == [f"✓ 3 points · {CONCEPTS}"]
    assert [one.cell for one in settled(kernel)] == [OF_TWO]


def test_other_cells_and_hidden_checks_stay_as_they_are(kernel):
    hidden = kernel.run(course.HIDDEN, "tiny-double--of-others", METADATA["tiny-double--of-others"])
    assert hidden.outputs == []
    assert kernel.run("1 + 1", "mine").marks == []
    failed = kernel.run("assert 1 == 2, 'words'", "mine")
    assert failed.marks == []
    assert "assert 1 == 2" in failed.text("error")[0]
    assert settled(kernel) == ()


def test_code_that_a_check_runs_by_itself_changes_nothing(kernel):
    kernel.run(
        "def double(number):\n    get_ipython().run_cell('x = 1')\n    return number * 2", "answer"
    )
    assert kernel.run(course.OF_TWO, OF_TWO).marks == [f"✓ 3 points · {CONCEPTS}"]


def test_without_a_cells_id_nothing_is_said_or_kept(kernel):
    """Is a run by nbclient, nbval or nbgrader what it was without marks?"""
    kernel.run(ANSWER)
    assert kernel.run(course.OF_TWO).outputs == []
    assert kernel.run("%revise").outputs == []
    kernel.run(WRONG)
    ran = kernel.run(course.OF_TWO, None, METADATA[OF_TWO])
    assert ran.marks == []
    assert "assert 2 == 4" in ran.text("error")[0]
    assert settled(kernel) == ()


def test_under_nbclient_a_notebook_stays_silent(tmp_path, folder):
    notebook = course.notebook()
    notebook.cells[2].source = ANSWER
    notebook.cells.append(new_code_cell("%revise"))
    NotebookClient(notebook, kernel_name="python3", allow_errors=True, timeout=120).execute(
        cwd=str(tmp_path)
    )
    outputs = {cell.id: cell.get("outputs", []) for cell in notebook.cells}
    (greets,) = outputs.pop("tiny-greet--greets")
    assert greets.ename == "NameError"
    assert set(map(len, outputs.values())) == {0}
    assert not folder.exists()


GRADING = """
import asyncio, threading
from revise.grading.judge.outputs import Outputs
from revise.grading.judge.shell import make_shell

shell = make_shell()
for source in ("%load_ext revise", {answer!r}, {check!r}, "%revise"):
    outputs = Outputs()
    asyncio.run(shell.run(source, outputs))
    print(outputs.taken())
print(threading.active_count())
"""


def test_where_a_class_is_graded_nothing_is_said_or_kept(tmp_path, folder):
    """Is the shell behind the wall silent, and without a thread that a fork would meet?"""
    code = GRADING.format(answer=ANSWER, check=course.OF_TWO)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert done.stdout.splitlines() == ["[]", "[]", "[]", "[]", "1"]
    assert done.stderr == ""
    assert not folder.exists()


def test_the_magic_shows_the_map_of_the_notebooks_section(kernel):
    kernel.run(ANSWER, "tiny-double--answer")
    kernel.run(course.OF_TWO, OF_TWO)
    shown = kernel.run("%revise", "mine")
    assert shown.marks[0].startswith("1 Tiny  0 of 4 mastered, 3 of 6 points\n")
    assert "◐ half" in shown.marks[0]
    assert "2 Later" not in shown.marks[0]
    assert '<span class="chip shaky" title="tiny.numbers.half: shaky, 1 of 2' in shown.html
    assert "2 Later" in kernel.run("%revise all", "mine").marks[0]
    wrong = kernel.run("%revise 17", "mine")
    assert wrong.status == "ok"
    assert wrong.text("stream")[0].startswith("revise: ")


def test_a_record_that_cannot_be_kept_costs_nothing_in_the_notebook(kernel):
    kernel.run(ANSWER, "tiny-double--answer")
    attempts.path().parent.mkdir(exist_ok=True)
    attempts.path().write_text("no database " * 999)
    ran = kernel.run(course.OF_TWO, OF_TWO)
    assert (ran.status, ran.marks) == ("ok", [f"✓ 3 points · {CONCEPTS}"])
    kernel.run("pass", "mine")
    attempts.path().unlink()
    assert settled(kernel) == ()


def test_a_failure_of_the_marks_own_is_dropped(kernel):
    kernel.run(ANSWER, "tiny-double--answer")
    broken = (
        "from revise.progress import instant\nkept, instant.mark_bundle = instant.mark_bundle, None"
    )
    kernel.run(broken)
    ran = kernel.run(course.OF_TWO, OF_TWO)
    kernel.run("instant.mark_bundle = kept")
    assert (ran.status, ran.outputs) == ("ok", [])


def test_a_deleted_notebook_and_a_deleted_record_are_no_matter(session, kernel, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    gone = Kernel(folder, dict(os.environ), folder / "gone.ipynb")
    try:
        gone.run("%load_ext revise", "start-2")
        gone.run(ANSWER, "answer")
        assert gone.run(course.OF_TWO, OF_TWO, METADATA[OF_TWO]).marks == [
            f"✓ 3 points · {CONCEPTS}"
        ]
        assert gone.run(course.OF_TWO, OF_TWO).marks == []
    finally:
        gone.stop()
    assert len(attempts.attempts()) == 1


def test_a_kernel_that_ends_has_kept_its_last_attempt(tmp_path, folder):
    kernel = Kernel(tmp_path, dict(os.environ))
    kernel.run("%load_ext revise", "start-2")
    kernel.run(f"{ANSWER}\nimport sys", "answer")
    kernel.run(course.OF_TWO, OF_TWO, METADATA[OF_TWO])
    kernel.stop()
    assert [one.cell for one in attempts.attempts()] == [OF_TWO]


TIMED = f"""
import time
marks = {MARKS}
spent, hooks = [], []
for name, hook in (("pre_run_cell", marks.before), ("post_run_cell", marks.after)):
    def timed(argument, hook=hook):
        begun = time.thread_time()
        hook(argument)
        spent.append(1000 * (time.thread_time() - begun))
    hooks.append((name, hook, timed))
    get_ipython().events.unregister(name, hook)
    get_ipython().events.register(name, timed)
"""
BACK = """
for name, hook, timed in hooks:
    get_ipython().events.unregister(name, timed)
    get_ipython().events.register(name, hook)
print(*spent)
"""


def test_a_mark_takes_less_than_five_milliseconds(kernel):
    """Measured on the kernel's own thread, so that a busy machine measures the same."""
    kernel.run(ANSWER, "tiny-double--answer")
    record(attempt())
    kernel.run(TIMED)
    for _ in range(40):
        kernel.run(course.OF_TWO, OF_TWO, METADATA[OF_TWO])
    (told,) = kernel.run(BACK).text("stream")
    spent = list(map(float, told.split()))
    before, after = spent[0::2], spent[1::2]
    assert statistics.median(b + a for b, a in zip(before, after, strict=False)) < 5
