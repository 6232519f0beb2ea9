"""The page of a segmentation study tells the scores, the worst cases, and what was left out of the means."""

from radiolucent.report.outlining import outlining_page
from radiolucent.report.study import Picture

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def told(split=None):
    figure = {"value": 0.83, "low": 0.8, "high": 0.86}
    mean = {"dice": figure, "nsd": figure, "hd95_mm": figure}
    cases = [
        {"key": "aaaa", "row": 0, "scores": {"1": {"dice": 0.9}}},
        {"key": "bbbb", "row": 4, "scores": {"1": {"dice": 0.2}}},
        {"key": "cccc", "row": 5, "scores": {"1": {"dice": None}}},
    ]
    return {
        "radiolucent": "0.1.0",
        "n": 3,
        "patients": 2,
        "labels": {"1": {"name": "cord", "n": 3, "both_empty": 1, "one_empty": 0, "mean": mean}},
        "cases": cases,
        "patch": [32, 32],
        "seconds": {"fit_s": 600.0, "predict_s": 2.0},
        "asked": {"tolerance_mm": 1.0, "folds": 5, "seed": 3, "split": split, "net": {"steps": 2000, "batch": 2}},
    }


def test_the_title_tells_dice_with_its_interval_and_the_worst_case_comes_first():
    page = outlining_page(told(), [Picture(DOT, "bbbb")])
    assert "On 3 images of 2 patients" in page
    assert "cord 0.83" in page
    assert "0.86]" in page
    assert page.index("bbbb</th>") < page.index("aaaa</th>") < page.index("cccc</th>")
    assert "left out of the means: 1." in page
    assert "5 folds of whole patients" in page


def test_a_given_split_is_told_as_such():
    assert "The given test part was labelled once" in outlining_page(told("split"), [])
