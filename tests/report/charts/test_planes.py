"""The figure of slices in three planes."""

import re
import xml.etree.ElementTree as ET

from radiolucent.report.charts.planes import MOST, three_planes

NAMES = ["axial", "coronal", "sagittal"]


def square(z):
    return ((0.0, 0.0, z), (100.0, 0.0, z), (100.0, 100.0, z), (0.0, 100.0, z))


def test_three_planes_bear_letters_scale_and_every_slice():
    wide, narrow = three_planes("k", "Where", "Slices.", [square(5.0 * k) for k in range(9)], {3}, NAMES)
    for drawing in (wide, narrow):
        ET.fromstring(drawing)
        assert drawing.count("<polyline") == 27
        assert drawing.count('class="curve c1"') == 3
        assert drawing.count("20 mm") == 3
        assert [drawing.count(f">{letter}<") for letter in "RLAPHF"] == [2] * 6


def test_the_head_is_above_and_the_left_is_right():
    wide, _ = three_planes("k", "t", "s", [square(0.0), square(50.0)], {1}, NAMES)
    coronal = wide.split("<g ")[2]
    heights = {
        kind: float(re.search(rf'points="[\d.]+,([\d.]+)[^>]*class="{kind}"', coronal)[1])
        for kind in ("faint", "curve c1")
    }
    assert heights["curve c1"] < heights["faint"]


def test_of_many_slices_some_are_drawn_and_the_odd_ones_always():
    wide, _ = three_planes("k", "t", "s", [square(float(k)) for k in range(500)], {7}, NAMES)
    assert MOST <= wide.count("<polyline") / 3 <= MOST + 1
    assert wide.count("curve c1") == 3


def test_one_point_is_a_figure_too():
    wide, _ = three_planes("k", "t", "s", [((0.0, 0.0, 0.0),) * 4], set(), NAMES)
    ET.fromstring(wide)


def test_a_stack_seen_from_its_side_bears_its_first_and_last_number():
    wide, _ = three_planes("k", "t", "s", [square(5.0 * k) for k in range(12)], set(), NAMES)
    axial, coronal, sagittal = wide.split("<g ")[1:]
    assert ">12<" not in axial
    for panel in (coronal, sagittal):
        heights = [float(re.search(rf'y="([\d.]+)"[^>]*>{number}<', panel)[1]) for number in (1, 12)]
        assert heights[0] > heights[1], "the twelfth is nearer to the head"


def test_upright_slices_bear_their_numbers_below():
    sagittal = [
        ((4.0 * k, 0.0, 0.0), (4.0 * k, 50.0, 0.0), (4.0 * k, 50.0, 50.0), (4.0 * k, 0.0, 50.0)) for k in range(15)
    ]
    wide, _ = three_planes("k", "t", "s", sagittal, set(), NAMES)
    axial = wide.split("<g ")[1]
    places = [float(re.search(rf'x="([\d.]+)"[^>]*>{number}<', axial)[1]) for number in (1, 15)]
    assert places[0] < places[1]
