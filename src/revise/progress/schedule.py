"""When an exercise is due for revision: FSRS, fed by the attempts.

FSRS (https://github.com/open-spaced-repetition) estimates from each review how long something is
remembered. A review is what a learner did with an exercise at one sitting; a check that is run
twenty times while an answer takes shape is no twenty reviews.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fsrs import Card, Rating, Scheduler

from revise.progress.attempts import Attempt

SITTING = timedelta(hours=6)
"""Attempts that are no further apart belong to one sitting."""


def due(attempts: Iterable[Attempt]) -> dict[str, datetime]:
    """Return for each exercise that was attempted when it is due (in UTC), by FSRS.

    ``attempts`` are the oldest first. A sitting in which every check passed at once is rated good, one that
    passed after failures hard, and one that ended with a failing check again. A sitting that passed before
    the exercise was due says nothing: the answer is still in the notebook, and running it again recalls nothing.
    So an interval is never changed to less or more than FSRS says for what was recalled.

    >>> due(attempts())  # doctest: +SKIP
    {'python-functions-late-fee': datetime.datetime(2026, 12, 3, 9, 30, tzinfo=datetime.timezone.utc)}
    """
    by_exercise: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_exercise[attempt.exercise].append(attempt)
    return {exercise: _due(own) for exercise, own in by_exercise.items()}


def _due(attempts: list[Attempt]) -> datetime:
    # Whole days: FSRS's learning steps are minutes, for cards that are seen again at once. Without
    # chance: the same attempts are due at the same time whenever they are asked about.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, reviewed = Card(), False
    for sitting in sittings(attempts):
        rated, at = rating(sitting), sitting[-1].at
        if not reviewed or rated is Rating.Again or at >= card.due:
            card, _log = scheduler.review_card(card, rated, at)
            reviewed = True
    return card.due


def sittings(attempts: list[Attempt]) -> Iterator[list[Attempt]]:
    """Yield the attempts of one exercise in groups that are more than ``SITTING`` apart."""
    group: list[Attempt] = []
    for attempt in attempts:
        if group and attempt.at - group[-1].at > SITTING:
            yield group
            group = []
        group.append(attempt)
    if group:
        yield group


def rating(sitting: list[Attempt]) -> Rating:
    """Return how well an exercise was recalled at one sitting."""
    last = {attempt.cell: attempt.passed for attempt in sitting}
    if not all(last.values()):
        return Rating.Again
    return Rating.Good if all(attempt.passed for attempt in sitting) else Rating.Hard
