"""The rules of an exercise: each is broken once, and told."""

import pytest

from revise.authoring.lint import lint, uncovered
from revise.authoring.section import parse


def test_a_good_section_breaks_no_rule(section):
    assert lint(parse(section.text), section) == []
    assert uncovered(parse(section.text), section) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("python-functions-late-fee", "late-fee", "does not begin with its section"),
        ("python-functions-late-fee", "python-Late", "the id does not read"),
        ("python-functions-sort-key", "python-functions-late-fee", "the id is used twice"),
        ("python.functions.lambda", "python.functions.lamda", "no concept is called"),
        ("python.functions.lambda", "", "it has 0 concepts"),
        ("### Sort by year\n", "Sort by year\n", "the task has no title"),
        (" points=1 hidden=true", " points=1", "it has no hidden check"),
        ("1. A pair's year", "A pair's year", "it has 0 hints"),
        ("says=\"order is 'up'\"", "", "says nothing"),
        ("    ### BEGIN SOLUTION\n", "", "the solution is not marked"),
        ('right="by itemgetter"', 'wrong="by itemgetter"', "it has no other right answer"),
        ("import math\n", "import math\nfee_limit = 1\n", "its setup binds 'fee_limit'"),
        ("A demo.\n", "A demo.\n\n```python\nkey = 1\n```\n", "it binds 'key', which is an answer"),
        ("pairs = sorted(", "late_fee = sorted(", "it binds 'late_fee', which is an answer"),
        ("key=key)[0] ==", "key=key, reverse=pairs)[0] ==", "uses 'pairs' of a visible check"),
        ('check="other-pairs"', 'check="sorts"', "two checks are called 'sorts'"),
    ],
)
def test_a_broken_rule_is_told(section, rewrite, old, new, said):
    """Does every rule catch the section that breaks it?"""
    rewrite(old, new)
    found = [str(problem) for problem in lint(parse(section.text), section)]
    assert any(said in line for line in found), found


def test_a_concept_without_exercise_is_uncovered(section, rewrite):
    rewrite('concepts="python.functions.lambda"', 'concepts="python.functions.defining"')
    assert uncovered(parse(section.text), section) == ["python.functions.lambda"]
