"""What a job says of a check: whether it needs the learner's process."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from revise.grading.judge.job import job_of


def cell(role: str, source: str, exercise: str | None = "one", **about):
    """Return a cell of an exercise, as the builder marks it."""
    made = new_code_cell(source)
    made.metadata["revise"] = {"exercise": exercise, "role": role} | about
    return made


def probes(*cells) -> list[bool]:
    """Return which checks of a job probe."""
    job = json.loads(job_of(new_notebook(cells=list(cells))))
    return [one["probes"] for one in job["cells"] if one["part"] == "check"]


HELPER = "def measured(size):\n    return probe('len(seen)', size=size)"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([cell("check", "assert probe('1') == 1")], True),
        ([cell("check", "assert answer() == 1")], False),
        ([cell("setup", HELPER), cell("check", "assert measured(3) == 3", hidden=True)], True),
        ([cell("setup", HELPER), cell("check", "assert answer() == 1", hidden=True)], False),
        ([cell("setup", HELPER, None), cell("check", "assert measured(3) == 3")], True),
        ([cell("setup", HELPER, "another"), cell("check", "assert measured(3) == 3")], False),
    ],
    ids=["itself", "not", "by a helper", "not by a helper", "by the notebook's", "by another's"],
)
def test_a_check_probes_also_by_a_helper_of_its_setup(cells, expected):
    """Is a copy of the learner's process kept for whatever will look into it later?"""
    assert probes(*cells) == [expected]
