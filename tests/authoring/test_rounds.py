"""Do the rounds give every answer its turn, and tell every pair of exercises apart?"""

from itertools import permutations

import pytest

from revise.authoring.rounds import plan


def needs(count: int) -> dict[str, tuple[int, int]]:
    """Exercises with 3 to 9 wrong answers, a blank and a crashing one, and 1 or 2 right ones."""
    return {f"exercise-{number}": (5 + number * 5 % 7, 1 + number % 2) for number in range(count)}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 26, 35, 60])
def test_every_answer_has_its_turn(count):
    rounds = plan(needs(count))
    for name, (broken, right) in needs(count).items():
        turns = [chosen[name] for chosen in rounds if name in chosen]
        assert {(True, turn) for turn in range(broken)} <= set(turns)
        assert {(False, turn) for turn in range(right)} <= set(turns)
        assert len(turns) == len(set(turns))


@pytest.mark.parametrize("count", [2, 3, 10, 26, 35, 60])
def test_every_ordered_pair_is_separated(count):
    """Is there a round in which the first is broken and the second right, for every two?"""
    rounds = plan(needs(count))
    for first, second in permutations(needs(count), 2):
        assert any(
            first in chosen and second in chosen and chosen[first][0] and not chosen[second][0]
            for chosen in rounds
        ), (first, second)


def test_exercises_that_all_need_the_same_are_separated():
    """Do alike exercises get rounds of their own where the fewest rounds would not do?"""
    alike = {f"exercise-{number}": (3, 1) for number in range(40)}
    rounds = plan(alike)
    for first, second in permutations(alike, 2):
        assert any(
            first in chosen and second in chosen and chosen[first][0] and not chosen[second][0]
            for chosen in rounds
        ), (first, second)


def test_the_same_needs_give_the_same_rounds():
    assert plan(needs(26)) == plan(needs(26))


def test_the_rounds_stay_few():
    """Is there hardly more to run than the answers themselves?"""
    rounds = plan(needs(26))
    broken = sum(is_broken for chosen in rounds for is_broken, _ in chosen.values())
    assert len(rounds) <= 15
    assert broken <= 1.15 * sum(broken for broken, _ in needs(26).values())


def test_one_exercise_alone_has_as_many_rounds_as_answers():
    assert len(plan({"alone": (5, 2)})) == 7
