"""Net benefit by its definition; the ROC curve's corners."""

import numpy as np
import pytest
from sklearn import metrics

from radiolucent.evaluate import net_benefit, roc


def test_net_benefit_equals_its_definition_at_every_threshold():
    rng = np.random.default_rng(0)
    y, p = rng.random(150) < 0.3, np.round(rng.random(150), 2)
    for row in net_benefit(y, p):
        t = row["threshold"]
        called = p >= t
        wanted = np.mean(called & y) - np.mean(called & ~y) * t / (1 - t)
        assert row["model"] == pytest.approx(wanted)
        assert row["all"] == pytest.approx(y.mean() - (1 - y.mean()) * t / (1 - t))


def test_treating_all_is_worth_the_prevalence_at_nought_and_nothing_at_the_prevalence():
    y = np.repeat([True, False], [20, 80])
    rows = {row["threshold"]: row for row in net_benefit(y, y.astype(float), thresholds=(1e-9, 0.2, 0.5))}
    assert rows[1e-9]["all"] == pytest.approx(0.2)
    assert rows[0.2]["all"] == pytest.approx(0)
    assert rows[0.5]["all"] == pytest.approx(0.2 - 0.8)
    assert rows[0.5]["model"] == pytest.approx(0.2)


def test_one_net_true_positive_per_hundred_is_a_net_benefit_of_one_hundredth():
    """Vickers' reading: 10 true and 81 false positives of 1,000 at a threshold of 10 % are worth 1 true positive."""
    y = np.repeat([True, False], [10, 990])
    p = np.concatenate([np.full(10, 0.5), np.full(81, 0.5), np.full(909, 0.01)])
    assert net_benefit(y, p, thresholds=(0.1,))[0]["model"] == pytest.approx(0.001)


def test_nothing_to_decide_gives_no_curve():
    assert net_benefit([], []) == []
    assert roc([True, True], [0.1, 0.2]) == []


@pytest.mark.parametrize("digits", [1, 6])
def test_the_roc_corners_equal_scikit_learns(digits):
    rng = np.random.default_rng(1)
    y = rng.random(120) < 0.5
    p = np.round(rng.random(120) + 0.3 * y, digits)
    fpr, tpr, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    np.testing.assert_allclose(roc(y, p), np.column_stack([fpr, tpr]), atol=1e-12)


def test_a_long_roc_curve_is_thinned_but_keeps_its_ends_and_its_area():
    rng = np.random.default_rng(2)
    y = rng.random(5000) < 0.3
    p = rng.standard_normal(5000) + y
    points = np.array(roc(y, p))
    assert len(points) == 200
    assert points[0].tolist() == [0, 0]
    assert points[-1].tolist() == [1, 1]
    assert np.trapezoid(points[:, 1], points[:, 0]) == pytest.approx(metrics.roc_auc_score(y, p), abs=0.003)
