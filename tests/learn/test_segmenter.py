"""The segmenter learns to find discs, is repeatable, survives saving, and says what it cannot learn from."""

import subprocess
import sys

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn import UNetSegmenter, entropy_map, load, save

AGAIN = """
import sys, numpy as np
from radiolucent.learn import load
np.save(sys.argv[3], load(sys.argv[1]).estimator.predict_proba([np.load(sys.argv[2])])[0])
"""


def discs(n, shape=(40, 44), seed=0):
    random = np.random.default_rng(seed)
    images, labels = [], []
    for _ in range(n):
        centre, radius = random.uniform(12, 28, len(shape)), random.uniform(5, 9)
        away = np.sqrt(sum((i - c) ** 2 for i, c in zip(np.indices(shape), centre, strict=True)))
        inside = away < radius
        labels.append(np.where(inside, 4, 0).astype(np.uint8))
        images.append((100 * inside + random.normal(0, 30, shape)).astype(np.float32))
    return images, labels


def dice(found, truth):
    return 2 * ((found == 4) & (truth == 4)).sum() / max(1, (found == 4).sum() + (truth == 4).sum())


@pytest.fixture(scope="module")
def fitted():
    pytest.importorskip("tensorflow")
    images, labels = discs(12)
    return UNetSegmenter(steps=200, width=8, patch=(32, 32), batch=4, seed=1).fit(images, labels)


@pytest.mark.deep
def test_it_finds_discs_that_it_has_not_seen(fitted):
    images, labels = discs(6, shape=(50, 37), seed=9)
    assert np.mean([dice(a, b) for a, b in zip(fitted.predict(images), labels, strict=True)]) > 0.9
    assert fitted.classes_.tolist() == [0, 4]
    assert np.mean(fitted.losses_[-10:]) < 0.5 * np.mean(fitted.losses_[:5])


@pytest.mark.deep
def test_probabilities_sum_to_one_and_edges_are_the_least_sure(fitted):
    images, labels = discs(1, seed=3)
    p = fitted.predict_proba(images)[0]
    assert p.shape == (*images[0].shape, 2)
    np.testing.assert_allclose(p.sum(axis=-1), 1, atol=1e-4)
    unsure = entropy_map(p)
    assert 0 <= unsure.min() <= unsure.max() <= 1
    wrong = fitted.predict(images)[0] != labels[0]
    assert unsure[wrong].mean() > unsure[~wrong].mean()


@pytest.mark.deep
def test_a_saved_segmenter_predicts_the_same_in_a_new_process(fitted, tmp_path):
    image = discs(1, seed=5)[0][0]
    save(tmp_path / "model", estimator=fitted, manifest={"classes": ["ground", "disc"]})
    np.save(tmp_path / "x.npy", image)
    paths = [str(tmp_path / name) for name in ("model", "x.npy", "p.npy")]
    subprocess.run([sys.executable, "-c", AGAIN, *paths], check=True)
    np.testing.assert_allclose(np.load(tmp_path / "p.npy"), fitted.predict_proba([image])[0], atol=1e-6)
    assert isinstance(load(tmp_path / "model").estimator, UNetSegmenter)


@pytest.mark.deep
def test_volumes_are_learned_in_space_or_slice_by_slice_with_neighbours():
    pytest.importorskip("tensorflow")
    images, labels = discs(4, shape=(18, 24, 24))
    deep = UNetSegmenter(steps=3, width=4, patch=(16, 16, 16), levels=2).fit(images, labels)
    flat = UNetSegmenter(steps=3, width=4, patch=(16, 16), levels=2, dimensions=2, slices=3, flips=(2,)).fit(
        images, labels
    )
    assert deep.predict(images)[0].shape == flat.predict(images)[0].shape == images[0].shape
    assert flat.net_.input_shape == (None, 16, 16, 3)
    with pytest.raises(InputError, match="trained on 3-D images"):
        flat.predict([images[0][0]])


@pytest.mark.deep
def test_the_same_seed_gives_the_same_net():
    pytest.importorskip("tensorflow")
    images, labels = discs(3)
    nets = [UNetSegmenter(steps=3, width=4, patch=(16, 16), seed=7).fit(images, labels) for _ in range(2)]
    for a, b in zip(nets[0].net_.get_weights(), nets[1].net_.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda x, y: (x[:2], y), "one mask an image"),
        (lambda x, y: (x, [m[:-1] for m in y]), "image 0 has shape"),
        (lambda x, y: (x, [m * 0 for m in y]), "all masks are empty"),
        (lambda x, y: (x, [m.astype(float) for m in y]), "labels are integers"),
        (lambda x, y: ([x[0], np.zeros((3, 4, 5))], [y[0], np.zeros((3, 4, 5), int)]), "must all be 2-D or all 3-D"),
    ],
)
def test_what_cannot_be_learned_from_is_said(change, says):
    images, labels = change(*discs(3))
    with pytest.raises(InputError, match=says):
        UNetSegmenter().fit(images, labels)


def test_an_even_number_of_slices_has_no_middle():
    images, labels = discs(2, shape=(6, 20, 20))
    with pytest.raises(InputError, match="2 slices do not fit"):
        UNetSegmenter(slices=2).fit(images, labels)
