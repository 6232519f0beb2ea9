"""A generator trains, draws the classes it is asked for and goes on after a stop."""

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.gan import GAN
from radiolucent.learn.gan_nets import halvings
from radiolucent.learn.gan_steps import jitter, warped

TINY = {"width": 4, "latent": 4, "batch": 8, "steps": 4}


def halves(n=40, seed=0):
    """Pictures of two classes: bright on the left, or on the right."""
    random = np.random.default_rng(seed)
    X = random.integers(0, 40, (n, 8, 8)).astype(np.uint8)
    y = np.where(np.arange(n) % 4 == 0, "left", "right")
    X[y == "left", :, :4] += 180
    X[y == "right", :, 4:] += 180
    return X, y


@pytest.fixture(scope="module")
def fitted():
    pytest.importorskip("tensorflow")
    return GAN(kind="dcgan", width=8, latent=4, batch=16, steps=250, learning_rate=2e-3, average=0.9, jitter=0).fit(
        *halves()
    )


@pytest.mark.deep
def test_it_draws_the_class_that_it_is_asked_for(fitted):
    for name, side in (("left", np.s_[:, :, :4]), ("right", np.s_[:, :, 4:])):
        drawn, classes = fitted.sample(20, classes=name, seed=1)
        assert drawn.shape == (20, 8, 8)
        assert drawn.dtype == np.uint8
        assert set(classes) == {name}
        assert drawn[side].mean() > drawn.mean() + 30


@pytest.mark.deep
def test_a_picture_of_a_seed_is_the_same_however_many_are_drawn_and_classes_keep_their_shares(fitted):
    many, classes = fitted.sample(200, seed=5)
    few, _ = fitted.sample(10, classes=classes[:10], seed=5)
    np.testing.assert_array_equal(few, many[:10])
    assert 0.15 < (classes == "left").mean() < 0.35
    assert not np.array_equal(many[:10], fitted.sample(10, classes=classes[:10], seed=6)[0])


@pytest.mark.deep
def test_a_training_that_was_stopped_goes_on_to_what_it_would_have_been(tmp_path):
    pytest.importorskip("tensorflow")
    X, y = halves(24)
    whole = GAN(kind="dcgan", **TINY).fit(X, y)

    def stopped(done):
        if done >= 0.5:
            raise KeyboardInterrupt

    state = {"checkpoint": tmp_path / "state.npz", "keep_every": 1}
    with pytest.raises(KeyboardInterrupt):
        GAN(kind="dcgan", **TINY, **state, progress=stopped).fit(X, y)
    resumed = GAN(kind="dcgan", **TINY, **state).fit(X, y)
    np.testing.assert_allclose(resumed.losses_, whole.losses_, rtol=1e-5)
    for a, b in zip(resumed.generator_.get_weights(), whole.generator_.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    with pytest.raises(InputError, match="another training's state"):
        GAN(kind="dcgan", **TINY, **state).fit(X[::-1], y)


@pytest.mark.deep
def test_without_labels_there_is_one_class_without_a_name():
    pytest.importorskip("tensorflow")
    X, _ = halves(24)
    made = GAN(**TINY).fit(X)
    assert made.sample(3)[1].tolist() == ["", "", ""]
    assert made.losses_.shape == (4, 2)
    assert made.seconds_ > 0


@pytest.mark.deep
def test_a_training_that_diverges_is_stopped_and_said():
    pytest.importorskip("tensorflow")
    with pytest.raises(InputError, match=r"diverged at step .* lower learning_rate from 1e\+06"):
        GAN(**TINY | {"steps": 30}, learning_rate=1e6).fit(*halves(24))


@pytest.mark.deep
def test_the_gradient_penalty_holds_the_critic_near_slope_one():
    pytest.importorskip("tensorflow")
    from radiolucent.learn.engine import slope

    X, _ = halves(24)
    made = GAN(width=8, latent=4, batch=16, steps=60, learning_rate=2e-3, jitter=0).fit(X)
    x = X[:16, ..., None].astype(np.float32) / 127.5 - 1
    import tensorflow as tf

    steep = np.sqrt(np.square(slope(made.critic_, tf.constant(x)).numpy()).sum(axis=(1, 2, 3)))
    assert 0.4 < np.median(steep) < 2


@pytest.mark.deep
def test_jitter_moves_rows_and_columns_as_its_matrices_say():
    keras = pytest.importorskip("keras")
    down, across = jitter(3, 8, 0.0, np.random.default_rng(0))
    pictures = np.random.default_rng(1).random((3, 8, 8, 1)).astype(np.float32)
    np.testing.assert_allclose(np.asarray(warped(keras.ops, pictures, down, across)), pictures, atol=1e-6)
    one_down = np.eye(8, k=-1, dtype=np.float32)[None]
    moved = np.asarray(warped(keras.ops, pictures[:1], one_down, np.eye(8, dtype=np.float32)[None]))
    np.testing.assert_allclose(moved[0, 1:, :, 0], pictures[0, :-1, :, 0], atol=1e-6)


def test_jitter_moves_by_whole_pixels_for_smoothed_pictures_would_hide_chequers_from_the_critic():
    down, across = jitter(200, 20, 0.2, np.random.default_rng(0))
    for matrices in (down, across):
        assert set(np.unique(matrices)) == {0, 1}
        assert (matrices.sum(axis=2) == 1).all()
        assert set(np.unique(matrices.argmax(axis=2)[:, 10] - 10)) == set(range(-4, 5))


@pytest.mark.parametrize(("size", "times"), [(8, 1), (28, 2), (32, 3), (64, 4), (48, 3), (112, 4)])
def test_sides_are_four_to_seven_pixels_doubled(size, times):
    assert halvings(size) == times


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda x, y: (np.stack([x] * 3, axis=-1), y), "these have 3 colours"),
        (lambda x, y: (x[:19], y[:19]), "19 pictures were given; a generator needs 20"),
        (lambda x, y: (x, np.full(len(x), "left")), "all 40 pictures bear the label 'left'"),
        (lambda x, y: (x, np.array(["left"] + ["right"] * 39)), "class 'left' has 1 picture"),
        (lambda x, y: (x, y[:-1]), "one label a picture"),
        (lambda x, y: (x.astype(float), y), "must be uint8"),
        (lambda x, y: (x[:, :, :6], y), "are not square"),
        (lambda x, y: (np.zeros((40, 30, 30), np.uint8), y), "not 30; use 28, 32 or 64"),
    ],
)
def test_what_cannot_be_learned_from_is_said(change, says):
    with pytest.raises(InputError, match=says):
        GAN().fit(*change(*halves()))


def test_an_unknown_kind_is_said():
    with pytest.raises(InputError, match="wgan-gp"):
        GAN(kind="wgan").fit(*halves())


@pytest.mark.deep
def test_what_cannot_be_drawn_is_said(fitted):
    for call, says in (
        (lambda: fitted.sample(0), "at least 1"),
        (lambda: fitted.sample(3, classes="both"), "both"),
        (lambda: fitted.sample(3, classes=["left"]), "3 pictures were asked and 1 classes given"),
    ):
        with pytest.raises(InputError, match=says):
            call()
