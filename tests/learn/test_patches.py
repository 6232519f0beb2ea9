"""Patches lie where they should, are varied alike with their labels, and cover an image when put together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.learn.patches import drawn, normalised, padded, tiles, varied, window


@given(st.tuples(st.integers(8, 40), st.integers(8, 40)), st.tuples(st.integers(2, 8), st.integers(2, 8)))
def test_tiles_cover_every_pixel_and_overlap_by_half(size, shape):
    counted = np.zeros(size, int)
    for place in tiles(size, shape):
        assert counted[place].shape == shape
        counted[place] += 1
    assert counted.min() >= 1


def test_an_image_that_is_smaller_than_a_patch_is_widened_on_both_sides():
    wide, before = padded(np.arange(6).reshape(2, 3), (5, 3))
    assert wide.shape == (5, 3)
    assert before == (1, 0)
    np.testing.assert_array_equal(wide[1:3], np.arange(6).reshape(2, 3))


def test_half_of_the_patches_hold_a_label_however_rare_it_is():
    image, labels = np.zeros((60, 60), np.float32), np.zeros((60, 60), np.uint8)
    labels[50, 7] = 1
    generator = np.random.default_rng(0)
    hit = [drawn(image, labels, [np.argwhere(labels == 1)], (8, 8), generator)[1].any() for _ in range(300)]
    assert 0.4 < np.mean(hit) < 0.65


def test_image_and_labels_are_turned_together():
    y, x = np.indices((40, 40))
    labels = (np.hypot(y - 15, x - 22) < 8).astype(np.uint8)
    generator = np.random.default_rng(1)
    for _ in range(20):
        image, moved = varied(labels * np.float32(10), labels, (0, 1), generator)
        bright = image > (image.min() + image.max()) / 2
        assert (bright == (moved == 1)).mean() > 0.97


def test_normalised_values_have_no_mean_and_unit_spread_and_ignore_outliers():
    grey = np.random.default_rng(0).normal(300, 40, (50, 50))
    grey[0, 0] = 1e7
    found = normalised(grey)
    assert found.mean() == pytest.approx(0, abs=1e-4)
    assert found.std() == pytest.approx(1, abs=1e-3)
    assert found.dtype == np.float32
    assert not normalised(np.full((4, 4), 7)).any()


def test_the_middle_of_a_window_counts_most():
    weight = window((8, 16))
    assert weight.max() == weight[3:5, 7:9].max() == 1
    assert weight.min() >= 1e-3
