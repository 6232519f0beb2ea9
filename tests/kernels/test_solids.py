import numpy as np
import pytest
from scipy.spatial import ConvexHull
from scipy.spatial.transform import Rotation

from radiolucent.kernels import solids

TURN = Rotation.from_euler("xyz", [20, 35, 50], degrees=True).as_matrix()


def brick(sides) -> np.ndarray:
    corners = np.array(np.meshgrid(*[(0, side) for side in sides])).reshape(3, -1).T
    return corners @ TURN.T


def test_the_surface_of_a_ball_has_its_volume_and_area():
    spacing = (1.0, 0.5, 0.5)
    away = np.linalg.norm((np.indices((30, 60, 60)).T - [14.5, 29.5, 29.5]) * spacing, axis=-1).T
    volume, area = solids.volume_and_area(*solids.surface(away < 12, spacing))
    assert volume == pytest.approx(4 / 3 * np.pi * 12**3, rel=0.02)
    assert area == pytest.approx(4 * np.pi * 12**2, rel=0.15)  # a surface of steps is larger


def test_the_oriented_box_of_a_turned_brick_is_the_brick():
    volume, area = solids.oriented_box(ConvexHull(brick((2, 3, 7))))
    assert (volume, area) == pytest.approx((42, 82))


def test_the_diameter_of_a_brick_is_its_diagonal():
    assert solids.diameter(brick((2, 3, 6))) == pytest.approx(7)


def test_the_diameter_is_found_across_blocks():
    points = np.random.default_rng(0).normal(size=(300, 3))
    points[[3, 290]] = [[-99, 0, 0], [99, 0, 0]]
    assert solids.diameter(points) == 198


def test_the_area_of_a_ball_is_known_and_its_volume():
    assert solids.ellipsoid(np.array([3, 3, 3])) == pytest.approx((36 * np.pi, 36 * np.pi))


def test_the_enclosing_ellipsoid_of_a_brick_goes_through_its_corners():
    assert solids.enclosing_ellipsoid(brick((2, 4, 6))) == pytest.approx(np.sqrt(3) * np.array([1, 2, 3]), rel=1e-3)
