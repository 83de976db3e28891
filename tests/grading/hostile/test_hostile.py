"""Every attack of the library: what it earned, read, reached, left behind, and cost the next one."""

from collections import Counter

import pytest

from .attack import PLAIN, POINTS, Attack
from .lab import BROKEN, Lab, Result
from .library import LIBRARY
from .traps import below

SEEDED = 0.13436424411240122
"""What random.random() gives after random.seed(1)."""

# One worker for all of them: they share one nursery.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The attacked course, and a nursery with tight limits."""
    lab = Lab(tmp_path_factory.mktemp("hostile"))
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def results(lab, request) -> dict[str, Result]:
    """All that pytest was asked for, run at once: several submissions at the same time."""
    wanted = {
        item.callspec.params["attack"].name
        for item in request.session.items
        if "attack" in getattr(getattr(item, "callspec", None), "params", {})
    }
    return lab.run([attack for attack in LIBRARY if attack.name in wanted])


@pytest.mark.parametrize("attack", LIBRARY, ids=str)
def test_attack(attack: Attack, results, lab):
    """Did it earn nothing, read nothing, reach nothing, and leave nothing?"""
    result = results[attack.name]
    wrong = [
        *marks(result),
        *secrets(result, lab),
        *flags(result),
        *[f"a process is left: {one}" for one in result.left],
        *grader(result),
        *next_one(result),
    ]
    assert not wrong, "\n".join([*wrong, result.reason, str(result.flags), result.outputs()[:3000]])


def marks(result: Result):
    """Yield what is wrong with the points: too many for the attack, too few for right answers."""
    for exercise, earned in result.points.items():
        most = POINTS[exercise]
        if exercise in result.attack.right and earned < most:
            yield f"{exercise} is right and earned {earned} of {most}"
        allowed = (
            most if exercise in result.attack.right else result.attack.at_most.get(exercise, 0)
        )
        if earned > allowed:
            yield f"{exercise} earned {earned}, at most {allowed}"
        if result.attack.flag is False and earned < allowed:
            yield f"{exercise} is honest and earned {earned} of {allowed}"


def secrets(result: Result, lab: Lab):
    """Yield what was read or reached, and whether the attack ran at all."""
    places = {"an output": result.outputs(), "the page": result.page, "the reason": result.reason}
    for place, text in places.items():
        for name, word in (("hidden checks", lab.hidden), ("the grader", lab.traps.secret)):
            if word in text:
                yield f"{place} tells a secret of {name}"
    yield from (line for line in result.printed().splitlines() if line.startswith("ESCAPED"))
    if result.attack.shows not in result.outputs(hidden=True) + result.printed():
        yield f"{result.attack.shows!r} is not shown: did the attack run?"


def grader(result: Result):
    """Yield a reason that blames the grader: nothing that a submission does may bring it to one."""
    if any(words in result.reason for words in (BROKEN, "the judge failed", "the judge ended")):
        yield result.reason


def flags(result: Result):
    """Yield a flag that must not be there, or one that is missing."""
    if result.attack.flag is False and result.flags:
        yield f"an honest answer is flagged: {result.flags}"
    if result.attack.flag and not result.flags:
        yield "the teacher is not told"


def next_one(result: Result):
    """Yield what the honest submission that ran next lost or found."""
    expected = {one: POINTS[one] if one in PLAIN else 0.0 for one in POINTS}
    if result.next_points != expected:
        yield f"the next one earned {result.next_points}"
    if result.next_flags:
        yield f"the next one is flagged: {result.next_flags}"
    found = result.evidence
    if not found:
        yield "the next one found nothing out: its answer did not run"
        return
    if "poison" in str(found["places"]) + str(found["unix"]) + str(found["environment"]):
        yield f"the next one found poison: {found}"
    if any(found["poison"]) or found["random"][0] in (SEEDED, 0.5) or found["umask"] != 0o022:
        yield f"the next one has a spoiled process: {found}"


def test_nothing_outside_was_touched(results, lab):
    """Are the course, the system and the listeners as they were, after all attacks?"""
    assert lab.traps.touched() == []


def test_no_process_is_left(results, lab):
    """Does the nursery have the processes that it had before the first attack?"""
    assert below(lab.nursery.process.pid) == lab.idle


def test_random_numbers_are_never_the_same(results):
    """Do forks of one process draw different numbers?"""
    drawn = Counter(str(result.evidence.get("random")) for result in results.values())
    assert [numbers for numbers, times in drawn.items() if times > 1] == []


def test_the_nursery_goes_on(results, lab):
    """Is it one nursery that graded all of them?"""
    assert lab.nursery.alive
