"""When an exercise is due: by FSRS, from sittings and not from single runs of a check."""

from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler

from revise.progress.attempts import Attempt
from revise.progress.schedule import due, rating, sittings

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def attempt(
    at: datetime, passed: bool = True, behaviour: str = "seen", exercise: str = "a-b"
) -> Attempt:
    cell = f"{exercise}--{behaviour}"
    return Attempt(at, exercise, behaviour, cell, passed, 2.0 * passed, 2.0)


def fsrs(*reviews: tuple[Rating, datetime]) -> datetime:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = Card()
    for rated, at in reviews:
        card, _log = scheduler.review_card(card, rated, at)
    return card.due


def test_nothing_attempted_is_nothing_due():
    assert due([]) == {}


def test_an_exercise_is_due_when_fsrs_says():
    assert due([attempt(START)])["a-b"] == fsrs((Rating.Good, START))
    assert due([attempt(START, False)])["a-b"] == fsrs((Rating.Again, START))


def test_twenty_runs_of_a_check_are_one_review():
    """It failed, and passed in the end: hard, at the time of the last run."""
    runs = [attempt(START + timedelta(minutes=number), number > 15) for number in range(20)]
    assert due(runs)["a-b"] == fsrs((Rating.Hard, START + timedelta(minutes=19)))


def test_a_check_that_still_fails_makes_the_sitting_fail():
    sitting = [attempt(START), attempt(START, False, "other"), attempt(START)]
    assert rating(sitting) is Rating.Again
    assert rating([*sitting, attempt(START, True, "other")]) is Rating.Hard


def test_sittings_are_parted_by_hours():
    times = [START, START + timedelta(hours=5), START + timedelta(hours=12)]
    assert [len(one) for one in sittings([attempt(at) for at in times])] == [2, 1]
    assert list(sittings([])) == []


def test_a_review_when_it_is_due_makes_the_interval_longer():
    first = due([attempt(START)])["a-b"]
    second = due([attempt(START), attempt(first + DAY)])["a-b"]
    assert second == fsrs((Rating.Good, START), (Rating.Good, first + DAY))
    assert second - (first + DAY) > first - START


def test_running_a_solved_notebook_again_recalls_nothing():
    """The answer is still there: the date stays, neither nearer nor further."""
    first = due([attempt(START)])["a-b"]
    early = START + DAY
    assert early < first
    assert due([attempt(START), attempt(early)])["a-b"] == first
    assert due([attempt(START), attempt(early, False)])["a-b"] == fsrs(
        (Rating.Good, START), (Rating.Again, early)
    )


@pytest.mark.parametrize("passed", [True, False])
def test_no_interval_is_shorter_than_a_day(passed):
    assert due([attempt(START, passed)])["a-b"] - START >= DAY


def test_exercises_are_scheduled_apart_and_always_alike():
    runs = [attempt(START), attempt(START + DAY, False, exercise="c-d")]
    assert due(runs) == due(runs)
    assert due(runs)["a-b"] == due(runs[:1])["a-b"]
    assert set(due(runs)) == {"a-b", "c-d"}
