"""Running a notebook and reading its marks by nbgrader's own rule."""

import time

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from revise import execution
from revise.errors import KernelMissing

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def graded(id, source, points=2):
    nbgrader = {
        "grade": True, "grade_id": id, "locked": True, "points": points,
        "schema_version": 3, "solution": False, "task": False,
    }  # fmt: skip
    metadata = {"nbgrader": nbgrader, "revise": {"exercise": "x-one", "role": "check"}}
    return new_code_cell(source, id=id, metadata=metadata)


def run(*cells, **options):
    return execution.execute(new_notebook(cells=list(cells), metadata=PYTHON), **options)


def test_marks_follow_nbgraders_rule():
    """Is a pass full, an error nothing, and anything on stderr nothing?"""
    executed = run(
        graded("passes", "assert True"),
        graded("fails", "assert 1 == 2, 'one is not two'"),
        graded("is-loud", "import sys; print('careful', file=sys.stderr)"),
    )
    passes, fails, loud = execution.marks(executed)
    assert (passes.points, passes.of, passes.words) == (2, 2, "")
    assert fails.points == 0
    assert "one is not two" in fails.words
    assert (loud.points, loud.stderr) == (0, "careful\n")


def test_the_notebook_given_is_not_changed():
    notebook = new_notebook(cells=[graded("a", "print(1)")], metadata=PYTHON)
    execution.execute(notebook)
    assert notebook.cells[0].outputs == []


def test_it_runs_in_an_empty_folder_of_its_own():
    executed = run(graded("a", "import os; print(os.listdir())"))
    assert executed.cells[0].outputs[0].text == "[]\n"


def test_what_a_cell_prints_is_one_output():
    """Do flushes leave no trace in what is stored?"""
    source = "import time\nfor n in range(3):\n    print(n, flush=True)\n    time.sleep(0.3)"
    (output,) = run(new_code_cell(source)).cells[0].outputs
    assert output.text == "0\n1\n2\n"


def test_an_endless_cell_is_interrupted_and_the_next_one_runs():
    executed = run(
        graded("endless", "while True: pass"), graded("next", "assert True"), cell_seconds=1
    )
    assert [mark.points for mark in execution.marks(executed)] == [0, 2]
    assert "KeyboardInterrupt" in execution.marks(executed)[0].words


def test_a_cell_that_ignores_the_interrupt_is_given_up():
    """Does a learner who swallows KeyboardInterrupt hang the course?"""
    stubborn = "import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass"
    begun = time.monotonic()
    executed = run(graded("stubborn", stubborn), graded("next", "assert True"), cell_seconds=1)
    assert [mark.points for mark in execution.marks(executed)] == [0, 0]
    assert time.monotonic() - begun < 40


def test_a_kernel_that_dies_leaves_no_marks_behind_it():
    executed = run(graded("dies", "import os; os._exit(1)"), graded("next", "assert True"))
    assert [mark.points for mark in execution.marks(executed)] == [0, 0]


def test_a_missing_kernel_is_told():
    notebook = new_notebook(metadata={"kernelspec": {"name": "cobol", "display_name": "COBOL"}})
    with pytest.raises(KernelMissing, match="no Jupyter kernel is named 'cobol'"):
        execution.execute(notebook)
