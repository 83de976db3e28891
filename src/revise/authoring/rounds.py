"""Which exercise is broken and which is right in which round, so that every pair is told apart."""

import itertools
import random
from collections.abc import Mapping

# Two sets of rounds of this size differ for many exercises: 35 of them in 7 rounds.
TIMES_RIGHT = 3
TRIES = 4000

Turn = tuple[bool, int]
"""Whether an exercise is broken in a round, and the how manieth of its broken or right turns that is."""
Places = tuple[set[int], set[int]]
"""The rounds in which an exercise is broken, and those in which it is right."""


def plan(needs: Mapping[str, tuple[int, int]]) -> list[dict[str, Turn]]:
    """Return rounds in which every exercise has its turns; for each, who takes part and how.

    ``needs`` has, by exercise, how many broken and how many right answers must have a turn. An
    exercise may get more turns than that, and sits out the rounds in which it has none. For every
    ordered pair of exercises there is a round in which the first is broken and the second is right:
    an exercise that needs another one's answer fails there. The same needs give the same rounds.
    """
    least = TIMES_RIGHT if len(needs) > 1 else 0
    sizes = {name: (broken, max(right, least)) for name, (broken, right) in needs.items()}
    fewest = max(map(sum, sizes.values()), default=0)
    count, placed = next(
        (count, placed)
        for count in itertools.count(fewest)
        for more in range(count + 1)
        if (placed := _placed(sizes, count, more)) is not None
    )
    rounds: list[dict[str, Turn]] = [{} for _ in range(count)]
    for name in needs:
        for is_broken, places in zip((True, False), placed[name], strict=True):
            for turn, number in enumerate(sorted(places)):
                rounds[number][name] = (is_broken, turn)
    return rounds


def _placed(
    sizes: Mapping[str, tuple[int, int]], count: int, more: int
) -> dict[str, Places] | None:
    """Return the rounds in which each is broken and right, or None if no place is found for one.

    Each is broken ``more`` times than it needs, where there is room: that is cheap, and seen by others.
    """
    by_chance = random.Random(0)
    placed: dict[str, Places] = {}
    # Those with the most turns have the fewest places to choose from.
    for name in sorted(sizes, key=lambda name: -sum(sizes[name])):
        broken, right = sizes[name]
        turns = min(broken + more, count - right)
        for _ in range(TRIES):
            chosen = by_chance.sample(range(count), turns + right)
            mine = set(chosen[:turns]), set(chosen[turns:])
            if all(mine[0] & other[1] and other[0] & mine[1] for other in placed.values()):
                placed[name] = mine
                break
        else:
            return None
    return placed
