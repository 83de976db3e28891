"""No cell can hold a run up."""

import time

import pytest
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from revise.client import Client

ENDLESS = "import time\nwhile True:\n    time.sleep(0.01)"
STUBBORN = "import time\nwhile True:\n    try:\n        time.sleep(0.01)\n    except:\n        pass"


def run(source):
    notebook = new_notebook(cells=[new_code_cell(source), new_code_cell("print('after')")])
    Client(notebook, timeout=1, interrupt_on_timeout=True, allow_errors=True).execute()
    return notebook


def test_an_endless_cell_costs_only_itself():
    """Does the next cell run after a loop that can be interrupted?"""
    notebook = run(ENDLESS)
    assert notebook.cells[0].outputs[-1].ename == "KeyboardInterrupt"
    assert notebook.cells[1].outputs[0].text == "after\n"


def test_a_cell_that_ignores_being_interrupted_ends_the_run():
    """Is there an end even where a bare `except` swallows the interrupt?"""
    start = time.monotonic()
    with pytest.raises(DeadKernelError, match="did not end"):
        run(STUBBORN)
    assert time.monotonic() - start < 30
