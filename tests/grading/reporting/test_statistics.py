"""The figures of a report, against values that were worked out by hand."""

import pytest

from revise.grading.reporting.statistics import (
    discrimination,
    facility,
    histogram,
    share,
    spread,
)


def test_facility_is_the_mean_in_per_cent_of_the_most():
    assert facility([4, 2, 0], 4) == 50
    assert facility([1], 3) == pytest.approx(33.333, abs=0.001)


def test_facility_is_undefined_where_nothing_can_be_earned_or_nobody_handed_in():
    assert facility([0, 0], 0) is None
    assert facility([], 4) is None


def test_discrimination_is_the_correlation_with_the_rest():
    """Points 0 1 1 2 and a rest of 1 1 3 3: deviations -1 0 0 1 and -1 -1 1 1, so r = 2 / √(2 · 4)."""
    found = discrimination([0, 1, 1, 2], [1, 2, 4, 5])
    assert found.value == pytest.approx(2 / 8**0.5)
    assert not found.why


def test_the_exercise_itself_is_taken_out_of_the_total():
    """The total 3 2 1 is made by the exercise alone; what is left does not vary."""
    found = discrimination([3, 2, 1], [5, 4, 3])
    assert found.value is None
    assert found.why == "no other exercise varies"


def test_discrimination_is_negative_where_the_weak_pass():
    assert discrimination([2, 1, 0], [2, 6, 10]).value == pytest.approx(-1)


def test_discrimination_is_undefined_where_points_do_not_vary():
    assert discrimination([2, 2, 2], [3, 5, 9]).why == "everyone has the same points"


def test_sums_of_decimals_that_differ_only_as_floats_do_not_vary():
    """0.1 + 0.2 is not 0.3 in floats: is that no variance?"""
    found = discrimination([0, 1, 2], [0.3, 1 + 0.1 + 0.2, 2.3])
    assert found.value is None


def test_discrimination_needs_three_learners():
    assert discrimination([0, 1], [0, 2]).why == "fewer than 3 learners"
    assert discrimination([], []).value is None


def test_spread():
    """2 4 4 4 5 5 7 9: mean 5, median 4.5, squares of deviations 32, over 7."""
    found = spread([2, 4, 4, 4, 5, 5, 7, 9])
    assert (found.count, found.mean, found.median) == (8, 5, 4.5)
    assert found.deviation == pytest.approx((32 / 7) ** 0.5)
    assert (found.lowest, found.highest) == (2, 9)


def test_spread_of_one_has_no_deviation_and_of_none_is_none():
    assert spread([40]).deviation is None
    assert spread([]) is None


def test_histogram_has_ten_parts_and_its_edges_belong_to_the_part_above():
    assert histogram([0, 9.99, 10, 55, 100, 110]) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]
    # 70 % by way of floats.
    assert histogram([100 * 0.7])[7] == 1


def test_a_share_of_nothing_is_undefined():
    assert share(0, 0) is None
    assert share(1, 4) == 25
