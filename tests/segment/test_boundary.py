"""Edges close around what they enclose, and lines between points follow edges."""

from dataclasses import replace

import numpy as np
import pytest
from skimage.graph import route_through_array

from radiolucent.core import Grid, Image, InputError, Keypoints, Mask
from radiolucent.phantom.shapes import sphere
from radiolucent.segment import canny_fill, live_wire


def dice(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


def noisy(shape, spacing_mm, radius_mm, noise=20.0):
    image, mask = sphere(shape, radius_mm=radius_mm, spacing_mm=spacing_mm)
    return image.with_array(image.array + np.random.default_rng(0).normal(0, noise, shape).astype(np.float32)), mask


def corners(grid, points):
    labels = np.zeros(grid.shape, np.uint8)
    for number, point in enumerate(points, 1):
        labels[point] = number
    return Mask(labels, grid)


@pytest.mark.parametrize(
    ("shape", "spacing_mm", "least"),
    [((64, 64), (1, 1), 0.95), ((40, 40, 40), (1, 1, 1), 0.93), ((13, 40, 40), (3, 1, 1), 0.93)],
)
def test_a_ball_is_filled_whatever_its_spacing(shape, spacing_mm, least):
    image, truth = noisy(shape, spacing_mm, 12)
    assert dice(canny_fill(image).array > 0, truth.array > 0) > least


def test_what_is_not_enclosed_is_not_found():
    y, _ = np.indices((40, 40))
    assert not canny_fill(Image((y > 20).astype(float), Grid((40, 40), "yx", (1.0, 1.0)))).array.any()


def test_grey_values_may_be_scaled_and_shifted():
    image, _ = noisy((64, 64), (1, 1), 12)
    np.testing.assert_array_equal(
        canny_fill(image).array, canny_fill(image.with_array(image.array * np.float32(-0.5) + 64)).array
    )


def test_weak_edges_above_strong_ones_are_refused():
    with pytest.raises(InputError, match=r"low=0\.5 is above high=0\.2"):
        canny_fill(noisy((20, 20), (1, 1), 5)[0], low=0.5, high=0.2)


def test_a_wire_through_four_points_goes_around_a_disc():
    image, truth = noisy((64, 64), (1, 1), 16, noise=10.0)
    points = [(16, 32), (32, 47), (47, 32), (32, 16)]
    assert dice(live_wire(image, corners(image.grid, points)).array > 0, truth.array > 0) > 0.97


def test_keypoints_go_on_where_the_labels_end():
    image, _ = noisy((64, 64), (1, 1), 16, noise=10.0)
    points = np.array([(16, 32), (32, 47), (47, 32), (32, 16)], np.float32)
    ones = np.ones(2)
    late = Keypoints(points[2:], ones, ones, ones, np.ones((2, 1)), "click")
    first = corners(image.grid, [tuple(p) for p in points[:2].astype(int)])
    whole = corners(image.grid, [tuple(p) for p in points.astype(int)])
    np.testing.assert_array_equal(live_wire(image, first, late).array, live_wire(image, whole).array)


def test_each_leg_is_the_cheapest_path():
    image, _ = noisy((32, 32), (1, 1), 8)
    from radiolucent.kernels.edges import gradients

    steep = np.hypot(*gradients(image.array, (1.0, 1.0), 1.0)).astype(float)
    cost = 1 / (1 + 20 * steep / steep.max())
    points = [(8, 16), (16, 23), (23, 16)]
    mask = live_wire(image, corners(image.grid, points)).array
    for start, end in zip(points, [*points[1:], points[0]]):
        path, _ = route_through_array(cost, start, end, geometric=True)
        assert mask[tuple(np.transpose(path))].all()


def test_slices_between_drawn_ones_are_interpolated():
    image, _ = noisy((9, 48, 48), (2, 1, 1), 40, noise=5.0)
    y, x = np.indices((48, 48))
    disc = np.hypot(y - 23.5, x - 23.5) < 14
    image = image.with_array(np.stack([100.0 * disc] * 9))
    labels = np.zeros(image.grid.shape, np.uint8)
    for number, level in enumerate((1, 7)):
        for k, point in enumerate([(10, 24), (24, 37), (37, 24), (24, 10)], 1):
            labels[(level, *point)] = 4 * number + k
    found = live_wire(image, Mask(labels, image.grid)).array
    assert not found[[0, 8]].any()
    assert all(dice(found[level] > 0, disc) > 0.95 for level in range(1, 8))


def test_two_points_enclose_nothing_and_are_refused():
    image, _ = noisy((32, 32), (1, 1), 8)
    with pytest.raises(InputError, match="three points or more"):
        live_wire(image, corners(image.grid, [(8, 16), (16, 23)]))
    with pytest.raises(InputError, match="three points or more"):
        live_wire(image)


def test_a_keypoint_outside_is_refused():
    image, _ = noisy((32, 32), (1, 1), 8)
    ones = np.ones(3)
    with pytest.raises(InputError, match="outside the picture"):
        live_wire(image, None, Keypoints(np.full((3, 2), 40.0), ones, ones, ones, np.ones((3, 1)), "click"))


def test_a_series_is_filled_frame_by_frame():
    image, _ = noisy((40, 40), (1, 1), 12)
    series = replace(image, array=np.stack([image.array] * 2), grid=Grid((2, 40, 40), "tyx", (1.0, 1.0)))
    np.testing.assert_array_equal(canny_fill(series).array[1], canny_fill(image).array)


def test_an_object_that_the_rim_cuts_is_closed_there():
    _, y, x = np.indices((20, 40, 40))
    tube = np.hypot(y - 20, x - 20) < 9
    assert dice(canny_fill(Image(100.0 * tube, Grid(tube.shape, "zyx", (1.0, 1.0, 1.0)))).array > 0, tube) > 0.95
