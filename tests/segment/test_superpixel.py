"""Small regions join into what they are parts of."""

import numpy as np
import pytest
from skimage.segmentation import slic

from radiolucent.core import Grid, Image
from radiolucent.kernels import compete
from radiolucent.phantom.shapes import sphere
from radiolucent.segment import mean_shift, superpixels


def dice(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


def noisy(shape, spacing_mm, radius_mm, noise=15.0):
    image, mask = sphere(shape, radius_mm=radius_mm, spacing_mm=spacing_mm)
    return image.with_array(image.array + np.random.default_rng(0).normal(0, noise, shape).astype(np.float32)), mask


@pytest.mark.parametrize("parted", [superpixels, mean_shift])
@pytest.mark.parametrize(("shape", "spacing_mm"), [((64, 64), (1, 1)), ((13, 40, 40), (3, 1, 1))])
def test_a_ball_is_one_region_whatever_its_spacing(parted, shape, spacing_mm):
    image, truth = noisy(shape, spacing_mm, 13)
    mask = parted(image)
    inside = truth.array > 0
    assert dice(mask.array == np.bincount(mask.array[inside]).argmax(), inside) > 0.92
    assert set(np.unique(mask.array)) == set(mask.names)
    assert mask.array.min() == 1


def test_without_merging_they_are_scikit_images():
    image, _ = noisy((60, 60), (1, 1), 15)
    found = superpixels(image, width_mm=6.0, compactness=0.2, merge=False).array
    theirs = slic(image.array, 100, 0.2, spacing=[1.0, 1.0], channel_axis=None)
    pairs = np.unique(np.stack([found.ravel(), theirs.ravel()]), axis=1)
    assert pairs.shape[1] == len(np.unique(found)) == len(np.unique(theirs))


def test_merging_lowers_the_energy():
    image, _ = noisy((60, 60), (1, 1), 15)
    energy = compete.Energy.of((1.0, 1.0), smoothness=1.0, cost=float(np.log(3600)), variance=1e-3)
    small, large = (superpixels(image, merge=merge).array for merge in (False, True))
    assert energy.total(image.array, large) < energy.total(image.array, small)
    assert large.max() < small.max()


def test_parts_that_are_too_small_join_the_likest_neighbour():
    labels = np.ones((6, 8), int)
    labels[:, 4:], labels[2, 5] = 2, 3
    values = np.choose(labels, [0, 10.0, 50.0, 30.0])
    found = compete.without_small(values, labels, 3)
    assert len(np.unique(found)) == 2
    assert found[2, 5] == found[0, 7]


def test_two_levels_far_apart_in_value_stay_two_by_mean_shift():
    values = np.zeros((40, 40), np.float32)
    values[:, 20:] = 100
    found = mean_shift(Image(values, Grid((40, 40), "yx", (1.0, 1.0)))).array
    assert not set(np.unique(found[:, :20])) & set(np.unique(found[:, 20:]))
    assert found.max() <= 4


@pytest.mark.parametrize("parted", [superpixels, mean_shift])
def test_grey_values_may_be_scaled_and_shifted(parted):
    image, _ = noisy((48, 48), (1, 1), 13)
    np.testing.assert_array_equal(
        parted(image).array, parted(image.with_array(image.array * np.float32(4) - 128)).array
    )
