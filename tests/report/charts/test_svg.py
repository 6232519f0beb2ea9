import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.report.charts import svg


@given(st.floats(-100, 100), st.floats(0.01, 100))
def test_ticks_lie_inside_the_axis_and_are_few(low, width):
    axis = svg.Axis(low, low + width, 0, 300)
    ticks = axis.ticks()
    assert len(ticks) <= 7
    assert all(-1e-6 <= axis(t) <= 300 + 1e-6 for t in ticks)


def test_an_axis_maps_its_ends_to_its_ends_and_an_empty_one_to_its_start():
    assert svg.Axis(0, 2, 10, 110)(1) == 60
    assert svg.Axis(1, 1, 10, 110)(1) == 10


@pytest.mark.parametrize(("raw", "step"), [(0.13, 0.2), (0.2, 0.2), (0.021, 0.025), (3, 5), (0, 1.0), (-1, 1.0)])
def test_steps_are_round(raw, step):
    assert svg.round_step(raw) == pytest.approx(step)


def test_labels_of_an_axis_have_the_same_decimals():
    ticks = svg.Axis(-0.5, 0.5, 0, 1).ticks(4)
    assert [svg.tick_text(t, svg.tick_digits(ticks)) for t in ticks] == ["−0.50", "−0.25", "0.00", "0.25", "0.50"]


def test_words_are_escaped_and_long_ones_cut_with_the_whole_on_hovering():
    assert "<b>" not in svg.text(0, 0, "<b>")
    cut = svg.fitted(0, 0, "a & very long name", 40)
    assert "…" in cut
    assert "<title>a &amp; very long name</title>" in cut


def test_a_drawing_is_named_and_described():
    tree = ET.fromstring(svg.drawing("k", "Name", "Says <this>", (10, 20), [svg.line(0, 0, 1, 1, "axis")], "square"))
    assert tree.attrib["viewBox"] == "0 0 10 20"
    assert tree.find("desc").text == "Says <this>"
    assert tree.attrib["aria-labelledby"] == "k-t k-d"


def test_nothing_that_is_not_finite_reaches_the_drawing():
    assert "nan" not in svg.circle(float("nan"), 1, 2, "")
    assert 'width="0"' in svg.rect(0, 0, -3, 2, "")
