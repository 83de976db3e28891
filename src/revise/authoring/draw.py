"""Draw the exercises of an exam: so many points, as many concepts as can be, decided by a seed."""

import random
from collections.abc import Collection, Iterator
from fractions import Fraction
from math import lcm

from revise.composition.clashes import clashing
from revise.composition.exercises import Exercise

DRAWS = 40
"""Of so many exams the one with most concepts is taken: few for a surprise, many for coverage."""
MOST_STEPS = 20_000
"""A search among exercises that clash is given up after so many steps, and begun in another order."""

Draw = list[Exercise]


def draw(
    pool: Collection[Exercise], points: float, seed: int, concepts: Collection[str]
) -> list[Exercise]:
    """Return exercises of ``pool`` whose points sum to ``points``, or to the nearest sum below.

    No two of them clash. Of several draws the one that grades most of ``concepts`` is taken, the first
    of equals. The same pool and seed give the same exercises, in the same order. Empty when every
    exercise has more points.
    """
    chance = random.Random(seed)
    ordered = sorted(pool, key=lambda exercise: exercise.id)
    unit = lcm(*(_exact(exercise.points).denominator for exercise in ordered))
    weights = {exercise: int(_exact(exercise.points) * unit) for exercise in ordered}
    for target in _sums(weights, int(_exact(points) * unit)):
        draws = list(_draws(ordered, weights, target, chance, set(concepts)))
        if draws:
            best = max(draws, key=lambda drawn: len(_covered(drawn, set(concepts))))
            chance.shuffle(best)
            return best
    return []


def _exact(points: float) -> Fraction:
    return Fraction(str(points))  # 0.1 as it was written, not as a computer keeps it


def _sums(weights: dict[Exercise, int], most: int) -> Iterator[int]:
    """Yield the sums that exercises can have, from ``most`` down to the smallest."""
    reachable = 1
    for weight in weights.values():
        reachable |= reachable << weight
    return (total for total in range(most, 0, -1) if reachable >> total & 1)


def _draws(
    pool: Draw, weights: dict[Exercise, int], target: int, chance: random.Random, wanted: set[str]
) -> Iterator[Draw]:
    for _ in range(DRAWS):
        shuffled = chance.sample(pool, len(pool))
        found = _Search(_new_concepts_first(shuffled, wanted), weights, target).run()
        if found:
            yield found


def _new_concepts_first(shuffled: Draw, wanted: set[str]) -> Draw:
    """Return the exercises in their order, those at the end that bring no new concept."""
    first, rest, seen = [], [], set()
    for exercise in shuffled:
        new = wanted.intersection(exercise.concepts) - seen
        (first if new else rest).append(exercise)
        seen |= new
    return first + rest


def _covered(drawn: Draw, wanted: set[str]) -> set[str]:
    return {concept for exercise in drawn for concept in exercise.concepts} & wanted


class _Search:
    """Takes exercises in their order as long as the rest can make up the target; else goes back."""

    def __init__(self, order: Draw, weights: dict[Exercise, int], target: int):
        self.order, self.weights, self.target, self.steps = order, weights, target, 0
        # By place, the sums that the exercises from there on can have: bit n stands for the sum n.
        self.reachable = [1]
        for exercise in reversed(order):
            later = self.reachable[-1]
            self.reachable.append(later | later << weights[exercise])
        self.reachable.reverse()

    def run(self) -> Draw | None:
        """Return exercises that sum to the target, none of which clash, or None."""
        return self._from(0, self.target, [])

    def _from(self, place: int, left: int, taken: Draw) -> Draw | None:
        self.steps += 1
        if left == 0:
            return taken
        if self.steps > MOST_STEPS or not self.reachable[place] >> left & 1:
            return None
        exercise = self.order[place]
        weight = self.weights[exercise]
        if weight <= left and not clashing(exercise, taken):
            found = self._from(place + 1, left - weight, [*taken, exercise])
            if found:
                return found
        return self._from(place + 1, left, taken)
