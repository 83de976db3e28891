"""The prover finds every broken promise of an exercise, and none where there is none."""

import re

import pytest

from revise.authoring.prove import only, prove
from revise.authoring.section import parse


def found(section):
    return [str(finding) for finding in prove(parse(section.text))]


def test_a_good_section_has_no_findings(section):
    told = []
    assert prove(parse(section.text), told=told.append) == []
    # The reference, and rounds for a blank, a crashing, 3 wrong and 3 right answers.
    assert len(told) == 9
    assert all(line.endswith(": holds") for line in told)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "return min(days * 20, fee_limit)\n",
            "return days\n",
            "the reference: python-functions-late-fee--three-days",
        ),
        ("    return days * 20\n```", "    return min(days * 20, 500)\n```", "it loses no points"),
        (
            'says="late_fee(3) returned 23"',
            'says="other words"',
            "the words 'other words' are not shown",
        ),
        (
            "return 500 if days > 25",
            "return 501 if days > 25",
            "other right answer (with a condition)",
        ),
        (
            "pairs = sorted(",
            "import sys; print(1, file=sys.stderr); pairs = sorted(",
            "on stderr: 1",
        ),
    ],
)
def test_a_broken_promise_is_found(section, rewrite, old, new, said):
    """Is each kind of promise checked by a run?"""
    rewrite(old, new)
    assert any(said in line for line in found(section)), found(section)


def test_a_check_that_a_blank_answer_passes_is_found(section, rewrite):
    rewrite('assert sorted([("X", 9), ("Y", 7)], key=key)[0] == ("Y", 7)', "assert True")
    lines = found(section)
    assert any("to a blank answer" in line for line in lines)
    assert any("to a crashing answer" in line for line in lines)


def test_a_check_that_fails_the_second_time_is_found(section, rewrite):
    """Would a learner who runs a check twice be marked down?"""
    rewrite("pairs = sorted(", 'assert "pairs" not in globals(), "ran twice"\npairs = sorted(')
    assert any("sorts-again" in line for line in found(section))


def test_a_cascade_is_found(section, rewrite):
    """Is an exercise noticed that needs another one's answer?"""
    rewrite("pairs = sorted(", "assert late_fee(3) == 60\npairs = sorted(")
    right = re.compile(r"python-functions-sort-key: round \d+(, other right answer \(.+\))?: ")
    assert any(right.match(line) for line in found(section))


def test_one_exercise_is_proven_alone(section):
    text = only(parse(section.text), "python-functions-sort-key")
    assert [exercise.id for exercise in text.exercises] == ["python-functions-sort-key"]
    told = []
    assert prove(text, told=told.append) == []
    assert "wrong answer (sorts by title): holds" in told
