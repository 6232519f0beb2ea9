import numpy as np
import pytest
from scipy import stats

from radiolucent.core import InputError
from radiolucent.learn.augment import AUGMENTATIONS, variations
from radiolucent.learn.batches import scaled

MOVES = ("flip", "shift", "affine", "rotate", "scale")
GREY = ("intensity", "gamma")
GRAIN = ("noise", "speckle", "bias")
SHAPES = [(6, 20, 24, 1), (4, 5, 20, 24, 1)]

each = pytest.mark.parametrize("name", AUGMENTATIONS)
both = pytest.mark.parametrize("shape", SHAPES, ids=["pictures", "volumes"])


def random_batch(shape):
    return scaled(np.random.default_rng(0).integers(1, 256, shape).astype(np.uint8))


def test_every_variation_is_of_a_kind_that_the_tests_below_know():
    assert {*MOVES, *GREY, *GRAIN} == set(AUGMENTATIONS)


@each
@both
def test_a_variation_keeps_shape_type_and_input(name, shape):
    batch = random_batch(shape)
    before = batch.copy()
    varied = AUGMENTATIONS[name](batch, np.random.default_rng(1))
    assert varied.shape == batch.shape
    assert varied.dtype == np.float32
    assert not np.array_equal(varied, batch)
    assert np.isfinite(varied).all()
    np.testing.assert_array_equal(batch, before)


@each
@both
def test_the_same_generator_varies_alike_and_another_otherwise(name, shape):
    batch = random_batch(shape)
    first, again, other = (AUGMENTATIONS[name](batch, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", [*MOVES, *GREY])
@both
def test_moves_and_grey_scales_invent_no_structure_in_a_constant_picture(name, shape):
    batch = np.full(shape, 0.25, np.float32)
    varied = AUGMENTATIONS[name](batch, np.random.default_rng(1))
    np.testing.assert_allclose(varied.std(axis=tuple(range(1, len(shape)))), 0, atol=1e-6)


@pytest.mark.parametrize("name", MOVES)
def test_moves_leave_a_constant_picture_as_it_is(name):
    batch = np.full(SHAPES[0], 0.25, np.float32)
    np.testing.assert_allclose(AUGMENTATIONS[name](batch, np.random.default_rng(1)), batch, atol=1e-6)


@each
def test_colour_pictures_are_varied_alike_in_all_channels(name):
    colour = np.repeat(random_batch(SHAPES[0]), 3, axis=3)
    varied = AUGMENTATIONS[name](colour, np.random.default_rng(2))
    np.testing.assert_allclose(varied, np.repeat(varied[..., :1], 3, axis=3), atol=1e-6)


@pytest.mark.parametrize("name", ["speckle", "bias", "gamma"])
def test_black_stays_black_where_light_is_multiplied(name):
    varied = AUGMENTATIONS[name](np.full(SHAPES[0], -1, np.float32), np.random.default_rng(3))
    np.testing.assert_allclose(varied, -1, atol=1e-6)


@both
def test_a_flip_mirrors_left_to_right_and_nothing_else(shape):
    batch = random_batch((40, *shape[1:]))
    varied = AUGMENTATIONS["flip"](batch, np.random.default_rng(0))
    axes = tuple(range(1, batch.ndim))
    same = (varied == batch).all(axis=axes)
    mirrored = (varied == batch[..., ::-1, :]).all(axis=axes)
    assert (same ^ mirrored).all()
    assert 8 < same.sum() < 32


def test_nothing_turns_a_picture_upside_down():
    batch = np.zeros((200, 21, 21, 1), np.float32)
    batch[:, :5] = 1  # light above
    for name in MOVES:
        varied = AUGMENTATIONS[name](batch, np.random.default_rng(0))
        assert (varied[:, :10].mean(axis=(1, 2, 3)) > varied[:, 11:].mean(axis=(1, 2, 3))).all(), name


def test_slices_of_a_volume_are_turned_alike():
    slice_ = random_batch((3, 1, 20, 24, 1))
    varied = AUGMENTATIONS["affine"](np.repeat(slice_, 4, axis=1), np.random.default_rng(0))
    np.testing.assert_array_equal(varied, np.repeat(varied[:, :1], 4, axis=1))


def test_noise_is_normal_and_of_the_strength_that_it_says():
    varied = AUGMENTATIONS["noise"](np.zeros((40, 64, 64, 1), np.float32), np.random.default_rng(0))
    spread = varied.std(axis=(1, 2, 3))
    assert 0 < spread.min() < spread.max() <= 0.105
    assert abs(stats.kurtosis(varied[spread.argmax()].ravel())) < 0.2


def test_speckle_grows_with_the_light():
    batch = np.repeat(np.array([-0.5, 0.5], np.float32), 32)[None, :, None, None] * np.ones((8, 1, 64, 1), np.float32)
    varied = AUGMENTATIONS["speckle"](batch, np.random.default_rng(0))
    dark, light = varied[:, :32].std(axis=(1, 2, 3)), varied[:, 32:].std(axis=(1, 2, 3))
    np.testing.assert_allclose(light / dark, 3, rtol=0.15)


@both
def test_a_bias_field_is_smooth_and_leaves_the_mean_brightness(shape):
    batch = np.zeros((50, *shape[1:]), np.float32)
    field = AUGMENTATIONS["bias"](batch, np.random.default_rng(0)) + 1
    assert 0.9 < np.exp(np.log(field).mean()) < 1.1
    assert 0.1 < np.log(field).std() < 0.6
    for axis in range(1, field.ndim - 1):
        step = np.abs(np.diff(np.log(field), axis=axis)).max()
        assert step < 6 * 2 * np.pi / field.shape[axis] * 0.5, "no edge between neighbours"


def test_an_unknown_variation_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'affine'"):
        variations(["afine"])
