"""Regions grow from seeds: the discs of a phantom are found, seeds and names stay, and poor seeds are refused."""

from dataclasses import replace

import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.segment import growcut, region_competition, seeded_region_growing

GROWERS = (seeded_region_growing, growcut, region_competition)
each = pytest.mark.parametrize("grown", GROWERS)


def scene(spacing=(1.0, 1.0), noise=4.0):
    y, x = np.indices((48, 64))
    truth = np.where(np.hypot(y - 24, x - 18) < 11, 2, 1) + np.where(np.hypot(y - 24, x - 46) < 9, 2, 0)
    values = np.choose(truth, [0, 20.0, 120.0, 200.0]) + np.random.default_rng(0).normal(0, noise, truth.shape)
    grid = Grid(truth.shape, "yx", spacing)
    seeds = np.zeros(truth.shape, np.uint8)
    seeds[20:28, 18], seeds[20:28, 46], seeds[2, :], seeds[:, 32] = 2, 3, 1, 1
    return Image(values.astype(np.float32), grid), Mask(seeds, grid, {1: "ground", 2: "left", 3: "right"}), truth


@each
def test_two_discs_and_their_ground_are_found(grown):
    image, seeds, truth = scene()
    mask = grown(image, seeds)
    for label in (1, 2, 3):
        both = ((mask.array == label) & (truth == label)).sum()
        assert 2 * both / ((mask.array == label).sum() + (truth == label).sum()) > 0.97
    assert mask.names == seeds.names


@each
def test_seeds_never_change_and_every_pixel_gets_a_label(grown):
    image, seeds, _ = scene(noise=60.0)
    mask = grown(image, seeds)
    kept = seeds.array > 0
    np.testing.assert_array_equal(mask.array[kept], seeds.array[kept])
    assert (mask.array > 0).all()


@each
def test_other_numbers_of_the_labels_give_the_same_regions(grown):
    image, seeds, _ = scene()
    other = replace(seeds, array=np.choose(seeds.array, [0, 9, 4, 7]), names={})
    np.testing.assert_array_equal(grown(image, other).array, np.choose(grown(image, seeds).array, [0, 9, 4, 7]))


@each
def test_brightness_and_contrast_do_not_matter(grown):
    image, seeds, _ = scene()
    louder = image.with_array(np.asarray(image.array, np.float64) * 4 + 1024)
    assert (grown(louder, seeds).array == grown(image, seeds).array).mean() > 0.999


def test_a_sphere_is_a_sphere_on_an_anisotropic_grid():
    spacing = (3.0, 1.0, 1.0)
    z, y, x = (np.arange(n) * s for n, s in zip((16, 48, 48), spacing, strict=True))
    away = np.sqrt((z[:, None, None] - 24) ** 2 + (y[:, None] - 24) ** 2 + (x - 24) ** 2)
    values = (np.where(away < 15, 100, 0) + np.random.default_rng(0).normal(0, 8, away.shape)).astype(np.float32)
    grid = Grid(away.shape, "zyx", spacing)
    seeds = np.zeros(away.shape, np.uint8)
    seeds[away < 6], seeds[away > 22] = 2, 1
    for grown in GROWERS:
        found = grown(Image(values, grid), Mask(seeds, grid)).array == 2
        assert 2 * (found & (away < 15)).sum() / (found.sum() + (away < 15).sum()) > 0.98


def test_frames_of_a_series_grow_apart():
    image, seeds, _ = scene()
    grid = Grid((2, 48, 64), "tyx", (1.0, 1.0))
    both = seeded_region_growing(
        Image(np.stack([image.array] * 2), grid), Mask(np.stack([seeds.array] * 2), grid, seeds.names)
    )
    np.testing.assert_array_equal(both.array[1], seeded_region_growing(image, seeds).array)


def test_without_seeds_region_competition_finds_the_regions_itself():
    image, _, truth = scene(noise=10.0)
    mask = region_competition(image)
    assert sorted(mask.names) == [1, 2, 3]
    assert (mask.array == truth).mean() > 0.98


@each
def test_seeds_of_one_class_are_refused_with_what_to_do(grown):
    image, seeds, _ = scene()
    with pytest.raises(InputError, match=r"only label 2.*mark some of the ground"):
        grown(image, replace(seeds, array=np.where(seeds.array == 2, 2, 0)))


@each
def test_seeds_on_another_grid_are_refused_with_what_differs(grown):
    image, seeds, _ = scene()
    with pytest.raises(InputError, match="different grids"):
        grown(image, replace(seeds, grid=Grid((48, 64), "yx", (2.0, 1.0))))


def test_a_frame_without_a_class_is_named():
    image, seeds, _ = scene()
    grid = Grid((2, 48, 64), "tyx", (1.0, 1.0))
    both = Mask(np.stack([seeds.array, np.zeros_like(seeds.array)]), grid)
    with pytest.raises(InputError, match="of frame 1 hold no label"):
        growcut(Image(np.stack([image.array] * 2), grid), both)


def test_colour_is_refused():
    image, seeds, _ = scene()
    with pytest.raises(InputError, match="colour"):
        growcut(Image(np.stack([image.array] * 3, -1), image.grid), seeds)
