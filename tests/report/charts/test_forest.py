import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from radiolucent.report.charts.forest import Mark, forest, span_of

FIGURE = {"value": 0.74, "low": 0.7, "high": 0.78}
NOTHING = {"value": None, "low": None, "high": None}


def drawn(marks, **more):
    return [ET.fromstring(part) for part in forest("k", "Title", "Says.", marks, axis_label="AUC", **more)]


def texts_of(tree):
    return ["".join(t.itertext()).replace("\u00a0", " ") for t in tree.iter("text")]


def test_it_is_drawn_for_wide_and_for_narrow_screens_with_the_same_numbers():
    wide, narrow = drawn([Mark("CNN", FIGURE, shape="best")])
    assert "wide" in wide.attrib["class"]
    assert "narrow" in narrow.attrib["class"]
    for tree in (wide, narrow):
        assert "0.74 [0.70, 0.78]" in texts_of(tree)


def test_a_compact_one_is_drawn_once():
    [small] = drawn([Mark("mean", FIGURE)], is_compact=True)
    assert "square" in small.attrib["class"]


def test_a_figure_that_is_not_defined_has_a_dash_and_no_dot():
    wide, _ = drawn([Mark("CNN", NOTHING), Mark("none", None)])
    assert texts_of(wide).count("–") == 2
    assert not list(wide.iter("circle"))


def test_the_baseline_is_a_diamond_and_folds_are_ticks():
    wide, _ = drawn([Mark("m", FIGURE, shape="baseline", ticks=(0.7, 0.75))])
    assert len(list(wide.iter("polygon"))) == 1
    assert sum(line.attrib["class"] == "fold" for line in wide.iter("line")) == 2


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 0.5)), min_size=1, max_size=6))
def test_everything_drawn_lies_inside_the_picture(rows):
    marks = [
        Mark(f"candidate {i}", {"value": v, "low": max(0.0, v - a), "high": min(1.0, v + b)}, note="n 5")
        for i, (v, a, b) in enumerate(rows)
    ]
    limits = span_of(marks, [0.5], (0.0, 1.0))
    for tree in drawn(marks, limits=limits, references=[(0.5, "chance")]):
        _, _, width, height = map(float, tree.attrib["viewBox"].split())
        for line in tree.iter("line"):
            assert 0 <= float(line.attrib["x1"]) <= float(line.attrib["x2"]) + 0.11 <= width + 0.11
            assert 0 <= float(line.attrib["y2"]) <= height
        for dot in tree.iter("circle"):
            assert 0 <= float(dot.attrib["cx"]) <= width


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=5))
def test_the_span_holds_every_value(values):
    marks = [Mark("a", {"value": v, "low": None, "high": None}) for v in values]
    low, high = span_of(marks)
    assert low <= min(values) + 1e-7
    assert high >= max(values) - 1e-7


def test_without_a_value_the_span_is_from_zero_to_one():
    assert span_of([Mark("a", NOTHING)]) == (0.0, 1.0)


def test_a_single_value_still_has_room_on_both_sides_or_up_to_the_limit():
    mark = Mark("a", {"value": 1.0, "low": 1.0, "high": 1.0})
    low, high = span_of([mark], (), (0.0, 1.0))
    assert low < 1.0 == high
