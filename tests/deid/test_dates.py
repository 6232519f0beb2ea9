"""Dates move by whole days; what is none is told."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.deid.dates import capped_age, shifted


@given(st.dates(min_value=date(1900, 1, 1)), st.integers(366, 3652))
def test_a_day_moves_by_exactly_so_many_days(day, back):
    moved = shifted(day.strftime("%Y%m%d").encode(), back)
    assert moved is not None
    assert (day - datetime.strptime(moved.decode(), "%Y%m%d").date()).days == back


@pytest.mark.parametrize(
    ("value", "moved"),
    [
        (b"20240301", b"20240229"),
        (b"20240301101500.25+0100 ", b"20240229101500.25+0100"),
        (b"2024.03.01", b"20240229"),
        (b"2024-03-01", b"20240229"),
        (b"2024/03/01", b"20240229"),
    ],
)
def test_time_of_day_and_offset_stay(value, moved):
    assert shifted(value, 1) == moved


def test_both_ends_of_a_range_move():
    assert shifted(b"20240301-20240310", 1) == b"20240229-20240309"
    assert shifted(b"20240301-20241301", 1) is None


@pytest.mark.parametrize(("value", "moved"), [(b"2024", b"2023"), (b"202403", b"202302")])
def test_a_year_or_a_month_moves_as_its_middle_where_that_is_enough(value, moved):
    assert shifted(value, 400, is_part_enough=True) == moved
    assert shifted(value, 400) is None


@pytest.mark.parametrize(
    "value",
    [b"", b"2024", b"20241301", b"00010101", b"\xff\xff", b"2024-03.01", b"20240301 Okafor", b"20240301-Okafor"],
)
def test_what_is_no_date_is_none(value):
    assert shifted(value, 400) is None


@pytest.mark.parametrize(
    ("age", "told"), [(b"089Y", b"089Y"), (b"090Y", b"090Y"), (b"113Y", b"090Y"), (b"300D", b"300D"), (b"old", None)]
)
def test_ages_are_told_up_to_90(age, told):
    assert capped_age(age) == told
