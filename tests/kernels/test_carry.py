"""Samples at places given by a map."""

import numpy as np
import pytest
from scipy import ndimage

from radiolucent.kernels import carry
from radiolucent.kernels.carry import carried

VOLUME = np.random.default_rng(3).normal(size=(6, 9, 11)).astype(np.float32)


@pytest.mark.parametrize("order", [0, 1, 3])
def test_within_the_picture_it_is_what_scipy_gives(order):
    matrix = np.diag([0.9, 0.8, 0.7])
    offset = np.array([0.3, 0.4, 0.5])
    expected = ndimage.affine_transform(VOLUME, matrix, offset, (5, 8, 9), order=order, mode="mirror")
    assert np.allclose(carried(VOLUME, matrix, offset, (5, 8, 9), None, order=order), expected, atol=1e-5)


def test_slabs_change_nothing(monkeypatch):
    whole = carried(VOLUME, np.eye(3), np.array([0.5, 0.2, 0.1]), VOLUME.shape, None, order=1)
    monkeypatch.setattr(carry, "AT_ONCE", 1)
    assert np.array_equal(carried(VOLUME, np.eye(3), np.array([0.5, 0.2, 0.1]), VOLUME.shape, None, order=1), whole)


def test_beyond_half_a_pixel_there_is_nothing():
    row = np.arange(1.0, 5.0)[None]
    found = carried(row, np.eye(2), np.array([0.0, 0.4]), (1, 5), None, order=1, outside=-9.0)
    assert np.allclose(found, [[1.4, 2.4, 3.4, 4.0, -9.0]])


def test_a_shift_of_every_pixel_is_added():
    shift = np.zeros((3, *VOLUME.shape))
    shift[2] = 1.0
    found = carried(VOLUME, np.eye(3), np.zeros(3), VOLUME.shape, shift, order=1)
    assert np.array_equal(found[..., :-1], VOLUME[..., 1:])
    assert not found[..., -1].any()
