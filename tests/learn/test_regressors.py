import numpy as np
import pandas as pd
import pytest

from radiolucent.learn import KerasRegressor, load, save
from radiolucent.learn.candidates import CANDIDATES
from radiolucent.learn.regressors import NUMBERS


def table(n=90):
    random = np.random.default_rng(0)
    X = random.normal(size=(n, 8))
    return X, 50 + 10 * X[:, 0] + random.normal(0, 2, n)


TABLES = [name for name in NUMBERS if CANDIDATES[name].needs in ("rows", "features")]


@pytest.mark.parametrize("name", TABLES)
def test_a_regressor_learns_and_predicts_the_same_when_saved_and_loaded(name, tmp_path):
    assert name in CANDIDATES
    X, y = table()
    fitted = NUMBERS[name]().fit(X, y)
    assert np.corrcoef(fitted.predict(X), y)[0, 1] > 0.8
    again = load(save(tmp_path / "model", estimator=fitted, manifest={})).estimator
    np.testing.assert_array_equal(again.predict(X), fitted.predict(X))


def test_metadata_alone_predict_a_number_over_gaps_and_new_words(tmp_path):
    frame = pd.DataFrame({"weight": np.where(np.arange(80) % 9 == 0, np.nan, np.arange(80.0)), "sex": ["F", "M"] * 40})
    fitted = NUMBERS["metadata"](numeric=("weight",), categorical=("sex",)).fit(frame, np.arange(80.0))
    again = load(save(tmp_path / "model", estimator=fitted, manifest={})).estimator
    asked = frame.assign(sex="?")
    np.testing.assert_array_equal(again.predict(asked), fitted.predict(asked))


def test_every_net_on_pictures_has_its_regressor():
    """A generator draws classes, so that the net that learns from what it draws has none."""
    for name in (name for name, one in CANDIDATES.items() if one.needs == "pictures" and name != "cnn_synthetic"):
        made = NUMBERS[name]()
        assert isinstance(made, KerasRegressor)
        assert made.net == CANDIDATES[name].make().net
