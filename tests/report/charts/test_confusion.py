import xml.etree.ElementTree as ET

from radiolucent.report.charts import confusion_matrix


def drawn(counts, classes):
    return ET.fromstring(confusion_matrix("c", "t", "s", counts, classes, axes=("True", "Predicted")))


def test_every_count_is_shown_with_its_share_of_the_row():
    words = [
        "".join(t.itertext()).replace("\u00a0", " ")
        for t in drawn([[375, 125], [101, 399]], ["no", "yes"]).iter("text")
    ]
    for expected in ("375", "125", "101", "399", "75 %", "25 %", "80 %", "20 %"):
        assert expected in words


def test_an_empty_row_has_no_share():
    words = ["".join(t.itertext()) for t in drawn([[4, 0], [0, 0]], ["no", "yes"]).iter("text")]
    assert words.count("–") == 2


def test_many_classes_still_fit():
    n = 10
    tree = drawn([[i * j for j in range(n)] for i in range(n)], [f"a rather long class {i}" for i in range(n)])
    _, _, width, height = map(float, tree.attrib["viewBox"].split())
    assert len(list(tree.iter("rect"))) == n * n
    assert all(float(r.attrib["x"]) + float(r.attrib["width"]) <= width for r in tree.iter("rect"))
    assert all(float(r.attrib["y"]) + float(r.attrib["height"]) <= height for r in tree.iter("rect"))
