"""Plain data is the same on both sides, whichever way it went."""

import collections
import copy
import datetime
import decimal
import fractions
import ipaddress
import math
import pathlib
import re
import uuid
import zoneinfo

import pytest

from revise import plain
from revise.errors import NotPlain

ANSWER = """
def same(value): return value
def kept(value): return type(value).__name__, repr(value)
def is_same(first, second): return first is second
def change(items):
    items.append(4)
    return items
def fill(box):
    box.clear()
    box.update({"new": [1]})
def cycle():
    one = [1]; one.append(one)
    return one
def twice():
    one = [1]
    return one, one, {"again": one}
class Log:
    def __init__(self, lines): self.lines = lines
    def write(self, line): self.lines.append(line)
basket = []
def add(item): basket.append(item)
def nested(count):
    value = ()
    for _ in range(count): value = (value,)
    return value
def deep_list(count):
    value = []
    for _ in range(count): value = [value]
    return value
"""

UTC = datetime.UTC
VALUES = [
    *(None, True, False, 0, -1, 2**53 - 1, 2**53, -(2**53), 2**64, -(2**200), 10**5000),
    *(0.0, -0.0, 1.5, 1e308, 5e-324, math.inf, -math.inf, 1j, complex(-0.0, math.inf)),
    *(
        "",
        "a",
        "é",
        "\0",
        "\x1b[0m",
        "\ud800",
        "\udfff\ud800",
        "\ud83d\ude00",
        "😀",
        "\u2028",
        "a" * 99_999,
    ),
    *(b"", b"\x00\xff", bytes(range(256)), bytearray(b"ab"), bytearray()),
    *([], [1, [2, [3]]], (), (1,), ((), (1, (2,))), {}, {"a": 1, 2: "b", None: 3}, set(), {1, "a"}),
    *({(1, 2): {(): 1}}, frozenset(), frozenset({1, (2, 3)}), {frozenset({1}): 1}, {b"x": 1}),
    *(range(0), range(5), range(10, 0, -3), range(2**70), slice(1), slice(1, None, "x")),
    *(decimal.Decimal(text) for text in ("0", "1.10", "-0", "1E+999", "NaN1", "sNaN", "-Infinity")),
    *(fractions.Fraction(1, 3), fractions.Fraction(-(2**80), 3)),
    *(datetime.date(1, 1, 1), datetime.time(1, 2, 3, 4), datetime.time(1, fold=1, tzinfo=UTC)),
    *(datetime.datetime(2026, 3, 29, 2, 30), datetime.datetime(2026, 1, 1, tzinfo=UTC)),
    datetime.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=zoneinfo.ZoneInfo("Europe/Lisbon")),
    datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-3), "here")),
    *(datetime.timedelta(-1, 2, 3), datetime.timedelta.max, UTC, datetime.timezone.min),
    zoneinfo.ZoneInfo("Africa/Lagos"),
    *(uuid.UUID(int=0), uuid.UUID("12345678-1234-5678-1234-567812345678")),
    *(pathlib.Path("a/b c"), pathlib.PurePosixPath("/"), pathlib.PureWindowsPath("C:/x")),
    *(ipaddress.ip_address("10.0.0.1"), ipaddress.ip_address("fe80::1%lo")),
    *(ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_interface("::1/64")),
    *(re.compile("a+"), re.compile(b"a", re.I | re.X), ..., NotImplemented),
    *(int, str, type, object, type(None), ValueError, KeyError, StopIteration, decimal.Decimal),
    *(len, sorted, abs, datetime.datetime, pathlib.Path, collections.OrderedDict),
    collections.OrderedDict(b=1, a=2),
    collections.defaultdict(list, a=[1]),
    collections.defaultdict(None, a=1),
    collections.Counter("banana"),
    collections.deque([1, 2]),
    collections.deque([1, [2]], maxlen=3),
    {"nan": [1, {"deep": (1, [2, {3}], frozenset({4}))}]},
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__}")
def test_a_value_is_the_same_there_and_back(answered, value):
    back = answered.same(value)
    assert type(back) is type(value)
    assert repr(back)[:1000] == repr(value)[:1000] if not isinstance(value, int) else back == value


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__}")
def test_the_other_side_has_the_same_value(answered, value):
    if type(value) is int and abs(value) > 10**4000:
        pytest.skip("Python writes no number of that many digits")
    assert answered.kept(value) == (type(value).__name__, repr(value))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__}")
def test_plain_data_is_copied(value):
    made = plain.copy(value)
    assert type(made) is type(value)


def test_not_a_number_stays_one(answered):
    assert math.isnan(answered.same(math.nan))
    assert math.isnan(answered.same([math.nan])[0])


@pytest.mark.parametrize(
    "value", [object(), copy, lambda: 1, iter([]), [object()], {1: copy}, type("A", (str,), {})()]
)
def test_what_is_no_plain_data_is_not_copied(value):
    with pytest.raises(NotPlain, match="is not plain data"):
        plain.copy(value)


def test_an_argument_that_is_returned_is_that_very_object(answered):
    for value in (
        [1],
        {"a": 1},
        {1},
        bytearray(b"a"),
        collections.deque([1]),
        collections.Counter("a"),
    ):
        assert answered.same(value) is value


def test_a_change_of_an_argument_is_seen(answered):
    items = [3, 1]
    assert answered.change(items) is items
    assert items == [3, 1, 4]
    box = {"old": 1}
    answered.fill(box)
    assert box == {"new": [1]}


def test_a_change_deep_inside_of_an_argument_is_seen(answered):
    items = [1]
    answered.change(({"a": items},)[0]["a"])
    assert items == [1, 4]


def test_an_argument_that_was_kept_is_changed_later(answered):
    """Does the check see what a method writes into a list that the constructor was given?"""
    lines = []
    log = answered.Log(lines)
    log.write("one")
    assert lines == ["one"]
    lines.append("two")
    assert log.lines == ["one", "two"]
    assert log.lines is lines


def test_a_global_of_the_answer_is_changed_later(answered):
    answered.add("book")
    assert answered.basket == ["book"]
    answered.basket.clear()
    answered.add("pen")
    assert answered.basket == ["pen"]


def test_shared_and_cyclic_containers_keep_their_shape(answered):
    one = answered.cycle()
    assert one[1] is one
    first, second, third = answered.twice()
    assert first is second is third["again"]
    items = [1]
    assert answered.is_same(items, items)
    assert not answered.is_same([1], [1])
    loop = {}
    loop["self"] = loop
    assert answered.same(loop) is loop


def test_many_containers_do_not_slow_down_the_next_call(answered):
    """Those that nobody looks at any more are let go."""
    for number in range(1000):
        assert answered.same([number]) == [number]
    assert len(answered.stand_ins.links._known) <= 200


def test_a_large_list_comes_back_changed(answered):
    items = list(range(50_000))
    assert answered.change(items) is items
    assert len(items) == 50_001


def test_nesting_is_limited_for_tuples_only(answered):
    depth, value = 0, answered.deep_list(5000)
    while value:
        depth, value = depth + 1, value[0]
    assert depth == 5000
    assert answered.nested(50)
    with pytest.raises(TypeError, match="nested too deeply"):
        answered.nested(5000)
