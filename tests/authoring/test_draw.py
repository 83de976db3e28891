"""Drawing exercises: the points are met, a seed decides, what clashes is never drawn together."""

import pytest
from nbformat.v4 import new_code_cell

from revise.authoring.draw import draw
from revise.composition.clashes import clash
from revise.composition.exercises import Exercise


def made(id: str, points: float, *concepts: str, answer: str = "", section: str = "s") -> Exercise:
    check = {"role": "check", "concepts": list(concepts)}
    metadata = {"revise": check, "nbgrader": {"points": points}}
    cells = [
        new_code_cell(f"{answer} = 1" if answer else "", metadata={"revise": {"role": "answer"}})
    ]
    return Exercise(id, section, (*cells, new_code_cell("", metadata=metadata)), ())  # fmt: skip


def drawn(pool, points, seed=1, concepts=None):
    wanted = concepts or {concept for exercise in pool for concept in exercise.concepts}
    return draw(pool, points, seed, wanted)


def total(exercises) -> float:
    return sum(exercise.points for exercise in exercises)


SEVEN = [made(f"e{points}", points, f"c{points}") for points in (3, 4, 5, 6, 9, 14, 25)]


@pytest.mark.parametrize("points", [3, 7, 12, 13, 20, 41, 66])
def test_points_that_a_subset_sums_to_are_met(points):
    for seed in range(20):
        assert total(drawn(SEVEN, points, seed)) == points


def test_the_only_subset_is_found():
    """Only 5, 6 and 9 make 20 of these; a greedy draw would begin with 8 in most orders."""
    pool = [made(f"e{points}", points, "c") for points in (5, 6, 9, 8, 16, 17)]
    for seed in range(20):
        assert {one.id for one in drawn(pool, 20, seed)} == {"e5", "e6", "e9"}


def test_the_nearest_below_is_taken_where_none_sums_to_the_points():
    pool = [made(f"e{points}", points, "c") for points in (4, 7, 30)]
    assert total(drawn(pool, 10)) == 7
    assert total(drawn(pool, 29)) == 11
    assert drawn(pool, 3) == []


def test_fractions_of_a_point_are_exact():
    pool = [made(f"e{number}", 0.1, "c") for number in range(10)]
    assert len(drawn(pool, 0.3)) == 3
    assert len(drawn(pool, 0.35)) == 3


def test_a_seed_decides_and_others_draw_others():
    pool = [made(f"e{number:02}", 4, f"c{number}") for number in range(12)]
    exams = [[one.id for one in drawn(pool, 20, seed)] for seed in range(30)]
    assert [[one.id for one in drawn(pool[::-1], 20, seed)] for seed in range(30)] == exams
    assert len({tuple(sorted(exam)) for exam in exams}) > 20
    assert any(exam != sorted(exam) for exam in exams)


def test_many_concepts_are_preferred_to_one():
    pool = [made(f"same{number}", 5, "one") for number in range(12)]
    pool += [made(f"other{number}", 5, f"c{number}") for number in range(3)]
    for seed in range(20):
        concepts = {one for exercise in drawn(pool, 20, seed) for one in exercise.concepts}
        assert concepts == {"one", "c0", "c1", "c2"}


def test_only_wanted_concepts_count():
    pool = [made("a", 5, "wanted", "x", "y", "z"), made("b", 5, "wanted"), made("c", 5, "also")]
    for seed in range(20):
        assert "c" in {one.id for one in drawn(pool, 10, seed, {"wanted", "also"})}


def test_what_clashes_is_not_drawn_together():
    """Each section answers under the same names: of eight exercises four can stand together."""
    pool = [
        made(f"{section}-{name}", 5, f"{section}.{name}", answer=name, section=section)
        for section in ("s", "t")
        for name in ("one", "two", "three", "four")
    ]
    for seed in range(20):
        exam = drawn(pool, 20, seed)
        assert total(exam) == 20
        assert not [1 for a in exam for b in exam if a is not b and clash(a, b)]
    assert total(drawn(pool, 30)) == 20
