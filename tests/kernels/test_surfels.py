"""Surface elements add up to the surface, and distances do not care how a picture is turned."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.kernels.surfels import element_areas, surface_distances


def ball(radius_mm, spacing, n=24):
    grid = np.stack(np.meshgrid(*[(np.arange(n) - (n - 1) / 2) * s for s in spacing], indexing="ij"))
    return np.sqrt((grid**2).sum(axis=0)) <= radius_mm


def test_a_flat_face_has_the_area_of_its_pixels():
    areas = element_areas((3.0, 2.0, 0.5))
    assert areas[0b00001111] == pytest.approx(2.0 * 0.5)
    assert areas[0b01010101] == pytest.approx(3.0 * 2.0)
    assert element_areas((3.0, 2.0))[0b0011] == 2.0
    assert element_areas((3.0, 2.0))[0b0101] == 3.0


def test_a_block_and_its_complement_share_their_surface():
    for spacing in ((1.0, 1.0), (1.0, 2.0, 3.0)):
        areas = element_areas(spacing)
        assert areas[0] == areas[-1] == 0
        assert (areas[1:-1] > 0).all()
    assert element_areas((1.0, 2.0)) == pytest.approx(element_areas((1.0, 2.0))[::-1])


def test_the_elements_of_a_ball_have_its_area_on_any_grid():
    for spacing in ((1.0, 1.0, 1.0), (1.5, 1.0, 1.0)):
        there, _ = surface_distances(ball(10, spacing), ball(10, spacing), spacing)
        assert there.area.sum() == pytest.approx(4 * np.pi * 100, rel=0.1)
        assert there.distance.max() == 0


def test_balls_of_two_sizes_lie_nearly_their_difference_of_radii_apart():
    """A little less, since the nearest corner of a surface, which is some corners thick, is taken."""
    there, back = surface_distances(ball(10, (1, 1, 1)), ball(7, (1, 1, 1)), (1.0, 1.0, 1.0))
    assert 2 <= back.mean() <= there.mean() <= 3
    assert there.percentile(100) <= 4


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 3]))
def test_distances_follow_turns_and_mirrors(seed, n):
    rng = np.random.default_rng(seed)
    a, b = rng.random((2, *(5,) * n)) < 0.4
    spacing = tuple(float(s) for s in rng.integers(1, 4, n))
    order = tuple(rng.permutation(n))
    before = surface_distances(a, b, spacing)[0]
    turned = surface_distances(
        np.flip(a.transpose(order), 0), np.flip(b.transpose(order), 0), tuple(spacing[k] for k in order)
    )[0]
    assert turned.distance == pytest.approx(before.distance)
    assert turned.percentile(100) == before.percentile(100)
