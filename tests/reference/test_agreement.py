import pytest

from radiolucent.evaluate.regression import number_scores

# Bland & Altman 1986, table 1: peak expiratory flow [l/min], first measurement by each of the two meters
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def test_the_limits_of_agreement_are_those_that_bland_and_altman_published(record_property):
    found = number_scores(MINI, WRIGHT)
    assert found["bias"][0] == pytest.approx(-2.1, abs=0.05)
    assert (found["limit_high"][0] - found["limit_low"][0]) / 2 / 1.96 == pytest.approx(38.8, abs=0.06)
    record_property("difference", abs(found["bias"][0] + 2.1))
