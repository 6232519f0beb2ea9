import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from radiolucent.core import InputError
from radiolucent.learn import KerasClassifier, load, save
from radiolucent.learn.beside import Beside, Columns

SMALL = {"width": 4, "blocks": 1, "steps": 60, "batch": 16, "members": 1, "threads": 1}


def table(n=80):
    age = np.where(np.arange(n) % 10 == 0, np.nan, 20.0 + np.arange(n) % 60)
    return pd.DataFrame({"age": age, "sex": np.where(np.arange(n) % 3 == 0, "F", "M")})


def test_gaps_are_marked_numbers_standardised_and_words_known_or_none():
    columns = Columns.fit(table(), numeric=("age",), categorical=("sex",))
    made = columns.transform(table())
    assert made.shape == (80, columns.width) == (80, 4)
    assert abs(made[:, 0].mean()) < 1e-6
    np.testing.assert_array_equal(made[:, 1], np.isnan(table()["age"]))
    np.testing.assert_array_equal(made[:, 2:].sum(axis=1), 1)
    strange = columns.transform(pd.DataFrame({"age": [np.nan], "sex": ["other"]}))
    assert strange[0, 1:].tolist() == [1, 0, 0]
    again = Columns.from_dict(json.loads(json.dumps(columns.to_dict())))
    np.testing.assert_array_equal(again.transform(table()), made)
    with pytest.raises(InputError, match="at least one column"):
        Columns.fit(table(), numeric=(), categorical=())


def test_rows_are_taken_of_both_and_must_be_as_many():
    both = Beside(np.zeros((80, 8, 8), np.uint8), table())
    assert len(both.rows([3, 5])) == len(both.rows([3, 5]).pictures) == 2
    with pytest.raises(InputError, match="table of 80 rows"):
        Beside(np.zeros((79, 8, 8), np.uint8), table())


@pytest.mark.deep
def test_a_net_uses_what_stands_beside_the_picture_and_tells_the_same_when_loaded(tmp_path):
    pytest.importorskip("tensorflow")
    random = np.random.default_rng(0)
    X = Beside(random.integers(0, 255, (80, 8, 8)).astype(np.uint8), table())
    y = (table()["sex"] == "F").astype(int).to_numpy()  # the pictures tell nothing
    net = KerasClassifier(**SMALL, learning_rate=2e-2, numeric=("age",), categorical=("sex",)).fit(X, y)
    other = Beside(random.integers(0, 255, (80, 8, 8)).astype(np.uint8), table())
    assert roc_auc_score(y, net.predict_proba(other)[:, 1]) > 0.95
    again = load(save(tmp_path / "net", estimator=net, manifest={})).estimator
    np.testing.assert_allclose(again.predict_proba(other), net.predict_proba(other), atol=1e-6)
    with pytest.raises(InputError, match="pictures with a table beside them"):
        net.predict_proba(X.pictures)
    with pytest.raises(InputError, match="pictures alone"):
        KerasClassifier(**SMALL).fit(X, y)
