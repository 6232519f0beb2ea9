import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.measure.glszm import IBSI_CODES, glszm


def image(array) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]))


def test_halves_are_two_zones():
    halves = np.repeat([1, 2], 50).reshape(4, 5, 5)
    found = glszm(image(halves), bins=2)
    assert found["zone_percentage"] == pytest.approx(2 / 100)
    assert found["large_zone_emphasis"] == 50**2
    assert (found["zone_size_variance"], found["zone_size_entropy"]) == (0, 1)
    assert set(found) == set(IBSI_CODES)


@pytest.mark.parametrize(("aggregation", "zones"), [("3d", 1), ("2.5d", 4), ("2d", 4)])
def test_slices_part_zones_unless_in_space(aggregation, zones):
    found = glszm(image(np.ones((4, 3, 3))), aggregation=aggregation)
    assert found["zone_percentage"] == pytest.approx(zones / 36)


def test_a_chessboard_is_connected_through_its_corners():
    board = np.indices((6, 6)).sum(0) % 2
    assert glszm(image(board), bins=2)["zone_percentage"] == pytest.approx(2 / 36)
