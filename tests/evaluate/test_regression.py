import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from radiolucent.evaluate.regression import number_scores


@given(st.integers(0, 10_000))
def test_errors_and_correlations_are_those_of_scikit_learn_and_scipy(seed):
    random = np.random.default_rng(seed)
    y = random.integers(20, 40, 50).astype(float)
    p = np.round(y + random.normal(0, 5, 50))
    found = number_scores(y, p)
    assert found["mae"][0] == pytest.approx(mean_absolute_error(y, p))
    assert found["rmse"][0] == pytest.approx(root_mean_squared_error(y, p))
    assert found["r2"][0] == pytest.approx(r2_score(y, p))
    assert found["pearson"][0] == pytest.approx(pearsonr(y, p)[0])
    assert found["spearman"][0] == pytest.approx(spearmanr(y, p)[0])


@given(st.integers(0, 10_000))
def test_a_weighted_row_counts_as_so_many_rows(seed):
    random = np.random.default_rng(seed)
    y = random.integers(0, 12, 40).astype(float)
    p, times = np.round(y + random.normal(0, 3, 40)), random.integers(0, 4, 40)
    repeated = number_scores(np.repeat(y, times), np.repeat(p, times))
    for name, value in number_scores(y, p, times).items():
        np.testing.assert_allclose(value, repeated[name], err_msg=name)


def test_a_constant_answer_has_no_correlation_and_explains_nothing():
    y = np.arange(10.0)
    found = number_scores(y, np.full(10, 4.5))
    assert np.isnan(found["pearson"][0])
    assert found["r2"][0] == pytest.approx(0)
