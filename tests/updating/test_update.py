"""`revise update`: a newer course arrives, and nothing of the learner's is lost."""

import os
import stat

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell

from revise import desk
from revise.cli import main
from revise.updating import keeping
from tests.grading.tiny import TINY, cell

from .conftest import DOUBLE, found


def update(*arguments: str):
    return CliRunner().invoke(main, ["update", *arguments])


def sources(notebook) -> list[str]:
    return [cell.source for cell in notebook.cells]


def without_greeting(learner) -> None:
    learner.source.cells = [
        cell
        for cell in learner.source.cells
        if cell.metadata.get("revise", {}).get("exercise") != "tiny-greet"
    ]
    learner.publish()


def test_a_copy_of_the_same_edition_stays_byte_for_byte(learner):
    learner.answer()
    before = learner.copy.read_bytes()
    result = update()
    assert result.output == f"{TINY}: unchanged\n"
    assert (result.exit_code, learner.copy.read_bytes(), learner.kept()) == (0, before, [])


def test_without_a_ledger_a_copy_of_the_same_edition_stays_byte_for_byte(learner):
    """nbgitpuller and a copied folder bring copies that were never laid."""
    learner.answer()
    (learner.course.root / "work" / desk.LEDGER).unlink()
    before = learner.copy.read_bytes()
    assert update().output == f"{TINY}: unchanged\n"
    assert learner.copy.read_bytes() == before


def test_the_new_edition_has_the_answer_and_the_old_copy_is_kept(learner):
    learner.answer()
    before = learner.copy.read_bytes()
    learner.cell("tiny-double--of-two").source = "assert double(2) == 4, 'new words'"
    learner.cell("start-1").source = "# A tiny section\n\nBetter words."
    learner.publish()
    result = update("tiny")
    assert result.exit_code == 0, result.output
    (kept,) = learner.kept()
    assert (
        f"{TINY}: updated, 1 answer kept; the old copy: before-update/{kept.name}" in result.output
    )
    assert "tiny-double: its checks changed; run them again" in result.output
    assert "Reload Notebook from Disk" in result.output
    assert kept.read_bytes() == before
    opened = learner.opened()
    assert found(opened, "tiny-double--answer").source == DOUBLE
    assert found(opened, "tiny-double--of-two").source == "assert double(2) == 4, 'new words'"
    assert found(opened, "start-1").source.endswith("Better words.")
    assert update().output == f"{TINY}: unchanged\n"


def test_an_untouched_starter_is_replaced_by_the_new_one_without_a_word(learner):
    learner.cell(
        "tiny-double--answer"
    ).source = (
        "def double(number: int):\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION"
    )
    learner.publish()
    result = update()
    assert "updated, 0 answers kept" in result.output
    assert "starter" not in result.output
    assert found(learner.opened(), "tiny-double--answer").source.startswith(
        "def double(number: int):"
    )


def test_a_starter_that_changed_under_an_answer_is_told(learner):
    learner.answer()
    learner.cell("tiny-double--answer").source = "def double(number: int): ..."
    learner.publish()
    assert "tiny-double--answer: its starter changed; your answer is kept" in update().output
    assert found(learner.opened(), "tiny-double--answer").source == DOUBLE


def test_the_answer_of_an_exercise_that_is_gone_is_kept_at_its_place_and_told(learner):
    learner.answer("tiny-greet--answer", "%%writefile greeting.html\n<h1>Hello, you</h1>")
    without_greeting(learner)
    assert "tiny-greet is no longer in the course" in update().output
    *_, heading, answer = learner.opened().cells
    assert "`tiny-greet`" in heading.source
    assert answer.source == "%%writefile greeting.html\n<h1>Hello, you</h1>"
    assert "nbgrader" not in answer.metadata
    learner.cell("start-1").source += " More."
    learner.publish()
    update()
    assert sources(learner.opened())[-2:] == [heading.source, answer.source]


def test_an_exercise_that_is_gone_and_was_not_answered_leaves_nothing(learner):
    without_greeting(learner)
    update()
    assert sources(learner.opened()) == sources(nbformat.read(learner.published, as_version=4))


def test_an_answer_does_not_slip_into_the_exercise_that_replaced_its_own(learner):
    learner.answer("tiny-greet--answer", "%%writefile greeting.html\n<h1>Hello, you</h1>")
    learner.source.cells = [
        *[one for one in learner.source.cells if not one.id.startswith("tiny-greet")],
        cell("tiny-leave", "task", "### Leave"),
        cell("tiny-leave", "answer", "%%writefile greeting.html\nYOUR CODE HERE"),
    ]
    learner.publish()
    update()
    assert "YOUR CODE HERE" in found(learner.opened(), "tiny-leave--answer").source


def test_a_deleted_answer_cell_comes_back_as_its_starter_and_is_told(learner):
    learner.work(lambda notebook: notebook.cells.remove(found(notebook, "tiny-double--answer")))
    learner.cell("start-1").source += " More."
    learner.publish()
    assert "tiny-double--answer was deleted from your copy; its starter is back" in update().output
    assert "NotImplementedError" in found(learner.opened(), "tiny-double--answer").source


def test_own_cells_of_every_kind_keep_their_places_outputs_and_pictures(learner):
    printed = nbformat.v4.new_output("stream", text="mine\n")
    notes = new_markdown_cell("My note ![x](attachment:x.png)", id="note")
    notes["attachments"] = {"x.png": {"image/png": "AAAA"}}
    code = new_code_cell("print('mine')", id="mine", outputs=[printed], execution_count=7)

    def work(notebook):
        place = [cell.id for cell in notebook.cells].index("double-a-number-1") + 1
        notebook.cells[place:place] = [notes, code]

    learner.work(work)
    # A new demo before it moves the number in the id of the demo they stand after.
    place = learner.source.cells.index(learner.cell("double-a-number-1"))
    learner.cell("double-a-number-1").id = "double-a-number-2"
    learner.source.cells.insert(place, new_code_cell("print('new')", id="double-a-number-1"))
    learner.publish()
    update()
    cells = learner.opened().cells
    place = [cell.id for cell in cells].index("double-a-number-2")
    note, mine = cells[place + 1 : place + 3]
    assert (note.source, note.attachments) == (notes.source, notes.attachments)
    assert (mine.source, mine.outputs, mine.execution_count) == (code.source, [printed], 7)


def test_a_demo_that_only_the_learner_changed_stays_theirs(learner):
    learner.answer("start-3", "print('my own try')")
    learner.cell("start-1").source += " More."
    learner.publish()
    update()
    assert found(learner.opened(), "start-3").source == "print('my own try')"


def test_a_demo_that_both_changed_stands_twice(learner):
    learner.answer("start-3", "print('my own try')")
    learner.cell("start-3").source = "print('the new demo')"
    learner.publish()
    assert "start-3: the course changed it too; yours stands below it" in update().output
    texts = sources(learner.opened())
    place = texts.index("print('the new demo')")
    assert texts[place + 1] == "print('my own try')"


def test_an_edited_check_is_the_courses_again(learner):
    learner.answer("tiny-double--of-two", "assert True")
    learner.cell("start-1").source += " More."
    learner.publish()
    assert "tiny-double--of-two is the course's again" in update().output
    assert found(learner.opened(), "tiny-double--of-two").source != "assert True"
    assert "assert True" in learner.kept()[0].read_text()


def test_a_copy_without_ids_and_digests_keeps_its_answers(learner):
    """A tool of nbformat 4.4 saved it: what the answers are is told by nbgrader's ids."""
    learner.answer()

    def strip(notebook):
        notebook.nbformat_minor = 4
        del notebook.metadata["revise"]["digests"]
        for one in notebook.cells:
            del one["id"]

    learner.work(strip)
    learner.cell("start-1").source += " More."
    learner.publish()
    assert "updated, 1 answer kept" in update().output
    assert found(learner.opened(), "tiny-double--answer").source == DOUBLE


def test_a_dry_run_says_it_and_writes_nothing(learner):
    learner.answer()
    before = learner.copy.read_bytes()
    learner.cell("start-1").source += " More."
    learner.publish()
    result = update("--dry-run")
    assert result.output == f"{TINY}: would be updated, 1 answer kept\n"
    assert (learner.copy.read_bytes(), learner.kept()) == (before, [])


@pytest.mark.parametrize("damage", ["", "{", "<<<<<<< HEAD", '{"cells": 3}'])
def test_a_damaged_copy_is_one_line_and_is_left_alone(learner, damage):
    learner.copy.write_text(damage)
    learner.cell("start-1").source += " More."
    learner.publish()
    result = update()
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert f"{TINY}.ipynb" in line
    assert learner.copy.read_text() == damage


def test_a_copy_that_cannot_be_written_is_one_line_and_is_left_alone(learner, monkeypatch):
    learner.answer()
    before = learner.copy.read_bytes()
    learner.cell("start-1").source += " More."
    learner.publish()

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    result = update()
    assert result.exit_code == 1
    assert "No space left on device. Your copy is as it was" in result.output
    assert learner.copy.read_bytes() == before
    assert [path.name for path in learner.copy.parent.glob(".*.draft")] == learner.kept() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_one_line(learner):
    learner.cell("start-1").source += " More."
    learner.publish()
    learner.copy.parent.chmod(0o500)
    try:
        assert "Permission denied" in update().output
    finally:
        learner.copy.parent.chmod(0o700)


def test_a_copy_that_is_saved_meanwhile_is_kept_as_it_was_saved(learner, monkeypatch):
    learner.cell("start-1").source += " More."
    learner.publish()
    draft = keeping._draft

    def saved(target, content):
        learner.answer()
        return draft(target, content)

    monkeypatch.setattr(keeping, "_draft", saved)
    result = update()
    assert "was saved meanwhile" in result.output
    assert found(learner.opened(), "tiny-double--answer").source == DOUBLE


def test_a_link_stays_a_link_and_permissions_stay(learner, tmp_path):
    target = learner.copy.rename(tmp_path / "elsewhere.ipynb")
    target.chmod(0o640)
    learner.copy.symlink_to(target)
    learner.cell("start-1").source += " More."
    learner.publish()
    update()
    assert learner.copy.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert " More." in target.read_text()


def test_a_section_without_a_copy_says_who_lays_one(learner):
    learner.copy.unlink()
    assert update().output == f"{TINY}: no copy in work/ yet; `revise lab` lays one\n"


def test_a_section_that_is_not_published_says_so(learner):
    result = update("later")
    assert result.exit_code == 2
    assert "02_later" in result.output
