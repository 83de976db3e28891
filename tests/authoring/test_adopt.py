"""An edit made in source/ comes back into the text, or is refused with nothing changed."""

import nbformat
import pytest

from revise.authoring.adopt import adopt
from revise.authoring.build import build, stale
from revise.errors import CannotAdopt, EditedByHand


@pytest.fixture
def built(section):
    build(section)
    return section


def edit(section, id, old, new):
    notebook = nbformat.read(section.source, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == id)
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, section.source)


def test_edits_come_back_into_the_text(built):
    """Are a check, a hidden check, a solution and prose all adopted, and built again?"""
    edit(built, "functions-1", "A demo.", "A demo.\n\nWith two paragraphs.")
    edit(built, "python-functions-late-fee--three-days", "product.", "sum.")
    edit(built, "python-functions-late-fee--limit", "secret_input = 90", "secret_input = 91")
    edit(built, "python-functions-sort-key--answer-order", "ascending", "upwards")
    assert len(adopt(built)) == 4
    text = built.text.read_text()
    assert "With two paragraphs." in text
    assert "Look at the sum." in text
    assert "secret_input = 91\nassert" in text
    assert "HIDDEN" not in text
    assert 'order = "upwards"' in text


def test_an_adopted_edit_builds(built):
    edit(built, "functions-1", "A demo.", "A better demo.")
    adopt(built)
    build(built)
    assert stale(built) == []
    assert "A better demo." in built.notebook.read_text()


def test_nothing_to_adopt(built):
    assert adopt(built) == []


@pytest.mark.parametrize(
    ("id", "old", "new", "why"),
    [
        ("python-functions-late-fee--task", "3 points", "4 points", "the builder composes it"),
        ("functions-1", "A demo.", "A demo.\n\n```python\nx = 1\n```", "the text has other cells"),
    ],
)
def test_what_cannot_be_adopted_changes_nothing(built, id, old, new, why):
    before = built.text.read_bytes()
    edit(built, id, old, new)
    with pytest.raises(CannotAdopt, match=why):
        adopt(built)
    assert built.text.read_bytes() == before


def test_a_source_that_is_no_notebook_is_told(built):
    built.source.write_text("<<<<<<< HEAD")
    with pytest.raises(EditedByHand, match="It is not a notebook now"):
        adopt(built)
    assert built.source.read_text() == "<<<<<<< HEAD"
