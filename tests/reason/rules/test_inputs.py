"""What is given to a guideline: bad input gets a clear error, never a guessed category."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.core import InputError
from radiolucent.reason.rules.inputs import checked, rounded
from radiolucent.reason.rules.read import shipped


@pytest.mark.parametrize(
    ("name", "inputs", "says"),
    [
        ("fleischner", {"size": 7}, "size has no unit; give size_mm"),
        ("fleischner", {"volume": 7}, "volume has no unit; give volume_mm3"),
        ("fleischner", {"size_mm": -1}, "size_mm must be from 0 to 300 mm, got -1 mm"),
        ("fleischner", {"size_mm": float("nan")}, "size_mm must be from 0 to 300 mm"),
        ("fleischner", {"size_mm": "0.7 cm"}, "size_mm is in mm, got '0.7 cm'; convert it first"),
        ("fleischner", {"size_mm": "seven"}, "size_mm is a number in mm, got 'seven'"),
        ("fleischner", {"size_mm": True}, "size_mm is a number in mm, got True"),
        ("fleischner", {"type": "sollid"}, "there is no choice 'sollid'; did you mean 'solid'"),
        ("fleischner", {"typ": "solid"}, "there is no input 'typ'; did you mean 'type'"),
        ("fleischner", {"screening": "perhaps"}, "screening is yes or no, got 'perhaps'"),
        ("fleischner", {"size_mm": 9, "long_axis_mm": 6, "short_axis_mm": 4}, "size_mm = 9 contradicts .* follows 5"),
        ("ti-rads", {"foci": ["none", "rim"]}, "none and rim contradict each other"),
        ("ti-rads", {"foci": []}, "say all that apply"),
        ("bosniak", {"wall_mm": 2.5}, "wall_mm is a whole number of mm, got 2.5 mm"),
        ("recist", {"sum_mm": 5, "baseline_sum_mm": 0}, "baseline_sum_mm is 0, so there is nothing to compare"),
        ("bi-rads", {"assessment": ["4A", "5"]}, "assessment is one of .*, got 4A 5"),
    ],
)
def test_bad_input_gets_a_clear_error(name, inputs, says):
    with pytest.raises(InputError, match=says):
        checked(shipped(name), inputs)


def test_units_may_be_said_in_their_spellings():
    inputs = {"size_mm": "7 mm", "volume_mm3": "179.6mm3", "age_years": "60 years", "screening": "no"}
    found = checked(shipped("fleischner"), inputs)
    assert found == {"size_mm": 7.0, "volume_mm3": 179.6, "age_years": 60.0, "screening": "no"}


def test_a_size_follows_from_two_axes_as_the_guideline_measures():
    axes = {"long_axis_mm": 6.3, "short_axis_mm": 5.6}
    assert checked(shipped("fleischner"), axes)["size_mm"] == 6
    assert checked(shipped("lung-rads"), axes)["size_mm"] == pytest.approx(6.0, abs=0.051)
    assert checked(shipped("fleischner"), {"long_axis_mm": 6, "short_axis_mm": 5})["size_mm"] == 6


@given(st.integers(-1000, 1000), st.sampled_from([1.0, 0.1, 0.5]))
def test_halves_are_rounded_away_from_zero(number, to):
    assert rounded((number + 0.5) * to, to) == pytest.approx((number + (1 if number >= 0 else 0)) * to)
    assert rounded(number * to, to) == pytest.approx(number * to)
