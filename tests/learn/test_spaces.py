import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from radiolucent.learn import CANDIDATES, load, save
from radiolucent.learn.spaces import SPACES, searched

CLASSICAL = [name for name, candidate in CANDIDATES.items() if candidate.needs in ("rows", "features")]


def test_every_classical_candidate_can_be_searched():
    assert set(SPACES) == set(CLASSICAL)


@pytest.mark.parametrize("name", CLASSICAL)
def test_the_space_of_a_family_names_its_parameters_and_what_is_chosen_can_be_saved(name, tmp_path):
    if name == "lightgbm":
        pytest.importorskip("lightgbm")
    X, y = make_classification(80, 10, n_informative=5, class_sep=1.5, random_state=4)
    search = searched(name, CANDIDATES[name].make(seed=0), settings=2, seed=1)
    search.set_params(inner=2)
    few = {key: 5 for key in search.estimator.get_params() if key.endswith("n_estimators")}
    few |= {"classify__max_iter": 5} if name == "boosting" else {}
    short = {"classify__max_iter": ("one of", (5,))} if name == "boosting" else {}
    search.set_params(space={**search.space, **short}, estimator=search.estimator.set_params(**few), draft=few)
    with threadpool_limits(1):
        search.fit(X, y, groups=np.arange(80) // 2)
    assert set(search.space) >= set(search.tried_[1]["setting"])
    assert roc_auc_score(y, search.predict_proba(X)[:, 1]) > 0.8
    back = load(save(tmp_path / "model", estimator=search, manifest={})).estimator
    np.testing.assert_array_equal(back.predict_proba(X), search.predict_proba(X))
