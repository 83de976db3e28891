"""nbgrader's Validate button, in the JupyterLab that a learner opens."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

NBGRADER = {"schema_version": 3, "solution": False, "task": False}
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def small_notebook(answer):
    """A notebook of one answer and one check: Validate runs all of it."""
    graded = {**NBGRADER, "grade": True, "grade_id": "check", "locked": True, "points": 1}
    answered = {**NBGRADER, "grade": False, "grade_id": "answer", "locked": False, "solution": True}
    cells = [
        new_code_cell(f"fee = {answer}", id="answer", metadata={"nbgrader": answered}),
        new_code_cell("assert fee == 60", id="check", metadata={"nbgrader": graded}),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


@pytest.mark.parametrize(
    ("answer", "words"),
    [(60, "Success! Your notebook passes all the tests."), (50, "assert fee == 60")],
    ids=["right", "wrong"],
)
def test_validate_tells_a_right_answer_from_a_wrong_one(page, lab, answer, words):
    name = f"fee-{answer}.ipynb"
    nbformat.write(small_notebook(answer), lab.course / "work" / name)
    page.goto(lab.link(f"lab/tree/work/{name}") + "&reset")
    page.get_by_role("button", name="Validate").click()
    expect(page.locator(".jp-Dialog")).to_contain_text(words)
