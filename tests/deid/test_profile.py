"""Options combine as the standard says, and compound codes follow the Type."""

import pytest
from pydicom.datadict import keyword_dict as dictionary

from radiolucent.deid.profile import options, plan, resolved

CT = "1.2.840.10008.5.1.4.1.1.2"


@pytest.mark.parametrize(
    ("code", "types"),
    [
        ("X/Z", {"1": "Z", "1C": "Z", "2": "Z", "2C": "Z", "3": "X"}),
        ("X/D", {"1": "D", "1C": "D", "2": "D", "2C": "D", "3": "X"}),
        ("X/Z/D", {"1": "D", "1C": "D", "2": "Z", "2C": "Z", "3": "X"}),
        ("Z/D", {"1": "D", "1C": "D", "2": "Z", "2C": "Z", "3": "Z"}),
        ("X", {"1": "D", "2": "Z", "3": "X"}),
        ("Z", {"1": "D", "2": "Z", "3": "Z"}),
        ("D", {"1": "D", "3": "D"}),
        ("U", {"1": "U", "3": "U"}),
        ("X/Z/U*", {"1": "U", "2": "U", "3": "U"}),
    ],
)
def test_compound_codes_follow_the_type(code, types):
    assert {kind: resolved(code, kind) for kind in types} == types


def test_an_option_that_cleans_dates_goes_before_one_that_keeps_a_device():
    assert plan(options(["device"]), CT).top[0x00181200] == "H"
    assert plan(options(["device", "modified-dates"]), CT).top[0x00181200] == "S"


def test_keeping_goes_before_cleaning_and_cleaning_before_removing():
    assert plan(options(), CT).top[0x0008103E] == "X"
    assert plan(options([], ["descriptors"]), CT).top[0x0008103E] == "C"
    assert plan(options(["patient-characteristics"], ["descriptors"]), CT).top[0x00102160] == "H"


def test_a_class_that_nobody_knows_is_treated_by_the_strictest_type():
    assert plan(options(), "1.2.3").top[0x0008002A] == "D"
    assert plan(options(), CT).top[0x0008002A] == "X"


def test_identifiers_of_kinds_of_thing_stay():
    actions = plan(options(), CT).top
    assert actions[0x00080016] == actions[0x00081150] == "K"
    assert actions[0x00080018] == actions[0x0020000D] == "U"


def test_days_and_descriptions_that_no_row_lists_are_treated_like_those_that_one_lists():
    review, content = dictionary["SecondaryReviewDate"], dictionary["ContentDescription"]
    assert plan(options(), CT).top[review] == "D"
    assert plan(options(["modified-dates"]), CT).top[review] == "S"
    assert plan(options(), CT).top[content] == "K"
    assert plan(options([], ["descriptors"]), CT).top[content] == "C"
