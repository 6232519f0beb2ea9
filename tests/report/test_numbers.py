import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.report.numbers import (
    defined,
    duration,
    has_interval,
    holds,
    interval,
    number,
    overlap,
    p_value,
    percent,
)


@pytest.mark.parametrize(
    ("value", "shown"), [(0.745, "0.74"), (1000, "1,000.00"), (-0.5, "−0.50"), (-0.0001, "0.00"), (None, "–")]
)
def test_numbers_have_a_true_minus_and_no_negative_zero(value, shown):
    assert number(value) == shown


def test_what_is_not_finite_is_a_dash():
    assert number(math.nan) == percent(math.inf) == duration(math.nan) == p_value(None) == "–"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.5, "50 %"), (0.003, "0.3 %"), (0.09, "9 %"), (0.9968, "99.7 %"), (1, "100 %"), (0, "0 %"), (0.0998, "10 %")],
)
def test_shares_keep_what_matters_near_both_ends(share, shown):
    assert percent(share).replace("\u00a0", " ") == shown


@given(st.floats(0.0005, 0.9994))
def test_a_share_that_is_not_all_or_none_is_never_shown_as_such(share):
    assert percent(share) not in ("0\u00a0%", "100\u00a0%")


def test_an_interval_stays_on_one_line():
    shown = interval({"value": 0.74, "low": 0.7, "high": 0.78})
    assert shown.replace("\u00a0", " ") == "0.74 [0.70, 0.78]"
    assert " " not in shown


def test_undefined_figures_and_open_intervals():
    nothing = {"value": None, "low": None, "high": None}
    assert interval(nothing) == interval(None) == "–"
    assert interval({"value": 0.5, "low": None, "high": 1}) == "0.50"
    assert not defined(nothing)
    assert not has_interval(nothing)


def test_without_an_interval_nothing_is_excluded():
    point = {"value": 0.9, "low": None, "high": None}
    assert holds(point, 0.5)
    assert overlap(point, {"value": 0.1, "low": 0.0, "high": 0.2})
    assert not overlap({"value": 0.9, "low": 0.8, "high": 1}, {"value": 0.1, "low": 0.0, "high": 0.2})


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.04, "0.04 s"), (2.14, "2.1 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_durations_read_like_a_clock(seconds, shown):
    assert duration(seconds) == shown


@pytest.mark.parametrize(("p", "shown"), [(0.2, "0.20"), (0.004, "0.004"), (1e-9, "< 0.001")])
def test_p_values_are_as_journals_print_them(p, shown):
    assert p_value(p) == shown
