"""The picture around a node."""

import re

from radiolucent.report.charts.neighbours import Group, kinds_shown, legend, neighbours

GROUPS = [
    Group("is part of", (("chest", "Anatomy"),), True),
    Group("has the part", tuple((f"part {k}", "Anatomy") for k in range(5)), False),
    Group("shows", (("something with a very long name that no side of a picture can hold", "Finding"),), True),
]


def test_every_node_stands_in_both_pictures_inside_their_frames():
    for drawing in neighbours("k", "title", "says", "lung", GROUPS):
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing).groups())
        assert all(f"part {k}" in drawing for k in range(5))
        assert all(0 <= float(x) <= width for x in re.findall(r' c?x1?="([\d.]+)"', drawing))
        assert all(0 <= float(y) <= height for y in re.findall(r' c?y1?="([\d.]+)"', drawing))


def test_a_long_name_is_cut_and_whole_on_hovering():
    wide, _ = neighbours("k", "title", "says", "lung", GROUPS)
    assert "…" in wide
    assert "<title>something with a very long name that no side of a picture can hold</title>" in wide


def test_one_group_alone_and_no_group_can_be_drawn():
    assert "lung" in neighbours("k", "t", "s", "lung", GROUPS[:1])[0]
    assert "lung" in neighbours("k", "t", "s", "lung", [])[1]


def test_the_legend_names_the_kinds_that_are_there():
    assert kinds_shown(GROUPS) == ["Anatomy", "Finding"]
    assert "Fund" in legend("k", "t", {"Finding": "Fund"})
