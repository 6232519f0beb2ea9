"""Cuts and walks: discs are found, seeds stay, and each op says what it cannot take."""

from dataclasses import replace

import numpy as np
import pytest
from skimage.segmentation import random_walker as theirs

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.segment import grabcut, graph_cut, random_walker

SEEDED = pytest.mark.parametrize("parted", [graph_cut, random_walker, grabcut])


def scene(noise=15.0):
    y, x = np.indices((48, 64))
    truth = np.hypot(y - 24, x - 30) < 13
    values = np.where(truth, 120, 60) + np.random.default_rng(0).normal(0, noise, truth.shape)
    grid = Grid(truth.shape, "yx", (1.0, 1.0))
    seeds = np.zeros(truth.shape, np.uint8)
    seeds[20:28, 26:34], seeds[:3], seeds[-3:], seeds[:, :3] = 5, 2, 2, 2
    return Image(values.astype(np.float32), grid), Mask(seeds, grid, {2: "ground", 5: "disc"}), truth


def dice(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


@SEEDED
def test_a_disc_is_found_from_seeds_which_keep_labels_and_names(parted):
    image, seeds, truth = scene(noise=6.0)
    mask = parted(image, seeds)
    assert dice(mask.array == 5, truth) > 0.97
    assert mask.names == seeds.names
    np.testing.assert_array_equal(mask.array[seeds.array > 0], seeds.array[seeds.array > 0])


def test_a_cut_without_seeds_finds_the_brighter_class_through_noise():
    image, _, truth = scene(noise=25.0)
    assert dice(graph_cut(image).array == 1, truth) > 0.9


def test_a_higher_price_of_boundary_leaves_fewer_islands():
    from scipy.ndimage import label

    image, _, _ = scene(noise=30.0)
    islands = [label(graph_cut(image, smoothness=s).array)[1] for s in (0.0, 1.0, 4.0)]
    assert islands[0] > islands[1] > islands[2] >= 1


def scaled(image):
    return (image.array - image.array.min()) / np.float64(np.ptp(image.array))


def test_a_random_walk_is_scikit_images():
    image, seeds, _ = scene()
    expected = theirs(scaled(image), np.searchsorted([0, 2, 5], seeds.array), beta=90, mode="bf")
    assert (random_walker(image, seeds, beta=90.0).array == np.array([0, 2, 5])[expected]).mean() > 0.999


def test_thick_slices_count_by_their_spacing_in_a_walk():
    image, seeds, _ = scene()
    grid = Grid((3, 48, 64), "zyx", (4.0, 1.0, 1.0))
    volume = Image(np.stack([image.array] * 3), grid)
    start = Mask(np.stack([np.zeros_like(seeds.array), seeds.array, np.zeros_like(seeds.array)]), grid)
    codes = np.searchsorted([0, 2, 5], start.array)
    expected = theirs(scaled(volume), codes, mode="bf", spacing=np.array([4.0, 1.0, 1.0]))
    assert (random_walker(volume, start).array == np.array([0, 2, 5])[expected]).mean() > 0.995


def test_grabcut_takes_colour():
    image, seeds, truth = scene(noise=5.0)
    colour = np.stack([np.where(truth, 200, 60), np.where(truth, 40, 60), np.full(truth.shape, 60)], -1).astype(
        np.uint8
    )
    assert dice(grabcut(Image(colour, image.grid), seeds).array == 5, truth) > 0.99


@SEEDED
def test_one_class_of_seeds_is_refused(parted):
    image, seeds, _ = scene()
    with pytest.raises(InputError, match="only label 5"):
        parted(image, replace(seeds, array=np.where(seeds.array == 5, 5, 0)))


@pytest.mark.parametrize("parted", [graph_cut, grabcut])
def test_three_classes_are_refused_where_two_are_parted(parted):
    image, seeds, _ = scene()
    three = seeds.array.copy()
    three[40:, 50:] = 9
    with pytest.raises(InputError, match="hold 3 labels"):
        parted(image, replace(seeds, array=three))


def test_grabcut_says_that_it_is_flat():
    grid = Grid((4, 8, 8), "zyx", (1.0, 1.0, 1.0))
    with pytest.raises(InputError, match="graph_cut is n-D"):
        grabcut(Image(np.zeros((4, 8, 8)), grid), Mask(np.ones((4, 8, 8), np.uint8), grid))


def test_on_even_ground_a_walker_goes_to_the_nearest_seed():
    image, seeds, _ = scene()
    flat = image.with_array(np.full_like(image.array, 7))
    start = np.zeros(seeds.array.shape, np.uint8)
    start[:, 0], start[:, -1] = 1, 2
    found = random_walker(flat, Mask(start, image.grid)).array
    assert (found[:, :31] == 1).all()
    assert (found[:, 33:] == 2).all()
