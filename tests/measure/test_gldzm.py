import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.measure.gldzm import IBSI_CODES, gldzm


def image(array) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]))


def test_a_zone_is_as_far_from_the_border_as_its_nearest_voxel():
    core = np.zeros((7, 7, 7))
    core[2:5, 2:5, 2:5] = 1  # its outer voxels are the third from the border, the rest touches it
    found = gldzm(image(core), bins=2)
    assert found["large_distance_emphasis"] == pytest.approx((1 + 9) / 2)
    assert set(found) == set(IBSI_CODES)


def test_what_re_segmentation_leaves_out_does_not_move_the_border():
    core = np.zeros((7, 7, 7))
    core[2:5, 2:5, 2:5] = 1
    assert gldzm(image(core), range_low=0.5)["large_distance_emphasis"] == 9
