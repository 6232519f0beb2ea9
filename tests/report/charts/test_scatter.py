import xml.etree.ElementTree as ET

from radiolucent.report.charts.curves import Curve
from radiolucent.report.charts.learning import learning_curve
from radiolucent.report.charts.scatter import agreement_scatter, bland_altman

POINTS = [(20.0, 24.0), (40.0, 40.0), (60.0, 50.0)]
AXES = ("x", "y")


def dots(markup):
    return [c for c in ET.fromstring(markup).iter("circle") if c.attrib["class"] == "point"]


def test_every_image_is_a_point_and_what_is_told_right_lies_on_the_diagonal():
    picture = agreement_scatter("s", "t", "says", POINTS, axes=AXES)
    assert len(dots(picture)) == 3
    (diagonal,) = [line for line in ET.fromstring(picture).iter("line") if line.attrib["class"] == "reference"]
    (x1, y1, x2, y2), right = (float(diagonal.attrib[k]) for k in ("x1", "y1", "x2", "y2")), dots(picture)[1]
    on_line = y1 + (float(right.attrib["cx"]) - x1) / (x2 - x1) * (y2 - y1)
    assert abs(on_line - float(right.attrib["cy"])) < 0.5


def test_differences_lie_over_means_and_the_lines_are_labelled():
    picture = bland_altman("b", "t", "says", POINTS, axes=AXES, lines=(-2.0, -16.0, 12.0))
    heights = [float(dot.attrib["cy"]) for dot in dots(picture)]
    assert heights == sorted(heights), "+4, 0, -10: from above down"
    assert "−16.0" in picture
    assert len([line for line in ET.fromstring(picture).iter("line") if "curve" in line.attrib["class"]]) == 3


def test_the_loss_of_every_net_is_a_line_with_its_name():
    curves = [Curve("net 1", "c0", ((10.0, 0.7), (20.0, 0.4))), Curve("net 1, held out", "c0 dashed", ((20.0, 0.5),))]
    tree = ET.fromstring(learning_curve("l", "t", "says", curves, axes=AXES))
    assert len(list(tree.iter("polyline"))) == 2
    assert {"net 1", "net 1, held out"} <= {text.text for text in tree.iter("text")}
