import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.measure.ngldm import IBSI_CODES, ngldm


def image(array) -> Image:
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]))


def test_a_flat_cube_counts_the_neighbours_that_there_are():
    found = ngldm(image(np.ones((3, 3, 3))))
    counts = np.repeat([8, 12, 18, 27], [8, 12, 6, 1])  # corners, edges, faces, centre; each with itself
    assert found["high_dependence_emphasis"] == pytest.approx((counts**2).mean())
    assert found["dependence_count_variance"] == pytest.approx(counts.var())
    assert set(found) == set(IBSI_CODES)


def test_a_coarse_look_takes_neighbouring_levels_as_alike():
    board = np.indices((4, 4)).sum(0) % 2
    fine, coarse = ngldm(image(board), bins=2), ngldm(image(board), bins=2, coarseness=1)
    assert coarse["high_dependence_emphasis"] == ngldm(image(np.ones((4, 4))))["high_dependence_emphasis"]
    assert fine["high_dependence_emphasis"] < coarse["high_dependence_emphasis"]
