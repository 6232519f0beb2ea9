"""The page of a check."""

from radiolucent.core import Finding
from radiolucent.report.check import CheckedSeries, check_page, counted, title
from radiolucent.report.texts import texts

GAP = Finding(
    "2 slices are missing.", "series.missing_slice", 2, "slices", because=("limit: 0",), where="a, b", severity="block"
)
NOTE = Finding("Low values are white.", "header.monochrome1")
SQUARE = ((0.0, 0.0, 0.0), (9.0, 0.0, 0.0), (9.0, 9.0, 0.0), (0.0, 9.0, 0.0))


def test_the_page_says_rule_value_limit_and_files():
    series = CheckedSeries("Series 1: CT", 9, (GAP, NOTE), (SQUARE,), frozenset({0}), {"image": {"snr": 4.25}})
    page = check_page([series], version="1")
    for words in (
        "series.missing_slice",
        "2 slices",
        "a, b",
        "stops a run",
        "remark",
        "snr",
        "4.250",
        "1 serious finding",
    ):
        assert words in page
    assert 'class="chart wide"' in page
    assert 'class="chart narrow"' in page


def test_a_clean_check_says_so():
    clean = CheckedSeries("Series 1: CT", 9)
    assert title(texts("en"), [clean]) == "1 series in 9 files: nothing wrong was found"
    assert "No rule is broken" in check_page([clean], version="1")


def test_findings_are_counted_by_severity():
    assert counted([CheckedSeries("a", 1, (GAP, NOTE)), CheckedSeries("b", 1, (GAP,))]) == {
        "block": 2,
        "warn": 0,
        "info": 1,
    }


def test_names_of_files_stay_text():
    hostile = Finding("x", "series.x", where="<script>alert(1)</script>.dcm", severity="warn")
    assert "<script>alert" not in check_page([CheckedSeries("<b>", 1, (hostile,))], version="1")
