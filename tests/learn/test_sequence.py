import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from radiolucent.core import InputError
from radiolucent.learn import SequenceClassifier, load, save
from radiolucent.learn.lesson import row_weights
from radiolucent.learn.sequence import default_steps
from radiolucent.learn.sequences import as_sequences

SMALL = {"width": 2, "units": 4, "frames": 3, "steps": 3, "batch": 4, "threads": 1}

AGAIN = """
import sys, numpy as np
from radiolucent.learn import load
model = load(sys.argv[1]).estimator
np.save(sys.argv[3], model.predict_proba(np.load(sys.argv[2])))
"""


def films(n=12, size=8, seed=0):
    """Films of 1 to 7 frames: a bright column that moves to the right (class 1) or to the left (class 0)."""
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    made = []
    for label in y:
        film = random.integers(0, 30, (int(random.integers(1, 8)), size, size))
        for t, frame in enumerate(film):
            frame[:, (t if label else -1 - t) % size] += 200
        made.append(film.astype(np.uint8))
    return made, y


def test_it_can_be_cloned_and_stores_only_its_arguments():
    made = SequenceClassifier(recurrence="lstm", augmentations=("flip",))
    assert clone(made).get_params() == made.get_params()
    assert set(vars(made)) == set(made.get_params())


def test_an_estimator_that_was_not_fitted_says_so():
    with pytest.raises(NotFittedError):
        SequenceClassifier().predict_proba(films()[0])


def test_steps_grow_with_the_sequences_between_bounds():
    steps = [default_steps(n) for n in (1, 60, 100, 10_000)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (200, 1000)


def test_balanced_weights_give_every_class_the_same_total():
    codes = np.array([0, 0, 0, 1])
    weights = row_weights(codes, "balanced")
    assert weights[:3].sum() == pytest.approx(weights[3:].sum())
    assert (row_weights(codes, None) == 1).all()
    with pytest.raises(InputError, match="balanced"):
        row_weights(codes, "equal")


@pytest.mark.parametrize(
    ("X", "y", "changes", "says"),
    [
        (films()[0], np.zeros(12, int), {}, "needs two classes"),
        (films()[0], np.zeros(11, int), {}, "one label a sequence"),
        (*films(), {"frames": 0}, "1 frame or more"),
        ([], np.zeros(0, int), {}, "no sequence"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(X, y, changes, says):
    with pytest.raises(InputError, match=says):
        SequenceClassifier(**(SMALL | changes)).fit(X, y)


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def fitted(told):
    pytest.importorskip("tensorflow")
    return SequenceClassifier(**SMALL, progress=told.append).fit(*films())


@pytest.mark.deep
def test_progress_is_told_up_to_the_end(fitted, told):
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.deep
def test_probabilities_are_of_every_sequence_and_sum_to_one(fitted):
    p = fitted.predict_proba(films()[0])
    assert p.shape == (12, 2)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-6)
    assert set(fitted.predict(films()[0])) <= {0, 1}
    np.testing.assert_array_equal(fitted.each(films()[0]), [p])
    assert [point["step"] for point in fitted.curve_] == [1, 2, 3], "the learning curve of three steps"


@pytest.mark.deep
def test_frames_have_probabilities_where_they_are(fitted):
    X = as_sequences(films()[0])
    each = fitted.predict_frames(X)
    there = np.arange(X.dtype["frames"].shape[0]) < X["length"][:, None]
    assert np.isfinite(each[there]).all()
    assert np.isnan(each[~there]).all()
    np.testing.assert_allclose(each[there].sum(axis=1), 1, atol=1e-6)


@pytest.mark.deep
def test_a_sequence_of_one_frame_is_judged(fitted):
    assert fitted.predict_proba(np.full((1, 1, 8, 8), 99, np.uint8)).shape == (1, 2)


@pytest.mark.deep
def test_frames_of_another_size_are_resized(fitted):
    assert fitted.predict_proba(np.full((2, 3, 16, 16), 99, np.uint8)).shape == (2, 2)


@pytest.mark.deep
def test_a_sequence_is_judged_alike_alone_and_among_longer_ones(fitted):
    made = films()[0]
    alone = np.concatenate([fitted.predict_proba([one]) for one in made[:4]])
    np.testing.assert_allclose(alone, fitted.predict_proba(made)[:4], atol=1e-5)


@pytest.mark.deep
def test_a_loaded_model_predicts_the_same_in_a_fresh_process(fitted, tmp_path):
    X = as_sequences(films()[0])
    save(tmp_path / "model", estimator=fitted, manifest={"classes": ["left", "right"]})
    np.save(tmp_path / "X.npy", X)
    arguments = [str(tmp_path / name) for name in ("model", "X.npy", "p.npy")]
    subprocess.run([sys.executable, "-c", AGAIN, *arguments], check=True)
    np.testing.assert_allclose(np.load(tmp_path / "p.npy"), fitted.predict_proba(X), atol=1e-6)
    assert load(tmp_path / "model").estimator.get_params()["units"] == 4


@pytest.mark.deep
def test_the_same_seed_gives_the_same_net(fitted):
    same = SequenceClassifier(**SMALL).fit(*films())
    np.testing.assert_array_equal(fitted.predict_proba(films()[0]), same.predict_proba(films()[0]))


@pytest.mark.deep
def test_what_only_the_order_of_frames_tells_is_learned_by_recurrence():
    pytest.importorskip("tensorflow")
    y = np.arange(24) % 2
    X = np.random.default_rng(3).integers(0, 20, (24, 4, 8, 8)).astype(np.uint8)
    for film, label in zip(X, y, strict=True):
        film[:2] += np.uint8(120 * label)
        film[2:] += np.uint8(120 * (1 - label))
    changes = {"steps": 80, "frames": 4, "augmentations": (), "learning_rate": 1e-2, "dropout": 0.0, "batch": 12}
    learned = SequenceClassifier(**(SMALL | changes)).fit(X, y)
    assert (learned.predict(X) == y).mean() > 0.9
