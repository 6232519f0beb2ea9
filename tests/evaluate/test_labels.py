import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, recall_score, roc_auc_score

from radiolucent.evaluate.labels import label_scores


def test_the_figures_of_each_label_are_those_of_scikit_learn():
    random = np.random.default_rng(0)
    y = random.integers(0, 2, (80, 3))
    p = np.clip(0.3 * y + random.random((80, 3)) * 0.7, 0, 1)
    found = label_scores(y, p, p > 0.5)
    for k in range(3):
        np.testing.assert_allclose(found["auc"][0, k], roc_auc_score(y[:, k], p[:, k]))
        np.testing.assert_allclose(found["average_precision"][0, k], average_precision_score(y[:, k], p[:, k]))
        np.testing.assert_allclose(found["sensitivity"][0, k], recall_score(y[:, k], p[:, k] > 0.5))
        np.testing.assert_allclose(found["brier"][0, k], brier_score_loss(y[:, k], p[:, k]))


def test_a_label_that_nobody_bears_has_no_auc_and_the_others_keep_theirs():
    y = np.array([[0, 1], [0, 0], [0, 1], [0, 0]])
    found = label_scores(y, np.full((4, 2), 0.5), np.zeros((4, 2), int))
    assert np.isnan(found["auc"][0, 0])
    assert found["auc"][0, 1] == 0.5
