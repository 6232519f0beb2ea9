import xml.etree.ElementTree as ET

from radiolucent.report.charts import flow_of_inclusion


def test_boxes_hold_the_numbers_and_arrows_what_was_left_out():
    steps = [("Rows", 1009), ("Images", 1000)]
    tree = ET.fromstring(flow_of_inclusion("f", "t", "s", steps, between=["unreadable: 9", ""]))
    words = ["".join(t.itertext()) for t in tree.iter("text")]
    assert words == ["Rows", "1,009", "unreadable: 9", "Images", "1,000"]
    assert len(list(tree.iter("rect"))) == 2
    assert len(list(tree.iter("polyline"))) == 1
