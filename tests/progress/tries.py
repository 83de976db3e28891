"""An attempt for the tests of the record; imports little, since other processes import it."""

from datetime import UTC, datetime, timedelta

from revise.progress.attempts import Attempt

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def attempt(minute=0, *, passed=True, exercise="python-double"):
    """An attempt at a check of two points, ``minute`` minutes after noon."""
    return Attempt(
        at=NOON + timedelta(minutes=minute),
        exercise=exercise,
        behaviour="of-two",
        cell=f"{exercise}--of-two",
        passed=passed,
        points=2.0 if passed else 0.0,
        of=2.0,
    )
