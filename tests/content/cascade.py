"""Few runs that prove that no exercise's failure costs another exercise its marks."""

from itertools import combinations
from math import comb


def plan(exercises: list[str]) -> list[set[str]]:
    """Return the sets of exercises to break, one set a run.

    For every ordered pair there is a run in which the first is broken and the second is not, so
    any dependence shows. Each exercise is broken in its own subset of the runs, all subsets of
    one size: then none contains another (Sperner's theorem gives the most that n runs can hold).
    """
    runs = 0
    while comb(runs, runs // 2) < max(len(exercises), 2):
        runs += 1
    subsets = combinations(range(runs), runs // 2)
    broken: list[set[str]] = [set() for _ in range(runs)]
    for exercise, subset in zip(exercises, subsets, strict=False):
        for run in subset:
            broken[run].add(exercise)
    return broken
