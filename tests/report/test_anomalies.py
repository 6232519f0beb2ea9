"""The page of a detector tells its area beside those of simple scores, and the threshold's price."""

import copy

from radiolucent.report.anomalies import anomalies_page
from radiolucent.report.study import Picture

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)
TOLD = {
    "radiolucent": "0.1.0", "normal": "no finding", "size": 28, "neighbours": 5, "threshold": 0.12, "alarms": 0.05,
    "asked": {"steps": 1500, "encoder_steps": 1000, "batch": 32, "width": 16, "seed": 1}, "patients_known": True,
    "n": {"normals": 1214, "held_out_normals": 135, "test": 624, "abnormal": 390}, "deviation_turned": True,
    "scores": {
        "f_anogan": {"value": 0.8, "low": 0.76, "high": 0.83}, "deviation": {"value": 0.83, "low": 0.8, "high": 0.86},
        "correlation": {"value": 0.6, "low": 0.55, "high": 0.65},
    },
    "differences": [
        {"a": "f_anogan", "b": "deviation", "auc": {"value": -0.03, "low": -0.06, "high": 0.01}, "p": 0.1},
        {"a": "f_anogan", "b": "correlation", "auc": {"value": 0.2, "low": 0.1, "high": 0.3}, "p": 0.001},
    ],
    "rates": {
        "sensitivity": {"value": 0.3, "low": 0.2, "high": 0.4}, "false_alarms": {"value": 0.06, "low": 0.03, "high": 0.1},
    },
}  # fmt: skip


def test_the_title_says_what_it_beats_and_what_it_does_not():
    page = anomalies_page(TOLD, {"highest": [Picture(DOT, "ill: 0.4", DOT)], "errors": []})
    assert "Trained on no finding alone, f-AnoGAN tells 390 other pictures among 624 test images" in page
    assert "no better than chance beside the standard deviation of grey values" in page
    assert "better than the correlation with the nearest normals" in page
    assert "A low standard deviation speaks for abnormal" in page
    assert "ill: 0.4" in page


def test_alarms_are_told_with_their_price_or_why_there_are_none():
    assert "which 5" in anomalies_page(TOLD, {})
    without = copy.deepcopy(TOLD) | {"rates": None, "threshold": None}
    assert "there is no threshold" in anomalies_page(without, {})
