"""Whatever stands in a submission's place is read, and says what was wrong with it."""

import pytest

from revise.grading.intake import read

from ..hostile.malformed import BLANK, MALFORMED
from .conftest import RIGHT


@pytest.mark.parametrize("malformed", MALFORMED, ids=str)
def test_it_is_read(honest, edition, malformed):
    """Are all answers there or none, with the words that say why, and a flag for tampering alone?"""
    malformed.write(honest)
    taken = read(honest, edition, {honest.name})
    if malformed.earns == BLANK:
        assert (taken.answers.cells, taken.answers.extras) == ({}, ())
        assert taken.reason
    elif malformed.name == "the-teachers-own":
        assert "number * 2" in taken.answers.cells["tiny-double--answer"]
    else:
        assert taken.answers.cells == RIGHT
    assert malformed.says in " ".join([taken.reason, *taken.notes])
    reasons = " ".join(flag["reason"] for flag in taken.flags)
    assert malformed.flagged in reasons
    assert bool(malformed.flagged) == bool(reasons), reasons
    assert all(words.isprintable() for words in (taken.reason, *taken.notes, reasons))
