"""A classifier with generated pictures keeps the contract, and its generator sees the rows of the fit alone."""

import numpy as np
import pytest
from sklearn.base import clone

from radiolucent.core import InputError
from radiolucent.learn import gan
from radiolucent.learn.candidates import CANDIDATES
from radiolucent.learn.model import load, save
from radiolucent.learn.synthetic import SyntheticClassifier

TINY = {"generator_steps": 2, "generator_width": 4, "width": 4, "steps": 3, "members": 1, "seed": 3}


def pictures(n=24):
    random = np.random.default_rng(0)
    return random.integers(0, 256, (n, 8, 8), dtype=np.uint8), np.where(np.arange(n) % 3 == 0, "ill", "well")


@pytest.mark.deep
def test_it_learns_from_both_predicts_every_class_and_survives_saving(tmp_path, monkeypatch):
    pytest.importorskip("tensorflow")
    seen = []
    fit = gan.GAN.fit
    monkeypatch.setattr(gan.GAN, "fit", lambda self, X, y: (seen.append((X.copy(), y.copy())), fit(self, X, y))[1])
    X, y = pictures()
    made = SyntheticClassifier(synthetic=1.5, **TINY).fit(X[:20], y[:20])
    np.testing.assert_array_equal(seen[0][0], X[:20])
    assert len(seen) == 1
    assert made.drawn_ == 30
    assert made.classes_.tolist() == ["ill", "well"]
    assert made.get_params()["steps"] == 3
    p = made.predict_proba(X)
    save(tmp_path / "model", estimator=made, manifest={})
    np.testing.assert_allclose(load(tmp_path / "model").estimator.predict_proba(X), p, atol=1e-5)
    assert isinstance(load(tmp_path / "model").estimator, SyntheticClassifier)


@pytest.mark.deep
def test_pictures_of_a_side_that_a_gan_does_not_draw_get_generated_ones_of_their_own_size():
    pytest.importorskip("tensorflow")
    X = np.random.default_rng(0).integers(0, 256, (20, 9, 11), dtype=np.uint8)
    y = np.arange(20) % 2
    made = SyntheticClassifier(**TINY | {"generator_steps": 1})
    made.drawn_ = 4
    drawn, labels = made._drawn(X, y)
    assert drawn.shape == (4, 9, 11)
    assert set(labels) <= {0, 1}


def test_it_is_a_candidate_on_request_and_can_be_cloned():
    assert not CANDIDATES["cnn_synthetic"].default
    assert CANDIDATES["cnn_synthetic"].make is SyntheticClassifier
    assert clone(SyntheticClassifier(synthetic=2.0)).get_params()["synthetic"] == 2.0


@pytest.mark.parametrize(
    ("change", "y", "says"),
    [
        ({"synthetic": 0.0}, np.arange(24) % 2, "more than 0 generated"),
        ({}, np.eye(24)[:, :2].astype(int), "bear one class each"),
        ({}, np.zeros(24), "all 24 pictures bear the label"),
    ],
)
def test_what_it_cannot_learn_from_is_said(change, y, says):
    with pytest.raises(InputError, match=says):
        SyntheticClassifier(**TINY | change).fit(pictures()[0], y)
