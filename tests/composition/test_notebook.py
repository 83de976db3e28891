"""A composed notebook: whole exercises, with the ids that they have in their sections."""

import nbformat
import pytest

from revise import answers
from revise.composition.exercises import of_published, of_sources
from revise.composition.notebook import compose, drawn, edition

IDS = ["second-words-join", "first-sums-root"]


def chosen(exercises):
    return [exercise for id in IDS for exercise in exercises if exercise.id == id]


@pytest.fixture
def composed(pair):
    return compose("# Exam", chosen(of_sources(pair)), hints=False)


def test_exercises_know_their_points_concepts_and_title(pair):
    root = next(one for one in of_sources(pair) if one.id == "first-sums-root")
    assert (root.points, root.concepts, root.title) == (
        5, ("first.sums.root",), "Do first-sums-root",
    )  # fmt: skip


def test_every_cell_of_an_exercise_is_there_under_its_own_id(pair, composed):
    wanted = [
        (cell.id, cell.source, cell.metadata)
        for exercise in chosen(of_sources(pair))
        for cell in exercise.cells
        if answers.role(cell) != "hint"
    ]
    cells = [cell for cell in composed.cells if answers.exercise(cell)]
    assert [(cell.id, cell.source, cell.metadata) for cell in cells] == wanted
    nbformat.validate(composed)


def test_the_setup_cells_of_both_sections_come_first_each_with_an_id_of_its_own(composed):
    setup = [cell for cell in composed.cells if answers.role(cell) == "setup"]
    assert [cell.id for cell in setup] == ["first--setup", "second--setup"]
    assert [cell.metadata.nbgrader.grade_id for cell in setup] == ["first--setup", "second--setup"]
    assert [cell.id for cell in composed.cells][2:4] == ["first--setup", "second--setup"]


def test_there_is_no_demo_and_a_hint_only_on_request(pair, composed):
    assert not any(cell.id.startswith("a-demo") for cell in composed.cells)
    assert not any(answers.role(cell) == "hint" for cell in composed.cells)
    with_hints = compose("# Exam", chosen(of_sources(pair)), hints=True)
    assert sum(answers.role(cell) == "hint" for cell in with_hints.cells) == 2


def test_composing_changes_nothing_of_what_it_is_made_from(pair):
    exercises = chosen(of_published(pair))
    before = [nbformat.from_dict(cell) for one in exercises for cell in (*one.start, *one.cells)]
    compose("# Exam", exercises, hints=True).cells[2].source = "changed"
    assert [cell for one in exercises for cell in (*one.start, *one.cells)] == before


def test_the_edition_of_a_composed_notebook_is_blank_and_of_the_same_exercises(pair, composed):
    found = edition(composed, pair)
    assert drawn(found) == drawn(composed) == IDS
    assert answers.answer_ids(found) == answers.answer_ids(composed)
    text = nbformat.writes(found)
    assert "BEGIN SOLUTION" not in text
    assert "hidden words" not in text


def test_an_exercise_that_the_course_no_longer_has_is_left_out(pair, composed):
    composed.metadata["revise"]["drawn"].append("gone-for-good")
    assert drawn(edition(composed, pair)) == IDS
    composed.metadata["revise"]["drawn"] = ["gone-for-good"]
    assert edition(composed, pair) is None


@pytest.mark.parametrize("damaged", [None, 3, "first-sums-add", [1, None]])
def test_damaged_metadata_names_no_exercise(composed, damaged):
    composed.metadata["revise"]["drawn"] = damaged
    assert drawn(composed) == []
