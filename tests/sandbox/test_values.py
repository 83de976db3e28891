"""The plain data that a shell's value comes as."""

from datetime import date
from decimal import Decimal

import pytest

from revise.sandbox.values import plain


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ((1, "a", None), [1, "a", None]),
        ({"b", "a"}, ["a", "b"]),
        ({1, "a"}, [1, "a"]),
        ({date(2026, 1, 2): Decimal("1.50")}, {"2026-01-02": "1.50"}),
        ({"a": 1}.keys(), ["a"]),
        ((n * n for n in range(3)), [0, 1, 4]),
        (range(2), [0, 1]),
        (b"x", "b'x'"),
        (int, "<class 'int'>"),
    ],
)
def test_a_value_comes_as_plain_data(value, data):
    assert plain(value) == data


def test_instances_and_querysets_come_as_what_they_give(library):
    assert library.shell("Book.objects.get(title='Dune')").value == "Dune"
    assert library.shell("Book.objects.filter(title='Dune')").value == ["Dune"]
    assert library.shell(
        "Book.objects.filter(title='Dune').values_list('title', 'published')"
    ).value == [["Dune", 1965]]
