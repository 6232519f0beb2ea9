import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import roc_auc_score

from radiolucent.core import InputError
from radiolucent.learn import KerasClassifier, KerasRegressor, load, save
from radiolucent.learn.mixing import mixed
from radiolucent.learn.schedule import default_members, default_steps, schedule

SMALL = {"width": 4, "blocks": 1, "steps": 60, "batch": 16, "members": 1, "threads": 1}


def blobs(n=80, size=20, classes=2, seed=0):
    """Noise, and in each class but the first a bright disc, the larger the later the class."""
    random = np.random.default_rng(seed)
    y = np.arange(n) % classes
    X = random.integers(40, 90, (n, size, size))
    y_axis, x_axis = np.mgrid[:size, :size]
    for picture, label in zip(X, y, strict=True):
        picture[(y_axis - 6) ** 2 + (x_axis - 9) ** 2 < 12 * label**2] += 120
    return X.astype(np.uint8), y


def test_the_learning_rate_rises_then_falls_to_zero():
    rates = [schedule(done) for done in np.linspace(0, 1, 101)]
    assert rates[0] < 0.05
    assert max(rates) == pytest.approx(1, abs=0.01)
    assert np.argmax(rates) == 10
    assert rates[-1] == pytest.approx(0, abs=1e-9)
    assert (np.diff(rates[10:]) <= 0).all()


def test_steps_grow_with_the_pictures_between_bounds():
    steps = [default_steps(n) for n in (1, 200, 1000, 5000, 100_000)]
    assert steps == sorted(steps)
    assert steps[-1] == default_steps(1_000_000)


def test_a_short_training_is_repeated_and_averaged():
    assert [default_members(steps, 1000) for steps in (60, 512, 800, 5000)] == [3, 3, 2, 1]
    assert default_members(300, 90) == 1, "a hundred passes over few pictures are enough"


def test_mixing_keeps_the_sum_of_labels_and_the_own_picture_dominant():
    random = np.random.default_rng(0)
    x, t = random.normal(size=(50, 4, 4, 1)).astype(np.float32), np.eye(3, dtype=np.float32)[np.arange(50) % 3]
    _, soft = mixed(x, t, 0.4, random)
    np.testing.assert_allclose(soft.sum(axis=1), 1, atol=1e-6)
    assert (soft[np.arange(50), np.arange(50) % 3] >= 0.5).all()


def test_an_estimator_that_was_not_fitted_says_so():
    with pytest.raises(NotFittedError):
        KerasClassifier().predict_proba(blobs()[0])


def test_it_can_be_cloned_and_stores_only_its_arguments():
    made = KerasClassifier(width=8, augmentations=("flip",))
    assert clone(made).get_params() == made.get_params()
    assert set(vars(made)) == set(made.get_params())


def test_importing_the_stage_does_not_import_tensorflow():
    code = "import sys, radiolucent.learn; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("X", "y", "says"),
    [
        (blobs()[0], np.zeros(80, int), "needs two classes"),
        (blobs()[0], np.zeros(79, int), "one label a picture"),
        (blobs()[0].astype(float), blobs()[1], "must be uint8"),
        (blobs()[0], np.full((80, 2), 0.5), "must be 0 or 1"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(X, y, says):
    with pytest.raises(InputError, match=says):
        KerasClassifier(**SMALL).fit(X, y)


@pytest.mark.parametrize(
    ("y", "says"),
    [
        (np.where(np.arange(80) == 7, np.nan, 1.0 * np.arange(80)), "first in row 7"),
        (np.ones(80), "all 80 numbers are 1"),
        (np.ones((80, 2)), "one number a picture"),
    ],
)
def test_numbers_that_cannot_be_learned_are_refused(y, says):
    with pytest.raises(InputError, match=says):
        KerasRegressor(width=4).fit(blobs()[0], y)


deep = pytest.mark.deep


@pytest.fixture(scope="module")
def fitted():
    pytest.importorskip("tensorflow")
    return KerasClassifier(**{**SMALL, "members": 2}, seed=3).fit(*blobs())


@deep
def test_a_net_learns_a_disc_and_keeps_the_contract(fitted):
    X, y = blobs(seed=1)
    told = fitted.predict_proba(X)
    assert told.shape == (80, 2)
    np.testing.assert_allclose(told.sum(axis=1), 1)
    assert roc_auc_score(y, told[:, 1]) > 0.95
    np.testing.assert_array_equal(fitted.predict(X), told.argmax(axis=1))


@deep
def test_the_same_seed_gives_the_same_numbers_and_leaves_the_global_generators_alone(fitted):
    np.random.seed(5)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    again = clone(fitted).fit(*blobs())
    assert np.random.random() == expected  # noqa: NPY002
    np.testing.assert_array_equal(again.predict_proba(blobs()[0]), fitted.predict_proba(blobs()[0]))


@deep
def test_members_differ_and_their_probabilities_are_averaged(fitted):
    X = blobs(seed=2)[0]
    description, weights = fitted.to_parts()
    alone = [KerasClassifier.from_parts(description, [part]).predict_proba(X) for part in weights]
    assert not np.array_equal(alone[0], alone[1])
    np.testing.assert_allclose(np.mean(alone, axis=0), fitted.predict_proba(X), atol=1e-6)


@deep
def test_the_rows_are_predicted_alike_alone_and_together(fitted):
    X = blobs(seed=2)[0]
    alone = np.concatenate([fitted.predict_proba(X[i : i + 1]) for i in range(5)])
    np.testing.assert_allclose(alone, fitted.predict_proba(X)[:5], atol=1e-5)


@deep
def test_labels_may_be_words_pictures_coloured_mapped_and_three_classes(tmp_path):
    pytest.importorskip("tensorflow")
    X, y = blobs(classes=3, n=90)
    np.save(tmp_path / "pictures.npy", np.repeat(X[..., None], 3, axis=3))
    mapped = np.load(tmp_path / "pictures.npy", mmap_mode="r")
    words = np.array(["none", "left", "right"])[y]
    made = KerasClassifier(**SMALL, size=16, augmentations=(), mixup=0.2, class_weight="balanced").fit(mapped, words)
    assert made.classes_.tolist() == ["left", "none", "right"]
    assert (made.predict(mapped) == words).mean() > 0.9
    with pytest.raises(InputError, match="trained on 3 colour channels"):
        made.predict_proba(X)


@deep
def test_a_budget_ends_training_in_time_and_progress_is_told():
    pytest.importorskip("tensorflow")
    seen = []
    made = KerasClassifier(**{**SMALL, "steps": 100_000}, budget_s=1.0, progress=seen.append).fit(*blobs())
    assert seen == sorted(seen)
    assert seen[-1] == 1
    assert len(seen) < 50_000
    assert np.isfinite(made.predict_proba(blobs()[0])).all()


@deep
def test_training_that_diverges_stops_and_says_so():
    pytest.importorskip("tensorflow")
    with pytest.raises(InputError, match="diverged"):
        KerasClassifier(**{**SMALL, "learning_rate": float("nan")}).fit(*blobs())


FRESH = """
import sys, numpy as np
from radiolucent.learn import load
for name in sys.argv[2:]:
    net, X = load(f"{sys.argv[1]}/{name}").estimator, np.load(f"{sys.argv[1]}/X.npy")
    np.save(f"{sys.argv[1]}/{name}.npy", net.predict_proba(X) if hasattr(net, "predict_proba") else net.predict(X))
"""


@deep
def test_grades_labels_and_numbers_are_learned_saved_and_told_alike_in_a_fresh_process(tmp_path):
    pytest.importorskip("tensorflow")
    X, y = blobs(classes=3, n=90)
    labels = np.column_stack([y >= 1, y >= 2]).astype(int)
    grades = KerasClassifier(**SMALL, head="ordinal").fit(X, y)
    several = KerasClassifier(**SMALL).fit(X, labels)
    number = KerasRegressor(**SMALL).fit(X, 40.0 + 10 * y)
    assert (grades.predict(X) == y).mean() > 0.9
    assert (several.predict(X) == labels).mean() > 0.9
    assert several.predict_proba(X).shape == (90, 2)
    assert np.abs(number.predict(X) - 40 - 10 * y).mean() < 3
    assert number.score(X, 40.0 + 10 * y) > 0.7
    told = {"grades": grades.predict_proba(X), "several": several.predict_proba(X), "number": number.predict(X)}
    np.save(tmp_path / "X.npy", X)
    for name, net in zip(told, (grades, several, number), strict=True):
        save(tmp_path / name, estimator=net, manifest={})
        assert type(load(tmp_path / name).estimator) is type(net)
    subprocess.run([sys.executable, "-c", FRESH, str(tmp_path), *told], check=True)
    for name, expected in told.items():
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), expected, rtol=1e-5, atol=1e-6)
    assert grades.maps_and_gradients(X[:4], 2)[1].shape[0] == 4


@pytest.mark.deep
@pytest.mark.parametrize("net", ["small_resnet", "slice_resnet"])
def test_volumes_are_learned_like_pictures(net, tmp_path):
    pytest.importorskip("tensorflow")
    flat, y = blobs(24, 12)
    X = np.repeat(flat[:, None, ..., None], 3, axis=1)
    made = KerasClassifier(**SMALL | {"net": net, "steps": 4, "batch": 8}).fit(X, y)
    p = made.predict_proba(X)
    assert p.shape == (24, 2)
    description, weights = made.to_parts()
    again = KerasClassifier.from_parts(json.loads(json.dumps(description)), weights)
    np.testing.assert_allclose(again.predict_proba(X), p, atol=1e-6)
    assert made.maps_and_gradients(X[:2], 1)[0].ndim == 5
    with pytest.raises(InputError, match="a volume of 3 slices, and this is a picture"):
        made.predict_proba(flat)


@pytest.mark.deep
def test_batches_that_memory_does_not_hold_are_made_smaller_and_that_is_said(monkeypatch):
    pytest.importorskip("tensorflow")
    X, y = blobs(32, 12)
    monkeypatch.setattr("radiolucent.learn.training.available", lambda: 500_000)
    with pytest.warns(UserWarning, match=r"batches of \d+ pictures instead of 16: those would need"):
        KerasClassifier(**SMALL | {"steps": 2}).fit(X, y)


@pytest.mark.deep
def test_a_net_that_starts_from_weights_says_which_layers_they_fitted_and_keeps_no_path(tmp_path):
    pytest.importorskip("tensorflow")
    X, y = blobs(24, 12)
    first = KerasClassifier(**SMALL | {"steps": 2}).fit(X, y)
    folder = save(tmp_path / "first", estimator=first, manifest={})
    parameters = SMALL | {"steps": 1, "members": 2, "learning_rate": 0.0, "weight_decay": 0.0}
    made = KerasClassifier(**parameters, start=str(folder), cutmix=1.0, mixup=0.2).fit(X, y)
    assert made.started_.left == ()
    assert made.remarks_[0].startswith(
        f"{len(made.started_.matched)} of {len(made.started_.matched)} layers start from"
    )
    for net in made.nets_:
        kernels = [one.get_layer("stem_conv").get_weights()[0] for one in (net, first.nets_[0])]
        np.testing.assert_array_equal(*kernels)
    assert "start" not in made.to_parts()[0]["parameters"]


@deep
def test_larger_nets_are_trained_saved_and_answer_alike_in_a_fresh_process(tmp_path):
    pytest.importorskip("tensorflow")
    X, y = blobs(12, 24)
    np.save(tmp_path / "X.npy", X)
    few = {"steps": 2, "batch": 4, "members": 1, "threads": 1, "size": 24}
    widths = {"resnet18": 4, "efficientnet": 8}
    made = {name: KerasClassifier(net=name, width=width, **few).fit(X, y) for name, width in widths.items()}
    for name, net in made.items():
        save(tmp_path / name, estimator=net, manifest={})
    subprocess.run([sys.executable, "-c", FRESH, str(tmp_path), *made], check=True)
    for name, net in made.items():
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), net.predict_proba(X), atol=1e-6)
