from dataclasses import astuple

import numpy as np
import pytest
from scipy import ndimage

from radiolucent.core import Grid, Image, Mask
from radiolucent.measure.perturb import USUAL, Perturbation, noise_of, perturbed

SHAPE = (20, 60, 64)
GRID = Grid(SHAPE, "zyx", (3.0, 1.0, 1.0), origin_mm=(5.0, 6.0, 7.0), direction=((0, 0, 1), (0, 1, 0), (1, 0, 0)))
Z, Y, X = np.indices(SHAPE)
INSIDE = ((((Z - 9) * 3 / 20) ** 2 + ((Y - 30) / 12) ** 2 + ((X - 31) / 20) ** 2) < 1).astype(np.uint8) * 2
GREY = (np.sin(Y / 5) * 40 + X).astype(np.float32)
IMAGE, MASK = Image(GREY, GRID), Mask(INSIDE, GRID)


def test_no_change_changes_nothing():
    image, mask = perturbed(IMAGE, MASK, 2, Perturbation())
    assert np.array_equal(image.array[mask.array == 2], GREY[INSIDE == 2])


@pytest.mark.parametrize("change", USUAL, ids=lambda change: str(astuple(change)))
def test_a_usual_perturbation_leaves_most_of_the_region(change):
    image, mask = perturbed(IMAGE, MASK, 2, change)
    assert mask.array.max() == 2
    assert np.count_nonzero(mask.array) == pytest.approx(np.count_nonzero(INSIDE), rel=0.12)
    assert image.array[mask.array == 2].mean() == pytest.approx(GREY[INSIDE == 2].mean(), rel=0.05)


@pytest.mark.parametrize("growth", [-0.3, -0.1, 0.1, 0.3])
def test_growth_is_exact_in_voxels(growth):
    _, mask = perturbed(IMAGE, MASK, 2, Perturbation(growth=growth))
    assert np.count_nonzero(mask.array) == round(np.count_nonzero(INSIDE) * (1 + growth))


def test_a_quarter_turn_swaps_the_sides_of_the_region():
    _, mask = perturbed(IMAGE, MASK, 2, Perturbation(angle_deg=90.0))
    sides = [np.ptp(np.nonzero(mask.array)[axis]) for axis in (1, 2)]
    before = [np.ptp(np.nonzero(INSIDE)[axis]) for axis in (1, 2)]
    assert sides == pytest.approx(before[::-1], abs=1)


def test_image_and_mask_move_alike():
    own = Image(INSIDE.astype(np.float32), GRID)
    image, mask = perturbed(own, MASK, 2, Perturbation(angle_deg=5.0, shift_px=0.3))
    assert np.array_equal(image.array >= 1, mask.array == 2)


def test_the_noise_of_a_picture_is_found_under_its_structure():
    smooth = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(80, 80)), 6) * 500
    noisy = smooth + np.random.default_rng(1).normal(0, 5, smooth.shape)
    assert noise_of(noisy) == pytest.approx(5, rel=0.1)


def test_noise_comes_from_its_seed():
    noisy = Image(GREY + np.random.default_rng(2).normal(0, 3, SHAPE).astype(np.float32), GRID)
    first, again, other = (perturbed(noisy, MASK, 2, Perturbation(noise=1.0, seed=s))[0].array for s in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_place_in_space_stays():
    mask = perturbed(IMAGE, MASK, 2, Perturbation(growth=0.1))[1]
    middles = [(m.grid.affine @ [*ndimage.center_of_mass(m.array), 1])[:3] for m in (MASK, mask)]
    assert np.allclose(*middles, atol=0.3)
