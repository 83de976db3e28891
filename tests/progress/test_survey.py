"""Mastered, shaky, failed, untouched: exactly as the definition says."""

from datetime import UTC, datetime, timedelta

import pytest

from revise.progress.attempts import Attempt
from revise.progress.survey import State, survey

from . import course

START = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def states(tmp_path):
    """Return the states of the tiny concepts after attempts such as ``of-two+`` and ``of-two-``."""
    root = course.lay(tmp_path / "course")

    def after(*tries):
        attempts = [tried(minute, one) for minute, one in enumerate(tries)]
        tiny, later = survey(root, attempts)
        assert {concept.state for concept in later.concepts} == {State.UNTOUCHED}
        assert (later.points, later.of) == (0, 0)
        return {concept.name: str(concept.state) for concept in tiny.concepts}, tiny.points

    return after


def tried(minute, one):
    cell = next(cell.id for cell in course.notebook().cells if cell.id.endswith(f"--{one[:-1]}"))
    exercise, _, behaviour = cell.partition("--")
    passed = one.endswith("+")
    at = START + timedelta(minutes=minute)
    return Attempt(at, exercise, behaviour, cell, passed, 9.0 * passed, 9.0)


def test_nothing_tried_is_untouched(states):
    found, points = states()
    assert set(found.values()) == {"untouched"}
    assert points == 0


def test_every_check_that_grades_it_must_hold(states):
    found, points = states("of-two+", "of-three+")
    assert found["half"] == "mastered"
    assert found["double"] == "shaky", "tiny-greet grades it too, and was not tried"
    assert found["greeting"] == "untouched"
    assert points == 4
    found, points = states("of-two+", "of-three+", "greets+")
    assert found == {
        "double": "mastered",
        "half": "mastered",
        "zero": "untouched",
        "greeting": "mastered",
    }
    assert points == 6


def test_some_that_hold_and_some_that_do_not_are_shaky(states):
    assert states("of-two+", "of-three-")[0]["half"] == "shaky"
    assert states("of-two+")[0]["half"] == "shaky"


def test_tried_and_none_holds_is_failed(states):
    assert states("of-two-")[0]["half"] == "failed"
    assert states("of-two-", "of-three-")[0]["half"] == "failed"


def test_the_latest_attempt_decides_and_earned_points_stay(states):
    won = states("of-two-", "of-two+", "of-three+")
    assert (won[0]["half"], won[1]) == ("mastered", 4)
    lost = states("of-two+", "of-three+", "of-two-", "of-three-")
    assert (lost[0]["half"], lost[1]) == ("failed", 4)


def test_an_exercise_that_an_update_took_away_says_nothing(tmp_path):
    root = course.lay(tmp_path / "course")
    gone = Attempt(START, "tiny-gone", "it", "tiny-gone--it", True, 5.0, 5.0)
    tiny, _ = survey(root, [gone])
    assert tiny.count(State.UNTOUCHED) == 4
    assert (tiny.points, tiny.of) == (0, 6)


def test_topics_keep_the_syllabus_titles_and_order(tmp_path):
    tiny, later = survey(course.lay(tmp_path / "course"), [])
    assert [topic.title for topic in tiny.topics] == ["Numbers & sums", "Words"]
    assert [one.name for one in tiny.topics[0].concepts] == ["double", "half", "zero"]
    assert (tiny.heading, later.heading) == ("1 Tiny", "2 Later")
