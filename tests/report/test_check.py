"""The page of a check."""

from radiolucent.core import Finding
from radiolucent.report.check import MOST_SHOWN, CheckedSeries, check_page, counted, title
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
        "4.25",
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


def test_of_several_series_the_gravest_comes_first_and_rules_are_summed_up():
    clean, noted, bad = (
        CheckedSeries(name, 1, found) for name, found in (("a", ()), ("b", (NOTE,)), ("c", (GAP, NOTE)))
    )
    page = check_page([clean, noted, bad], version="1")
    assert page.index("<h2>c") < page.index("<h2>b") < page.index("<h2>a")
    summary = page[: page.index("<h2>c")]
    assert summary.index("series.missing_slice") < summary.index("header.monochrome1")
    assert '<td class="number">2</td>' in summary, "two series hold low values that are white"


def test_of_many_series_some_are_shown_and_the_others_listed():
    many = [
        CheckedSeries(f"file {k:03d}", 1, (NOTE,), (SQUARE,), quality={"image": {"snr": k + 0.5}}) for k in range(90)
    ]
    page = check_page(many, version="1")
    assert page.count("chart wide") == MOST_SHOWN
    assert all(f"file {k:03d}" in page for k in range(90))
    assert "89.5" in page, "figures of quality are told of all"


def test_a_column_without_anything_in_it_is_left_out():
    nowhere = CheckedSeries("a", 1, (NOTE,))
    assert '<th scope="col">Where' not in check_page([nowhere], version="1")
