"""Images are brought to a net's grid and its answers back, whether or not their place in space is known."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image, Mask
from radiolucent.flow.net_grid import back, brought

NAMES = {1: "disc"}


class Net:
    """What `back` asks of a segmenter."""

    classes_ = np.array([0, 1])


def disc(shape, spacing_mm=None, origin_mm=None):
    y, x = np.indices(shape)
    inside = np.hypot(y - shape[0] / 2 + 0.5, x - shape[1] / 2 + 0.5) < 0.35 * min(shape)
    direction = None if origin_mm is None else ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    grid = Grid(shape, "yx", spacing_mm, origin_mm=origin_mm, direction=direction)
    return Image(inside.astype(np.float32), grid), Mask(inside.astype(np.uint8), grid, NAMES)


def dice(a, b):
    return 2 * ((a > 0) & (b > 0)).sum() / ((a > 0).sum() + (b > 0).sum())


@pytest.mark.parametrize("spacing_mm", [None, (0.5, 0.5)])
def test_the_longest_side_is_as_asked_and_the_other_keeps_its_share(spacing_mm):
    image, mask = disc((200, 120), spacing_mm)
    small, marks = brought(None, 100, image, mask)
    assert small.grid.shape == marks.grid.shape == (100, 60)
    assert small.grid.spacing_mm == (None if spacing_mm is None else (1.0, 1.0))
    assert dice(marks.array, small.array > 0.5) > 0.98
    assert brought(None, 200, image, mask) == (image, mask)


@pytest.mark.parametrize(("spacing_mm", "origin_mm"), [(None, None), ((0.5, 0.5), None), ((0.5, 0.5), (3.0, 4.0, 5.0))])
def test_answers_come_back_on_the_images_own_grid_with_smooth_rims(spacing_mm, origin_mm):
    image, mask = disc((208, 160), spacing_mm, origin_mm)
    near, marks = brought(None if spacing_mm is None else (2.0, 2.0), None if spacing_mm else 52, image, mask)
    shares = np.stack([marks.array == 0, marks.array == 1], axis=-1).astype(np.float32)
    found, unsure = back(Net(), shares, near, image, NAMES)
    assert found.grid == image.grid
    assert unsure.grid == near.grid
    assert found.names == NAMES
    assert dice(found.array, mask.array) > 0.98
    blocks = np.kron(marks.array, np.ones((4, 4)))
    assert dice(found.array, mask.array) > dice(blocks, mask.array)


def test_nothing_is_found_beyond_what_the_net_saw():
    image, _ = disc((40, 40), (1.0, 1.0), (0.0, 0.0, 0.0))
    near, _ = disc((20, 20), (1.0, 1.0), (0.0, 0.0, 0.0))
    shares = np.zeros((20, 20, 2), np.float32)
    shares[..., 1] = 1
    found, _ = back(Net(), shares, near, image, NAMES)
    assert found.array[:20, :20].all()
    assert not found.array[21:].any()
