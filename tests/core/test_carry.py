"""Where a transform takes the pixels of one grid on another."""

from dataclasses import replace

import numpy as np
import pytest

from radiolucent.core import Grid, InputError, Transform
from radiolucent.core.carry import between, inverse

BARE = Grid((4, 5, 6), "zyx", (2.0, 1.0, 0.5))
PLACED = replace(BARE, origin_mm=(10.0, 20.0, 30.0), direction=((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)))
SHIFT = np.eye(4)
SHIFT[:3, 3] = (1.0, 2.0, 4.0)  # x, y, z in mm


def test_a_shift_in_mm_is_one_in_pixels_of_the_moving_grid():
    matrix, offset, shape, added = between(PLACED, PLACED, Transform(PLACED, PLACED, SHIFT))
    assert np.allclose(matrix, np.eye(3))
    assert np.allclose(offset, (2.0, 2.0, 2.0))
    assert (shape, added) == ((4, 5, 6), None)


def test_every_pixels_place_is_carried_as_the_affines_say():
    turned = replace(PLACED, shape=(7, 8, 9), direction=((1.0, 0, 0), (0, 0, -1.0), (0, 1.0, 0)), origin_mm=(0, 1, 2))
    turn = np.eye(4)
    turn[:3, :3] = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    matrix, offset, _, _ = between(PLACED, turned, Transform(PLACED, turned, turn @ SHIFT))
    index = np.array([1.0, 2.0, 3.0])
    assert np.allclose(
        turned.affine @ [*(matrix @ index + offset), 1], turn @ SHIFT @ PLACED.affine @ [*index, 1], atol=1e-9
    )


def test_the_way_back_undoes_the_way():
    there = between(PLACED, PLACED, Transform(PLACED, PLACED, SHIFT))
    back = between(PLACED, PLACED, inverse(Transform(PLACED, PLACED, SHIFT)))
    assert np.allclose(there[1] + back[1], 0)
    with pytest.raises(InputError, match="no way back"):
        inverse(Transform(PLACED, PLACED, None, np.zeros((4, 5, 6, 3))))


def test_a_displacement_is_added_in_pixels_on_its_own_grid_only():
    field = np.zeros((4, 5, 6, 3))
    field[..., 0] = 1.0  # mm along x
    transform = Transform(PLACED, PLACED, None, field)
    added = between(PLACED, PLACED, transform)[3]
    assert np.allclose(added[2], 2.0)
    assert np.allclose(added[:2], 0.0)
    with pytest.raises(InputError, match="own grid"):
        between(replace(PLACED, shape=(3, 5, 6)), PLACED, transform)


def test_a_picture_without_a_place_must_be_the_one_that_was_registered():
    transform = Transform(BARE, BARE, SHIFT)
    assert np.allclose(between(BARE, BARE, transform)[1], (2.0, 2.0, 2.0))
    with pytest.raises(InputError, match="is not the one that was registered"):
        between(BARE, replace(BARE, shape=(4, 5, 7)), transform)


def test_frames_over_time_are_refused():
    film = Grid((3, 4, 5), "tyx", (1.0, 1.0), (0.0, 1.0, 2.0))
    with pytest.raises(InputError, match="axes"):
        between(film, film, Transform(film, film, np.eye(4)))
