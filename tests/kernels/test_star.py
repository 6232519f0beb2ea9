"""Stars on shapes whose answer is known."""

import numpy as np
import pytest

from radiolucent.kernels.star import Fan, Rays, best_star, refined_star


def dice(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


def ellipse(shape, middle, radii):
    place = np.indices(shape)
    return sum(((p - m) / r) ** 2 for p, m, r in zip(place, middle, radii)) <= 1


@pytest.mark.parametrize(("axes", "half", "count"), [(2, 12, 96), (3, 6, 866)])
def test_rays_leave_through_the_surface_of_a_square_or_a_cube_and_know_their_neighbours(axes, half, count):
    rays = Rays.of(axes, half)
    assert len(rays.points) == count
    np.testing.assert_allclose(np.linalg.norm(rays.directions, axis=1), 1)
    for row, beside in enumerate(rays.neighbours):
        assert all(row in rays.neighbours[other] for other in beside if other >= 0)


@pytest.mark.parametrize("click", [(40.0, 50.0), (32.0, 60.0), (48.0, 44.0)])
def test_a_dark_ellipse_in_noise_is_found_from_any_click_inside(click):
    shape = ellipse((96, 96), (40, 50), (18, 26))
    values = np.random.default_rng(0).normal(0, 10, shape.shape) - 40 * shape
    assert dice(best_star(values, click, (1, 1), Fan(3, 45)).mask, shape) > 0.93


def test_a_ball_stays_a_ball_where_slices_are_thick():
    shape = ellipse((12, 40, 40), (6, 20, 20), (4, 12, 12))
    values = np.random.default_rng(0).normal(0, 5, shape.shape) - 40 * shape
    assert dice(best_star(values, (6, 18, 22), (3, 1, 1), Fan(3, 18, half=5, radii=40)).mask, shape) > 0.9


def test_a_rim_is_refined_only_between_the_two_factors():
    shape = ellipse((96, 96), (48, 48), (30, 30))
    start = ellipse((96, 96), (48, 48), (20, 20))
    values = -40.0 * shape
    near = refined_star(values, start, (1, 1), Fan(3, 47, band=1.15), between=(0.9, 1.6)).mask
    far = refined_star(values, start, (1, 1), Fan(3, 47, band=1.15), between=(0.9, 1.2)).mask
    assert dice(near, shape) > 0.96
    assert far.sum() < 1.25**2 * start.sum()


def test_flips_and_swaps_of_the_picture_turn_the_star():
    shape = ellipse((48, 48), (20, 26), (8, 12))
    values = np.random.default_rng(1).normal(0, 5, shape.shape) - 40 * shape
    here = best_star(values, (20, 26), (1, 1), Fan(2, 20)).mask
    flipped = best_star(values[::-1], (27, 26), (1, 1), Fan(2, 20)).mask
    assert np.array_equal(here, flipped[::-1])
    assert np.array_equal(here, best_star(values.T, (26, 20), (1, 1), Fan(2, 20)).mask.T)
