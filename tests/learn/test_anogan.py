"""The detector learns what is normal, points at what is not, and is the same again when loaded."""

import subprocess
import sys

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.anogan import AnoGAN
from radiolucent.learn.gan import GAN
from radiolucent.learn.model import load, save

AGAIN = """
import sys, numpy as np
from radiolucent.learn.gan import GAN
from radiolucent.learn.model import load
X = np.load(sys.argv[2])
found, drawing = load(sys.argv[1]).estimator, load(sys.argv[3]).estimator
drawn, _ = drawing.sample(70, seed=3)
np.savez(sys.argv[4], score=found.score_samples(X), map=found.anomaly_map(X), drawn=drawn)
"""
TINY = {"width": 4, "latent": 4, "batch": 8, "steps": 3, "encoder_steps": 3}


def normals(n=60, seed=0):
    """A bright disc near the middle, of varied size."""
    random = np.random.default_rng(seed)
    y, x = np.indices((16, 16)) - 7.5
    radius = random.uniform(4, 6, (n, 1, 1))
    return (30 + 150 * (np.hypot(y, x) < radius) + random.integers(0, 20, (n, 16, 16))).astype(np.uint8)


def spotted(pictures):
    changed = pictures.copy()
    changed[:, 2:6, 2:6] = 250
    return changed


@pytest.fixture(scope="module")
def fitted():
    pytest.importorskip("tensorflow")
    return AnoGAN(
        width=6, latent=8, batch=16, steps=200, critic_steps=2, encoder_steps=300, learning_rate=2e-3, jitter=0, seed=1
    ).fit(normals())


@pytest.mark.deep
def test_a_spot_that_no_normal_has_lowers_the_score_and_lights_up_in_the_map(fitted):
    unseen = normals(20, seed=9)
    abnormal = spotted(unseen)
    worse = fitted.score_samples(abnormal)[:, None] < fitted.score_samples(unseen)[None]
    assert worse.mean() > 0.9
    map_ = fitted.anomaly_map(abnormal)
    assert map_.shape == (20, 16, 16)
    assert map_[:, 2:6, 2:6].mean() > 2 * map_.mean()
    assert fitted.normal_of(abnormal)[:, 2:6, 2:6].mean() < 200


@pytest.mark.deep
def test_the_score_is_made_of_the_map_and_of_the_features(fitted):
    pictures = normals(3, seed=4)
    pixels = np.square(fitted.anomaly_map(pictures) / 127.5).mean(axis=(1, 2))
    assert (-fitted.score_samples(pictures) >= pixels - 1e-6).all()
    only = load_like(fitted, kappa=0.0)
    np.testing.assert_allclose(-only.score_samples(pictures), pixels, rtol=1e-4)


def load_like(fitted, **changed):
    description, weights = fitted.to_parts()
    description["parameters"] |= changed
    return AnoGAN.from_parts(description, weights)


@pytest.mark.deep
def test_saved_detectors_and_generators_give_the_same_in_a_new_process(fitted, tmp_path):
    X = spotted(normals(5, seed=3))
    drawing = GAN(kind="dcgan", width=4, latent=4, batch=8, steps=2).fit(normals(30), np.arange(30) % 2)
    save(tmp_path / "detector", estimator=fitted, manifest={"normal": "disc"})
    save(tmp_path / "generator", estimator=drawing, manifest={"synthetic": True})
    np.save(tmp_path / "x.npy", X)
    paths = [str(tmp_path / name) for name in ("detector", "x.npy", "generator", "found.npz")]
    subprocess.run([sys.executable, "-c", AGAIN, *paths], check=True)
    with np.load(tmp_path / "found.npz") as found:
        np.testing.assert_allclose(found["score"], fitted.score_samples(X), rtol=1e-5)
        np.testing.assert_allclose(found["map"], fitted.anomaly_map(X), atol=1e-3)
        np.testing.assert_array_equal(found["drawn"], drawing.sample(70, seed=3)[0])
    assert isinstance(load(tmp_path / "detector").estimator, AnoGAN)
    assert isinstance(load(tmp_path / "generator").estimator, GAN)


@pytest.mark.deep
def test_a_training_that_was_stopped_in_either_part_goes_on_to_what_it_would_have_been(tmp_path):
    pytest.importorskip("tensorflow")
    X = normals(24)
    whole = AnoGAN(**TINY).fit(X)
    seen = []

    def stopped(done):
        seen.append(done)
        if done > 0.8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        AnoGAN(**TINY, checkpoint=tmp_path / "state.npz", progress=stopped).fit(X)
    assert seen == sorted(seen)
    resumed = AnoGAN(**TINY, checkpoint=tmp_path / "state.npz").fit(X)
    np.testing.assert_allclose(resumed.losses_, whole.losses_, rtol=1e-4)
    np.testing.assert_allclose(resumed.score_samples(X), whole.score_samples(X), rtol=1e-4)


@pytest.mark.deep
def test_colour_and_too_few_normals_are_said(fitted):
    with pytest.raises(InputError, match="grey pictures, and these have 3 colours"):
        fitted.score_samples(np.zeros((2, 16, 16, 3), np.uint8))
    with pytest.raises(InputError, match="needs 20 at least"):
        AnoGAN().fit(normals(10))
