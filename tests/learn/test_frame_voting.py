import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer

from radiolucent.core import InputError
from radiolucent.learn import load, save, svm
from radiolucent.learn.frame_voting import FrameVoting
from radiolucent.learn.sequences import as_sequences
from radiolucent.measure.frames import FrameFeatures


def flat(frames):
    return frames.reshape(len(frames), -1).astype(float)


def voting(**changes):
    return FrameVoting(FunctionTransformer(flat), LogisticRegression(), **changes)


def films(n=12):
    random = np.random.default_rng(0)
    y = np.arange(n) % 3
    X = [random.integers(0, 60, (int(random.integers(1, 6)), 8, 8)) + 60 * label for label in y]
    return [one.astype(np.uint8) for one in X], np.array(["a", "b", "c"])[y]


def test_a_sequence_gets_the_mean_of_its_frames():
    X, y = films()
    fitted = voting().fit(X, y)
    p, each = fitted.predict_proba(X), fitted.predict_frames(X)
    np.testing.assert_allclose(np.nanmean(each, axis=1), p, atol=1e-12)
    assert (fitted.predict(X) == y).all()
    assert list(fitted.classes_) == ["a", "b", "c"]


def test_only_so_many_frames_vote():
    X, y = films()
    each = voting(frames=2).fit(X, y).predict_frames(X)
    assert np.isfinite(each[:, :, 0]).sum(axis=1).max() == 2


def test_it_can_be_cloned():
    made = voting(frames=3)
    assert clone(made).frames == 3


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="one label a sequence"):
        voting().fit(films()[0], np.zeros(3, int))


def test_a_loaded_model_predicts_the_same(tmp_path):
    X, y = films()
    fitted = FrameVoting(FrameFeatures(cells=2), svm(), frames=3).fit(X, y)
    save(tmp_path / "model", estimator=fitted, manifest={"classes": ["a", "b", "c"]})
    again = load(tmp_path / "model").estimator
    np.testing.assert_array_equal(again.predict_proba(as_sequences(X)), fitted.predict_proba(X))
