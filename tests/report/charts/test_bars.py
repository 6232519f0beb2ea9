import xml.etree.ElementTree as ET

import pytest

from radiolucent.report.charts import Bar, stacked_bars


def drawn(values, bars):
    return ET.fromstring(stacked_bars("b", "t", "s", "sex", values, bars))


def test_widths_are_shares_and_fill_the_bar():
    tree = drawn(["F", "M"], [Bar("all", (30, 10))])
    wide = [float(r.attrib["width"]) for r in tree.iter("rect") if r.attrib["height"] == "18"]
    assert (wide[0] + 1) / (wide[1] + 1) == pytest.approx(3)
    assert sum(wide) + 2 == pytest.approx(292)


def test_an_empty_fold_is_an_empty_bar():
    tree = drawn(["F", "M"], [Bar("fold 1", (0, 0))])
    assert all(float(r.attrib["width"]) == 0 for r in tree.iter("rect") if r.attrib["height"] == "18")


def test_a_long_key_takes_more_lines_and_stays_inside():
    tree = drawn([f"a value with a name {i}" for i in range(7)], [Bar("all", (1,) * 7)])
    keys = [r for r in tree.iter("rect") if r.attrib["height"] == "12"]
    assert len({r.attrib["y"] for r in keys}) > 2
    assert all(float(r.attrib["x"]) < 350 for r in keys)
    assert keys[6].attrib["class"] == "fillx"
