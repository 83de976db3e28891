"""The attacked course is a sound one: what it grades is told apart without any attack."""

import pytest

from revise.authoring.build import load
from revise.authoring.prove import prove
from revise.course import Course

from ..tiny import REPOSITORY
from .lab import SECTION, SYLLABUS, TEXT
from .library import KINDS, LIBRARY


@pytest.mark.slow
def test_the_course_keeps_its_promises(tmp_path):
    """Does each right answer earn all, each blank and wrong one less, in an ordinary kernel?"""
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "syllabus.toml").write_text(SYLLABUS)
    (tmp_path / "sections" / f"{SECTION}.md").write_text(
        TEXT.read_text().replace("SECRET", "secret")
    )
    assert prove(load(Course(tmp_path).section("01"))) == []


def test_the_guide_names_every_kind_of_attack():
    """Does docs/grading.md say what each module of the library holds?"""
    guide = (REPOSITORY / "docs" / "grading.md").read_text()
    missing = [
        kind.__name__ for kind in KINDS if f"| `{kind.__name__.rpartition('.')[2]}` |" not in guide
    ]
    assert missing == []


def test_every_attack_has_a_name_of_its_own():
    """Can each be asked for by its name?"""
    assert len({attack.name for attack in LIBRARY}) == len(LIBRARY)
