from itertools import islice

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.batches import AUGMENTATIONS, checked, resized, scaled, shuffled, variations


def pictures(n=6, size=20):
    return np.random.default_rng(0).integers(0, 256, (n, size, size, 1)).astype(np.uint8)


def test_every_row_comes_once_before_any_comes_twice():
    seen = np.concatenate(list(islice(shuffled(10, 4, np.random.default_rng(0)), 5)))
    assert sorted(seen[:10]) == sorted(seen[10:]) == list(range(10))


def test_all_batches_have_one_size_even_when_there_are_few_rows():
    assert {len(rows) for rows in islice(shuffled(10, 4, np.random.default_rng(0)), 9)} == {4}
    assert {len(rows) for rows in islice(shuffled(3, 64, np.random.default_rng(0)), 9)} == {3}


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_a_variation_keeps_shape_type_and_input(name):
    batch = scaled(pictures())
    before = batch.copy()
    varied = AUGMENTATIONS[name](batch, np.random.default_rng(1))
    assert varied.shape == batch.shape
    assert varied.dtype == np.float32
    assert not np.array_equal(varied, batch)
    np.testing.assert_array_equal(batch, before)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_a_variation_of_a_constant_picture_invents_no_structure(name):
    batch = np.full((4, 20, 20, 1), 0.25, np.float32)
    varied = AUGMENTATIONS[name](batch, np.random.default_rng(1))
    np.testing.assert_allclose(varied.std(axis=(1, 2)), 0, atol=1e-6)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_colour_pictures_are_varied_alike_in_all_channels(name):
    grey = scaled(pictures())
    colour = np.repeat(grey, 3, axis=3)
    varied = AUGMENTATIONS[name](colour, np.random.default_rng(2))
    np.testing.assert_allclose(varied, np.repeat(varied[..., :1], 3, axis=3), atol=1e-6)


def test_a_flip_mirrors_left_to_right_and_nothing_else():
    batch = scaled(pictures(40))
    varied = AUGMENTATIONS["flip"](batch, np.random.default_rng(0))
    same = (varied == batch).all(axis=(1, 2, 3))
    mirrored = (varied == batch[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (same ^ mirrored).all()
    assert 8 < same.sum() < 32


def test_reducing_keeps_the_mean_and_reads_a_memory_map(tmp_path):
    np.save(tmp_path / "pictures.npy", pictures(3, 64)[..., 0])
    mapped = np.load(tmp_path / "pictures.npy", mmap_mode="r")
    small = resized(mapped, size=16)
    assert small.shape == (3, 16, 16, 1)
    np.testing.assert_allclose(small.mean(), mapped.mean(), atol=1)


@pytest.mark.parametrize("X", [np.zeros((2, 8, 8)), np.zeros((8, 8), np.uint8), np.zeros((0, 8, 8), np.uint8)])
def test_pictures_of_another_kind_are_refused(X):
    with pytest.raises(InputError):
        checked(X)


def test_an_unknown_variation_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'affine'"):
        variations(["afine"])
