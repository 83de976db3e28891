"""Do the runs of the cascade test really tell every pair of exercises apart?"""

import pytest

from tests.content.cascade import plan


@pytest.mark.parametrize("count", [1, 2, 3, 10, 26, 35, 60])
def test_every_ordered_pair_is_separated(count):
    exercises = [f"exercise-{number}" for number in range(count)]
    runs = plan(exercises)
    for first in exercises:
        for second in exercises:
            if first != second:
                assert any(first in run and second not in run for run in runs), (first, second)


def test_the_runs_stay_few():
    assert len(plan([str(number) for number in range(26)])) == 7
