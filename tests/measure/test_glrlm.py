import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.measure.glrlm import IBSI_CODES, glrlm


def image(array) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]))


def test_stripes_run_on_in_one_direction_only():
    stripes = np.tile([[1], [2]], (4, 8))
    found = glrlm(image(stripes), aggregation="2d_merged", bins=2)
    runs = 8 + 3 * 64  # a run a row along it, single pixels in the three other directions
    assert found["run_percentage"] == pytest.approx(runs / (4 * 64))
    assert found["long_run_emphasis"] == pytest.approx((8 * 64 + 192) / runs)
    assert set(found) == set(IBSI_CODES)


def test_one_voxel_is_one_run_in_every_direction():
    found = glrlm(image(np.ones((1, 1, 1))))
    assert (found["short_run_emphasis"], found["run_percentage"], found["run_entropy"]) == (1, 1, 0)
