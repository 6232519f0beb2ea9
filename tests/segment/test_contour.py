"""Contours come to rest on edges, keep labels, and a ball stays a ball in thick slices."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.phantom.shapes import sphere
from radiolucent.segment import geodesic_active_contour, snake


def dice(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


def noisy(shape, spacing_mm, radius_mm, noise=20.0):
    image, mask = sphere(shape, radius_mm=radius_mm, spacing_mm=spacing_mm)
    return image.with_array(image.array + np.random.default_rng(0).normal(0, noise, shape).astype(np.float32)), mask


@pytest.mark.parametrize("grow_mm", [-3, 3])
def test_a_line_near_a_disc_is_drawn_to_it(grow_mm):
    image, truth = noisy((72, 72), (1, 1), 20)
    start = sphere((72, 72), radius_mm=20 + grow_mm)[1]
    found = snake(image, start)
    assert dice(found.array > 0, truth.array > 0) > 0.97
    assert found.names == start.names


def test_two_discs_keep_their_labels():
    y, x = np.indices((48, 96))
    truth = np.where(np.hypot(y - 24, x - 24) < 14, 3, 0) + np.where(np.hypot(y - 24, x - 70) < 12, 9, 0)
    start = np.where(np.hypot(y - 24, x - 24) < 16, 3, 0) + np.where(np.hypot(y - 24, x - 70) < 14, 9, 0)
    grid = Grid(truth.shape, "yx", (1.0, 1.0))
    found = snake(Image((truth > 0) * 100.0, grid), Mask(start.astype(np.uint8), grid))
    assert (found.array == truth).mean() > 0.98


def test_volumes_are_drawn_slice_by_slice():
    image, _ = noisy((48, 48), (1, 1), 14)
    start = sphere((48, 48), radius_mm=16)[1]
    grid = Grid((3, 48, 48), "zyx", (5.0, 1.0, 1.0))
    flat = snake(image, start).array
    deep = snake(Image(np.stack([image.array] * 3), grid), Mask(np.stack([start.array] * 3), grid)).array
    np.testing.assert_array_equal(deep, np.stack([flat] * 3))


@pytest.mark.parametrize(
    ("shape", "spacing_mm"), [((64, 64), (1, 1)), ((40, 40, 40), (1, 1, 1)), ((13, 40, 40), (3, 1, 1))]
)
def test_a_shrinking_contour_is_held_by_a_ball_whatever_its_spacing(shape, spacing_mm):
    image, truth = noisy(shape, spacing_mm, 13)
    found = geodesic_active_contour(image).array > 0
    assert dice(found, truth.array > 0) > 0.92
    assert not found[0].any()


def test_a_growing_contour_fills_a_disc_from_within():
    image, truth = noisy((64, 64), (1, 1), 20)
    found = geodesic_active_contour(image, sphere((64, 64), radius_mm=5)[1], balloon=1.0)
    assert dice(found.array > 0, truth.array > 0) > 0.95


@pytest.mark.parametrize("moved", [snake, geodesic_active_contour])
def test_an_empty_start_and_one_on_another_grid_are_refused(moved):
    image, _ = noisy((32, 32), (1, 1), 8)
    with pytest.raises(InputError, match="hold no label"):
        moved(image, Mask(np.zeros((32, 32), np.uint8), image.grid))
    with pytest.raises(InputError, match="shape"):
        moved(image, Mask(np.ones((8, 8), np.uint8), Grid((8, 8), "yx", (1.0, 1.0))))


@pytest.mark.parametrize("moved", [snake, geodesic_active_contour])
def test_grey_values_may_be_scaled_and_shifted(moved):
    image, _ = noisy((48, 48), (1, 1), 12)
    start = sphere((48, 48), radius_mm=14)[1]
    turned = image.with_array(image.array * np.float32(0.5) + 64)
    np.testing.assert_array_equal(moved(image, start).array, moved(turned, start).array)
