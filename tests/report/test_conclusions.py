from radiolucent.core import Finding
from radiolucent.report.conclusions import conclusions_page

RULE = Finding(
    "Scale: grade A", code="scale:A1", because=("guideline: Scale, version 1", "missing: risk"), severity="warn"
)
REMARK = Finding("Spacing <was> guessed", code="read.spacing", severity="warn")
MEASURE = Finding(
    "Volume 0.18 ml", code="measure.volume", value=0.18, unit="ml", where="lesion 1", because=("by voxels",)
)


def test_conclusions_come_first_with_what_they_rest_on():
    page = conclusions_page([MEASURE, REMARK, RULE], key="abc", version="1")
    assert "<h1>Scale: grade A</h1>" in page
    order = [page.index(part) for part in ("missing: risk", "Spacing &lt;was&gt; guessed", "lesion 1")]
    assert order == sorted(order)
    assert "case abc" in page
    assert "not a diagnosis" in page


def test_a_case_without_conclusions_says_so_and_leaves_empty_parts_out():
    page = conclusions_page([MEASURE], key="", version="1")
    assert "Nothing was concluded" in page
    assert "Remarks" not in page
    assert "Volume" in page
    assert "0.18" in page
