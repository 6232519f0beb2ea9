import xml.etree.ElementTree as ET

import pytest

from radiolucent.report.charts.curves import Curve, cut_below, decision_curve, reliability_diagram, roc_curve

AXES = ("x", "y")


def test_a_line_is_cut_where_it_crosses_the_frame():
    assert cut_below([(0, 1), (1, -1), (2, -3)], 0) == [(0, 1), (0.5, 0)]
    assert cut_below([(0, -1), (1, 1)], 0) == [(0.5, 0), (1, 1)]
    assert cut_below([], 0) == []
    assert cut_below([(0, 1), (1, 2)], 0) == [(0, 1), (1, 2)]


def test_the_operating_point_is_a_ring_at_its_rates():
    curve = Curve("CNN", "c0", ((0.0, 0.0), (0.2, 0.8), (1.0, 1.0)))
    tree = ET.fromstring(roc_curve("r", "t", "s", [curve], axes=AXES, point=(0.0, 1.0), point_label="here"))
    rings = [c for c in tree.iter("circle") if c.attrib["class"] == "ring"]
    assert (float(rings[0].attrib["cx"]), float(rings[0].attrib["cy"])) == (46, 10)
    assert len(rings) == 2  # on the curve and in the key


def test_bins_have_a_dot_an_interval_and_a_bar_as_high_as_their_share():
    bins = [
        {"mean": 0.2, "observed": 0.1, "low": 0.05, "high": 0.2, "n": 10},
        {"mean": 0.8, "observed": 0.9, "low": None, "high": None, "n": 20},
    ]
    tree = ET.fromstring(reliability_diagram("r", "t", "s", bins, axes=AXES))
    bars = [float(b.attrib["height"]) for b in tree.iter("rect")]
    assert bars[1] == pytest.approx(2 * bars[0])
    assert len([c for c in tree.iter("circle")]) == 2
    assert len([c for c in tree.iter("line") if "whisker" in c.attrib["class"]]) == 1


def test_net_benefit_far_below_zero_stays_inside_the_frame():
    steep = Curve("everyone", "c1", ((0.1, 0.4), (0.5, 0.0), (0.9, -4.0)))
    tree = ET.fromstring(decision_curve("d", "t", "s", [Curve("m", "c0", ((0.1, 0.4), (0.9, 0.0))), steep], axes=AXES))
    for line in tree.iter("polyline"):
        assert all(float(point.split(",")[1]) <= 300.01 for point in line.attrib["points"].split())
