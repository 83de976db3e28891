"""What is on record as proven is what was proven: another text, or another project, is not."""

import json
import shutil

import pytest
from click.testing import CliRunner

from revise.authoring import proofs
from revise.authoring.section import parse
from revise.cli import main
from revise.sandbox import starters


@pytest.fixture
def text(section, monkeypatch):
    monkeypatch.setenv("REVISE_COURSE", str(section.course.root))
    return parse(section.text)


def test_a_section_that_holds_is_noted(section, text):
    """Does `revise prove` note it, by name or by path, and only the exercises that it ran?"""
    assert not proofs.is_proven(section.course, text)
    done = CliRunner().invoke(main, ["prove", str(section.text)])
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "noted in sections/proven.json")
    assert proofs.is_proven(section.course, text)
    section.text.write_text(section.text.read_text() + "\nOne more line.\n")
    assert proofs.is_proven(section.course, parse(section.text))
    section.text.write_text(section.text.read_text() + "\n```python\none = 1\n```\n")
    assert proofs.is_proven(section.course, parse(section.text))
    check = '\n```python check="last" points=1\nassert "one"\n```\n'
    section.text.write_text(section.text.read_text() + check)
    assert not proofs.is_proven(section.course, parse(section.text))


def test_another_mistake_or_its_words_are_not_proven(section, text, rewrite):
    """Do the variants and the words that they must be shown count?"""
    proofs.record(section.course, text)
    assert proofs.is_proven(section.course, parse(section.text))
    rewrite('says="', 'says="x')
    assert not proofs.is_proven(section.course, parse(section.text))


def test_what_was_edited_while_it_was_proven_is_not_on_record(section, text, rewrite):
    """Is the text noted that ran, and not the one that lies there by then?"""
    rewrite('says="', 'says="x')
    proofs.record(section.course, text)
    assert not proofs.is_proven(section.course, parse(section.text))


def test_a_section_with_a_finding_is_not_noted(section, text, rewrite):
    rewrite("    return days * 20\n```", "    return min(days * 20, 500)\n```")
    assert CliRunner().invoke(main, ["prove", "01"]).exit_code == 1
    assert not (section.course.root / proofs.RECORD).exists()


def test_one_exercise_is_no_section(section, text):
    """Is a proof of a part not taken for one of the whole?"""
    exercise = text.exercises[0].id
    assert CliRunner().invoke(main, ["prove", "01", "--exercise", exercise]).exit_code == 0
    assert not (section.course.root / proofs.RECORD).exists()


def test_the_others_stay_on_record(section, text):
    path = section.course.root / proofs.RECORD
    path.write_text(json.dumps({"02_other": "0123"}))
    proofs.record(section.course, text)
    assert json.loads(path.read_text()).keys() == {"01_python", "02_other"}


def test_a_changed_project_is_not_proven(section, rewrite, monkeypatch, tmp_path):
    """Does a starter count that the text names, or one that it extends, and no other?"""
    copies = tmp_path / "projects"
    shutil.copytree(starters.STARTERS, copies, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(starters, "STARTERS", copies)
    rewrite("import math", 'import math\n\nloans = "library_loans"')
    proofs.record(section.course, parse(section.text))
    (copies / "library_pg" / "manage.py").write_text("# another\n")
    assert proofs.is_proven(section.course, parse(section.text))
    extended, *_ = starters.layers(copies / "library_loans")
    (extended / "manage.py").write_text("# another\n")
    assert not proofs.is_proven(section.course, parse(section.text))


def test_a_round_is_drawn_the_same_each_time(text, monkeypatch, tmp_path):
    """Does another state of the package draw another one, in the long run each?"""
    assert proofs.drawn(text, 9) == proofs.drawn(text, 9)
    assert proofs.drawn(text, 1) == [0]
    assert proofs.drawn(text, 0) == []
    monkeypatch.setattr(proofs, "PACKAGE", tmp_path / "package")
    proofs.PACKAGE.mkdir()
    seen = set()
    for number in range(40):
        (proofs.PACKAGE / "code.py").write_text(f"number = {number}\n")
        rounds = proofs.drawn(text, 9)
        assert len(rounds) == proofs.DRAWN
        seen |= set(rounds)
    assert seen == set(range(9))
