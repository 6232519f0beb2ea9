"""Sizes in reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.reason.text import sizes


@pytest.mark.parametrize(
    ("sentence", "diameters", "before", "change"),
    [
        ("increased from 6 to 9 mm", (9.0,), 6.0, "increased"),
        ("a 1.2 x 0.8 cm nodule", (12.0, 8.0), None, ""),
        ("now 9 mm, previously 6 mm", (9.0,), 6.0, "increased"),
        ("decreased from 1.2 cm to 8 mm", (8.0,), 12.0, "decreased"),
        ("measures 9 mm (previously 9 mm)", (9.0,), 9.0, "unchanged"),
        ("a 5-6 mm nodule", (6.0,), None, ""),
        ("3 x 4 x 5 cm", (50.0, 40.0, 30.0), None, ""),
        ("由4mm增大至6mm", (6.0,), 4.0, "increased"),
        ("大小约3.2cm×2.8cm", (32.0, 28.0), None, ""),
    ],
)
def test_a_size_is_read_in_mm_with_what_it_was(sentence, diameters, before, change):
    (found,) = sizes(sentence)
    assert found.diameters_mm == diameters
    assert (found.before_mm, found.change) == (before, change)


@pytest.mark.parametrize("sentence", ["6 or 7 nodules", "at L5-6", "3 cm3 of fluid", "24 hours", "no number mm", ""])
def test_what_has_no_unit_of_length_is_no_size(sentence):
    assert sizes(sentence) == ()


@given(st.integers(1, 400), st.sampled_from(["mm", "cm"]))
def test_the_span_of_a_size_holds_its_number_and_unit(number, unit):
    text = f"A nodule of {number} {unit} is seen."
    (found,) = sizes(text)
    assert text[found.start : found.end] == f"{number} {unit}"
    assert found.largest_mm == number * (10 if unit == "cm" else 1)
