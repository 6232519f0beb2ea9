import cv2
import numpy as np
import pytest
from mahotas.features.surf import interest_points

from radiolucent.kernels.surf import describe, directions, surf_points


def blobs(seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    picture = np.full((160, 200), 60, np.uint8)
    for _ in range(60):
        y, x, r = random.integers(10, 150), random.integers(10, 190), random.integers(3, 9)
        cv2.circle(picture, (int(x), int(y)), int(r), int(random.integers(90, 255)), -1)
    return cv2.GaussianBlur(picture, (0, 0), 1.0)


def found(picture, *, extended=False, threshold=1.0):
    integral = cv2.integral(picture, sdepth=cv2.CV_64F)
    points = surf_points(integral, threshold)
    points = points[np.argsort(-points[:, 3])]
    angles = directions(integral, points)
    return points, angles, describe(integral, points, angles, extended)


@pytest.mark.parametrize("shift", [0.0, 0.25, 0.75])
def test_a_blob_is_found_between_the_pixels_with_its_scale(shift):
    y, x = np.indices((101, 121))
    for sigma in (2.5, 4.0):
        picture = 100 * np.exp(-((y - 50) ** 2 + (x - 60 - shift) ** 2) / (2 * sigma**2))
        points, _, _ = found(picture)
        np.testing.assert_allclose(points[0, :2], [50, 60 + shift], atol=0.05)
        assert points[0, 2] == pytest.approx(sigma * 0.72, rel=0.1)


def test_the_direction_is_that_of_the_slope():
    y, x = np.indices((121, 121))
    ball = 40 * np.exp(-((y - 60) ** 2 + (x - 60) ** 2) / 32)
    for degrees in (10, 100, 215):
        a = np.radians(degrees)
        slope = 60 + 40 * np.tanh((np.cos(a) * (x - 60) + np.sin(a) * (y - 60)) / 25)
        points, angles, _ = found(slope + ball)
        centre = np.argmin(np.hypot(points[:, 0] - 60, points[:, 1] - 60))
        assert np.degrees(angles[centre]) % 360 == pytest.approx(degrees, abs=12)


@pytest.mark.parametrize("extended", [False, True])
def test_a_turned_picture_has_the_turned_points_and_the_same_descriptors(extended):
    here, angle, described = found(blobs(), extended=extended)
    there, turned, redescribed = found(np.ascontiguousarray(np.rot90(blobs())), extended=extended)
    back = np.column_stack([there[:, 1], 199 - there[:, 0]])
    away = np.linalg.norm(here[:, None, :2] - back[None], axis=-1)
    near = away.argmin(1)
    same = away.min(1) < 0.5
    assert same.mean() > 0.75
    assert np.median(np.degrees(angle - turned[near])[same] % 360) == pytest.approx(90, abs=0.1)
    best = ((described[:, None] - redescribed[None]) ** 2).sum(-1).argmin(1)
    assert (away[np.arange(len(here)), best][same] < 1).mean() > 0.9


def test_most_blobs_of_mahotas_are_found_too():
    # its parabola moves a point the wrong way, so it lies up to a step of its octave beside ours
    theirs = interest_points(blobs(), 3, 4, 1, 50)[:60]
    away = np.linalg.norm(theirs[:, None, :2] - found(blobs())[0][None, :, :2], axis=-1).min(1)
    assert (away < 3).mean() > 0.8


def test_the_long_descriptor_parts_the_sums_of_the_short_one():
    picture = blobs()
    integral = cv2.integral(picture, sdepth=cv2.CV_64F)
    points, angles, short = found(picture)
    long = describe(integral, points, angles, True).reshape(len(points), 16, 2, 2, 2)
    parted = np.stack([long.sum(3)[:, :, 0], long.sum(3)[:, :, 1]], axis=2).reshape(len(points), 64)
    parted /= np.linalg.norm(parted, axis=1, keepdims=True)
    np.testing.assert_allclose(parted, short, atol=1e-5)


def test_nothing_is_found_on_flat_ground_and_in_a_picture_smaller_than_the_filter():
    assert len(found(np.full((64, 64), 9, np.uint8))[0]) == 0
    assert len(found(np.arange(25, dtype=np.uint8).reshape(5, 5))[0]) == 0
