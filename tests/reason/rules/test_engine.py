"""What the engine says where something is missing, impossible or in conflict."""

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from radiolucent.core import InputError
from radiolucent.reason.rules.engine import conclude
from radiolucent.reason.rules.inputs import checked
from radiolucent.reason.rules.read import names, shipped
from radiolucent.reason.rules.types import YES_NO


def concluded(name, **inputs):
    rules = shipped(name)
    return conclude(rules, checked(rules, inputs))


NODULE = {"size_mm": 7, "number": "single", "risk": "high", "type": "solid"}


@pytest.mark.parametrize("left_out", NODULE)
def test_a_missing_input_is_asked_for_and_nothing_is_taken_for_it(left_out):
    found = concluded("fleischner", **{key: value for key, value in NODULE.items() if key != left_out})
    assert found.kind == "needs"
    assert found.missing == (("size_mm or volume_mm3" if left_out == "size_mm" else left_out),)
    assert not found.values


def test_an_input_that_decides_nothing_here_is_not_asked_for():
    large = concluded("fleischner", size_mm=9, number="single", type="solid")
    assert large.kind == "concluded"  # risk does not matter above 8 mm
    assert concluded("ti-rads", composition="spongiform").values["level"] == "TR1"


def test_two_ways_to_a_size_must_agree_and_the_conflict_is_shown():
    found = concluded("fleischner", **NODULE, volume_mm3=50)
    assert found.kind == "conflict"
    assert "D2" in found.says
    assert "V1" in found.says
    assert concluded("fleischner", **NODULE, volume_mm3=200).kind == "concluded"


def test_what_is_known_is_told_where_the_rest_is_missing():
    solid = {"composition": "solid", "echogenicity": "hypoechoic", "shape": "wider-than-tall", "margin": "smooth"}
    found = concluded("ti-rads", **solid, foci="none")
    assert found.values == {"points": 4.0, "level": "TR4"}
    assert found.missing == ("size_mm",)


def test_contradictory_inputs_are_refused():
    found = concluded("fleischner", type="part-solid", number="single", size_mm=6, solid_mm=7)
    assert found.kind == "contradiction"
    assert "larger than the nodule" in found.says


def test_a_guard_that_nobody_answered_is_told_and_one_that_is_needed_stops():
    assert any("age_years not given" in remark for remark in concluded("fleischner", **NODULE).unjudged)
    assert concluded("li-rads", nature="benign").missing == ("at_risk",)


@st.composite
def some_inputs(draw):
    """A guideline and any part of its inputs, within their ranges."""
    rules = shipped(draw(st.sampled_from(names())))
    given = {}
    for entry in rules.inputs.values():
        if entry.source or draw(st.booleans()):
            continue
        if entry.kind in ("choice", "choices"):
            given[entry.name] = draw(st.sampled_from(entry.choices))
        elif entry.kind == "flag":
            given[entry.name] = draw(st.sampled_from(YES_NO))
        else:
            low, high = entry.range
            given[entry.name] = draw(st.integers(int(low) + 1, min(int(high), 200)))
    return rules, given


@given(some_inputs())
@settings(max_examples=300)
def test_more_knowledge_never_changes_a_conclusion_except_by_a_modifier_or_a_refusal(drawn):
    """Whatever was concluded from a part of the inputs stands when the rest is told, unless that speaks against it."""
    rules, given = drawn
    try:
        full = conclude(rules, checked(rules, given))
    except InputError:  # widths drawn at random can make a ratio that no chest has
        reject()
    changed = {name for table in rules.tables if table.modifier for name in table.gives}
    for name in given:
        part = conclude(rules, checked(rules, {key: value for key, value in given.items() if key != name}))
        if part.kind == "concluded" and full.kind == "concluded":
            steady = set(rules.answer) - changed - ({"management"} if "category" in changed else set())
            assert {key: part.values.get(key) for key in steady} == {key: full.values.get(key) for key in steady}
        if part.kind == "concluded":
            assert full.kind != "needs" or not set(full.missing) & set(given)
