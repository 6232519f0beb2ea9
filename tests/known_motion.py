"""A picture with structure, and the same picture after a motion that is known exactly."""

import cv2
import numpy as np

from radiolucent.core import Grid, Image, Transform


def scene(shape=(220, 260), seed=0) -> np.ndarray:
    random = np.random.default_rng(seed)
    picture = np.full(shape, 60, np.uint8)
    for _ in range(110):
        y, x = random.integers(10, shape[0] - 10), random.integers(10, shape[1] - 10)
        size = (int(random.integers(3, 14)), int(random.integers(3, 14)))
        cv2.ellipse(
            picture, (int(x), int(y)), size, float(random.integers(180)), 0, 360, int(random.integers(90, 255)), -1
        )
    return cv2.GaussianBlur(picture, (0, 0), 1.2)


def motion(shape=(220, 260), *, degrees=8.0, scale=1.0, shift=(6.0, -9.0)) -> np.ndarray:
    """Matrix (3, 3) of x, y from the fixed to the moving picture."""
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), degrees, scale)
    matrix[:2, 2] += shift
    return matrix


def after(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The picture after the motion: a point of it is found where the matrix carries it."""
    rows, columns = picture.shape[:2]
    return cv2.warpPerspective(picture, matrix, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=60)


def image(array, spacing_mm=None) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :], spacing_mm))


def off_px(transform: Transform, matrix: np.ndarray, shape=(220, 260), spacing_mm=(1.0, 1.0)) -> float:
    """Median distance [pixels] between where the two maps carry points of the picture."""
    y, x = (np.linspace(0.2 * side, 0.8 * side, 5) for side in shape)
    points = np.stack([*np.meshgrid(x, y), np.ones((5, 5))]).reshape(3, -1)
    place = np.stack([points[0] * spacing_mm[1], points[1] * spacing_mm[0], 0 * points[0], points[2]])
    got = transform.matrix @ place
    want = matrix @ points
    off = (got[:2] / got[3]) / np.array(spacing_mm)[::-1, None] - want[:2] / want[2]
    return float(np.median(np.hypot(*off)))
