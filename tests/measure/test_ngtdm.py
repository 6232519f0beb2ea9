import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.measure.ngtdm import IBSI_CODES, ngtdm


def image(array) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]))


def test_a_bright_voxel_differs_from_its_neighbours_and_they_from_it():
    spot = np.ones((1, 1, 4))
    spot[0, 0, 1] = 2
    found = ngtdm(image(spot), bins=2)
    # level 1: three voxels, 1 from the spot, half of it and 0 from their neighbours; level 2: one voxel, 1 from its own
    assert found["coarseness"] == pytest.approx(1 / (3 / 4 * 1.5 + 1 / 4))
    assert set(found) == set(IBSI_CODES)


def test_a_flat_region_has_complexity_alone():
    assert ngtdm(image(np.ones((4, 4)))) == {"complexity": 0}


def test_a_voxel_without_a_neighbour_has_nothing():
    assert ngtdm(image(np.ones((1, 1)))) == {}
