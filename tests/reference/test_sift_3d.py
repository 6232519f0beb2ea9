"""Keypoints in space beside keypoints of slices, on real volumes turned by a known angle."""

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.transform import Rotation
from shared import shared

from radiolucent.core import Image
from radiolucent.measure import sift, sift_3d
from radiolucent.measure.match import matches
from radiolucent.phantom.shapes import grid
from radiolucent.read import read

TURNS_DEG = {"across the slices": (15, 0, 0), "oblique": (25, 20, 25)}


def volumes():
    for path in sorted(shared("data/msd-hippocampus").glob("*mages*/*.nii.gz"))[:60:12]:
        (image,) = read(path)[0].images.values()
        array = np.ascontiguousarray(image.array.T, np.float32)
        yield Image(array, grid(array.shape))


def share_right(find, image, turn):
    """Share of the matches that lie within two pixels of where the turn carries them, with 2 % noise."""
    middle = (np.array(image.array.shape) - 1) / 2
    moved = ndimage.affine_transform(image.array, turn, middle - turn @ middle, order=1, mode="nearest")
    moved += np.random.default_rng(1).normal(0, 0.02 * image.array.std(), moved.shape)
    here, there = find(image), find(image.with_array(moved.astype(np.float32)))
    pairs = matches(here, there, ratio=0.85)
    away = (here.points[pairs[:, 0]] - middle) @ turn + middle - there.points[pairs[:, 1]]
    return float((np.linalg.norm(away, axis=1) <= 2).mean()) if len(pairs) else 0.0


@pytest.mark.parametrize("turn", TURNS_DEG)
def test_more_matches_are_right_in_space_than_by_slices(turn, record_property):
    matrix = Rotation.from_euler("xyz", TURNS_DEG[turn], degrees=True).as_matrix()
    found = [
        (
            share_right(sift_3d, image, matrix),
            share_right(lambda one: sift(one, along="z", contrast=0.02), image, matrix),
        )
        for image in volumes()
    ]
    in_space, by_slices = np.mean(found, axis=0)
    record_property("difference", 1 - in_space)
    assert in_space > 0.85
    assert in_space > by_slices
