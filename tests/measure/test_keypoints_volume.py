"""Keypoints of volumes: what is turned in space is found again."""

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.transform import Rotation

from radiolucent.core import Image, InputError, Mask
from radiolucent.measure import sift, sift_3d
from radiolucent.measure.match import matches
from radiolucent.phantom.shapes import grid


def scene(seed=4, shape=(44, 46, 48)):
    """Smooth noise: structure at every place and in no direction."""
    array = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), 2.5)
    return Image((array / array.std() * 100).astype(np.float32), grid(shape))


def turned(image, degrees):
    """The volume turned about its middle, and where its points go."""
    turn = Rotation.from_euler("zyx", degrees, degrees=True).as_matrix()
    middle = (np.array(image.array.shape) - 1) / 2
    array = ndimage.affine_transform(image.array, turn, middle - turn @ middle, order=1, mode="nearest")
    return image.with_array(array), lambda points: (points - middle) @ turn + middle


def right(here, there, carry):
    pairs = matches(here, there, ratio=0.85)
    off = np.linalg.norm(carry(here.points[pairs[:, 0]].astype(float)) - there.points[pairs[:, 1]], axis=1)
    return int((off <= 2).sum()), len(pairs)


def test_an_oblique_turn_is_seen_through_where_slices_are_lost():
    image = scene()
    other, carry = turned(image, (25, 20, 25))
    good, all_of_them = right(sift_3d(image), sift_3d(other), carry)
    assert good >= 15
    assert good / all_of_them > 0.8
    slices = (sift(one, along="z", max_points=100, contrast=0.02) for one in (image, other))
    by_slices, of_slices = right(*slices, carry)
    assert by_slices / max(of_slices, 1) < good / all_of_them


def test_points_lie_in_the_mask_and_are_given_in_mm():
    image = scene()
    inside = np.zeros(image.array.shape, np.uint8)
    inside[:, :, 24:] = 2
    found = sift_3d(image, Mask(inside, image.grid), label=2)
    assert len(found) > 5
    assert found.points[:, 2].min() > 23
    assert np.allclose(found.points_mm, found.points)


def test_fewer_are_kept_if_asked_and_the_strongest_come_first():
    found = sift_3d(scene(), max_points=7)
    assert len(found) == 7
    assert np.all(np.diff(found.response) <= 0)
    assert found.descriptors.shape == (7, 216)


def test_what_is_no_volume_is_refused():
    with pytest.raises(InputError, match="`sift` searches slices"):
        sift_3d(Image(np.zeros((20, 20)), grid((20, 20))))
    with pytest.raises(InputError, match="window must rise"):
        sift_3d(scene(), window=(5.0, 5.0))
