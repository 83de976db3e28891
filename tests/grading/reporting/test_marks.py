"""What is read of a class: marks by nbgrader's rules, who is missing, exercises, concepts, words, flags."""

import shutil

import pytest
from nbgrader.api import Gradebook

from revise.errors import GradebookUnusable, NoGradebook, NoMarks, UnknownAssignment
from revise.grading.reporting import marks, place
from tests.grading.tiny import TINY

from .conftest import FULL, GREETS, HEADING, NOTHING, OTHERS, TWO, as_lines


def rows(report):
    return {row.learner.id: row for row in report.rows}


def test_marks_are_those_that_nbgrader_exports(five):
    report = five.report()
    with five.gradebook() as gradebook:
        for learner in ("ada", "bob", "cy", "dan"):
            theirs = gradebook.find_submission(TINY, learner)
            expected = max(0.0, theirs.score - (theirs.late_submission_penalty or 0))
            assert rows(report)[learner].mark == expected
            assert rows(report)[learner].of == theirs.max_score
    assert [rows(report)[who].mark for who in ("ada", "bob", "cy", "dan")] == [8, 2, 0, 3.5]


def test_a_missing_submission_is_no_zero(five):
    row = rows(five.report())["eve"]
    assert row.standings == ("missing",)
    assert row.percent is None
    assert five.report().spread.count == 4


def test_who_handed_in_and_is_not_graded_is_told_from_who_did_not(five):
    five.hand_in("eve")
    five.hand_in("never-heard-of")
    report = five.report()
    assert rows(report)["eve"].standings == ("not graded yet",)
    assert rows(report)["never-heard-of"].standings == ("not graded yet",)


def test_a_cell_that_waits_for_a_teacher_is_told(class_):
    class_.mark("ada", FULL | {GREETS: None})
    report = class_.report()
    assert rows(report)["ada"].standings == ("graded in part",)
    assert rows(report)["ada"].mark == 5
    assert "1 of its cells wait" in report.remarks[0].text


def test_a_teachers_mark_and_extra_credit_count_as_in_nbgrader(class_):
    class_.mark("ada", NOTHING)
    with class_.gradebook() as gradebook:
        gradebook.find_grade(TWO, TINY, TINY, "ada").manual_score = 1.5
        gradebook.db.commit()
    class_.set_extra_credit("ada", TWO, 0.25)
    assert rows(class_.report())["ada"].mark == 1.75


def test_a_penalty_takes_no_mark_below_zero(class_):
    class_.mark("ada", NOTHING | {OTHERS: 1}, late=4)
    assert rows(class_.report())["ada"].mark == 0


def test_exercises_come_with_title_points_and_figures(five):
    double, greet = sorted(five.report().items, key=lambda item: item.exercise.id)
    assert (double.exercise.title, double.exercise.of) == ("Double a number", 3)
    # Ada 3, Bob 2, Cy 0, Dan 3 of 3; and of 5: 5, 0, 0, 2.
    assert double.facility == pytest.approx(100 * 8 / 12)
    assert greet.facility == pytest.approx(100 * 7 / 20)
    # Deviations 1 0 -2 1 and 3.25 -1.75 -1.75 .25: 7 / √(6 · 16.75); the same for both, of two.
    assert double.discrimination.value == pytest.approx(7 / (6 * 16.75) ** 0.5)
    assert greet.discrimination.value == pytest.approx(double.discrimination.value)


def test_one_learner_has_marks_and_no_discrimination(class_):
    class_.mark("ada", FULL)
    report = class_.report()
    assert [item.discrimination.why for item in report.items] == ["fewer than 3 learners"] * 2
    assert report.spread.mean == 100


def test_concepts_have_the_points_of_their_exercises_the_weakest_first(five):
    headings, defining = five.report().concepts
    assert headings.id == "tiny.html.headings"
    assert headings.mean == pytest.approx(35)
    # Both exercises: 8 + 7 of 4 · 8.
    assert defining.mean == pytest.approx(100 * 15 / 32)
    assert headings.share("dan") == 40
    assert headings.share("eve") is None


def test_without_a_release_the_teachers_edition_says_what_cells_are_of(five):
    (five.root / "source").mkdir()
    shutil.move(five.root / "release" / TINY, five.root / "source" / TINY)
    assert five.report().items[0].exercise.title == "Greet in HTML"


def test_without_any_edition_grade_ids_tell_the_exercises(five):
    shutil.rmtree(five.root / "release")
    report = five.report()
    assert {item.exercise.id for item in report.items} == {"tiny-double", "tiny-greet"}
    assert report.concepts == []


def test_a_gradebook_alone_can_be_read(five):
    with place.opened(five.root / "gradebook.db") as here:
        assert marks.class_marks(here, TINY).assignments[0].marks["ada"].mark == 8
    with five.gradebook() as gradebook, place.opened(gradebook) as here:
        assert marks.class_marks(here).assignments[0].name == TINY


def test_reading_changes_no_gradebook(five):
    before = (five.root / "gradebook.db").read_bytes()
    five.report()
    assert (five.root / "gradebook.db").read_bytes() == before


def test_failing_words_are_counted_by_learner_the_hidden_ones_marked(five):
    for who in ("ada", "bob"):
        path = five.graded_notebook(
            who, {TWO: "double(2) returned 5, expected 4.", OTHERS: "secret"}
        )
    as_lines(path)
    five.graded_notebook("cy", {TWO: "double(2) returned None"}, blank=["tiny-greet"])
    five.graded_notebook("dan", {HEADING: "no page at http://127.0.0.1:41234/"})
    report = five.report()
    said = {item.exercise.id: item.words for item in report.items}
    common = said["tiny-double"].most_common()
    assert [(words.text, words.hidden, count) for words, count in common] == [
        ("double(2) returned 5, expected 4.", False, 2),
        ("secret", True, 2),
        ("double(2) returned None", False, 1),
    ]
    assert [one.text for one in said["tiny-greet"]] == ["no page at http://127.0.0.1:8000/"]


def test_what_was_not_attempted_is_counted_and_its_words_are_not(five):
    five.graded_notebook("cy", {TWO: "not attempted: …", GREETS: "x"}, blank=["tiny-double"])
    blank = {item.exercise.id: item.blank for item in five.report().items}
    assert blank == {"tiny-double": 1, "tiny-greet": 0}
    assert [item.exercise.id for item in five.report().items if item.words] == ["tiny-greet"]


def test_flags_and_reasons_come_from_the_graded_notebooks_and_from_formgrader(five):
    flag = {"cell": TWO, "reason": "an assert of the check was replaced or removed"}
    five.graded_notebook("bob", {}, flags=[flag], reason="'b.ipynb' was graded in its place.")
    with five.gradebook() as gradebook:
        gradebook.find_submission_notebook(TINY, TINY, "cy").flagged = True
        gradebook.db.commit()
    remarks = [(one.learner, one.kind, one.cell) for one in five.report().remarks]
    assert remarks == [("bob", "flag", TWO), ("cy", "flag", ""), ("bob", "submission", "")]
    assert rows(five.report())["bob"].remarks == 2


def test_graded_notebooks_that_are_gone_or_broken_are_counted(five):
    five.graded_notebook("ada", {})
    five.graded_notebook("bob", {}).write_text("{")
    five.graded_notebook("cy", {}).write_text('{"cells": [{"metadata": 1}, 7]}')
    seen = five.report().seen
    assert (seen.read, seen.unreadable, seen.absent) == (1, 2, 1)


def test_outputs_and_metadata_of_any_shape_stop_nothing(five):
    path = five.graded_notebook("ada", {TWO: "x"}, flags="none", reason=["odd"])
    text = path.read_text().replace('"AssertionError"', "7").replace('"tiny-greet"', '["list"]')
    path.write_text(text)
    assert five.report().seen.read == 1


def test_only_the_marks(five):
    report = five.report(marks_only=True)
    assert report.seen is None
    assert [item.blank for item in report.items] == [None, None]


def test_all_assignments_add_up_and_a_missing_one_counts_nothing(five):
    five.release("02_later")
    five.release("03_not_yet")
    five.mark("ada", FULL, "02_later")
    five.mark("eve", FULL | {TWO: 0}, "02_later")
    report = five.report(None)
    assert report.marks.ungraded == ("03_not_yet",)
    assert (rows(report)["ada"].mark, rows(report)["ada"].of) == (16, 16)
    assert rows(report)["eve"].standings == ("missing", "graded")
    assert rows(report)["eve"].percent == pytest.approx(100 * 6 / 16)
    # Of what was handed in: Ada's two and Eve's one.
    assert report.concepts[0].of == {"ada": 10, "bob": 5, "cy": 5, "dan": 5, "eve": 5}


@pytest.mark.parametrize("asked", ["1", "01", "tiny", TINY])
def test_a_section_is_known_by_number_id_and_name(five, asked):
    assert five.report(asked).name == TINY


def test_an_unknown_assignment_suggests_the_nearest(five):
    with pytest.raises(UnknownAssignment, match="Did you mean 01_tiny"):
        five.report("01_tniy")
    with pytest.raises(UnknownAssignment, match="It knows: 01_tiny"):
        five.report("zzz")


def test_nothing_graded_yet(class_):
    class_.enrol("ada")
    with pytest.raises(NoMarks, match=r"nothing of 01_tiny is graded yet in .*gradebook\.db"):
        class_.report()
    with pytest.raises(NoMarks, match="revise grade ASSIGNMENT"):
        class_.report(None)


def test_without_a_gradebook_none_is_made(class_):
    path = class_.root / "gradebook.db"
    path.unlink()
    with pytest.raises(NoGradebook, match="there is no gradebook"):
        class_.report()
    assert not path.exists()


def test_a_file_that_is_no_gradebook_is_told(class_):
    (class_.root / "gradebook.db").write_text("not a database at all, and long enough to be read")
    with pytest.raises(GradebookUnusable, match="cannot be used: file is not a database"):
        class_.report()


def test_the_gradebook_stays_open_for_who_opened_it(five):
    gradebook: Gradebook = five.gradebook()
    with gradebook, place.opened(gradebook) as here:
        marks.class_marks(here)
        assert gradebook.find_assignment(TINY).name == TINY
