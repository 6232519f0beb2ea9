import numpy as np
from scipy import ndimage

from radiolucent.kernels.grey_levels import city_block, count_dependences, count_pairs, count_runs, find_zones

LEVELS = np.pad(np.random.default_rng(3).integers(0, 4, (5, 6, 7)).astype(np.uint16), 1)
AREA, COLUMNS = LEVELS.shape[1] * LEVELS.shape[2], LEVELS.shape[2]
ALL = (AREA, LEVELS.size - AREA)
AROUND = np.array([z * AREA + y * COLUMNS + x for z in (-1, 0, 1) for y in (-1, 0, 1) for x in (-1, 0, 1)])
AROUND = AROUND[AROUND != 0]


def test_pairs_are_those_of_a_shifted_picture():
    counts = np.zeros((2, 4, 4), np.int64)
    count_pairs(LEVELS.ravel(), *ALL, np.array([1, AREA + 1]), counts)
    for found, move in zip(counts, ((0, 0, 1), (1, 0, 1)), strict=True):
        here = LEVELS[tuple(slice(0, side - m) for side, m in zip(LEVELS.shape, move, strict=True))].ravel()
        there = LEVELS[tuple(slice(m, None) for m in move)].ravel()
        both = (here > 0) & (there > 0)
        expected = np.histogram2d(here[both], there[both], bins=[1, 2, 3, 4])[0]
        assert (found[1:, 1:] == expected).all()


def test_runs_cover_every_voxel_once():
    counts = np.zeros((3, 9), np.int64)
    count_runs(LEVELS.ravel(), *ALL, COLUMNS - 1, counts)
    assert (counts @ np.arange(1, 10) == np.bincount(LEVELS.ravel())[1:]).all()


def test_zones_are_the_connected_components():
    table = np.empty((np.count_nonzero(LEVELS), 3), np.int32)
    far = np.full(LEVELS.size, 9, np.int32)
    found = table[: find_zones(LEVELS.ravel().copy(), *ALL, AROUND, far, table, np.empty(len(table), np.int64))]
    for level in (1, 2, 3):
        labels, n = ndimage.label(np.equal(LEVELS, level), np.ones((3, 3, 3)))
        assert sorted(found[found[:, 0] == level, 1]) == sorted(np.bincount(labels.ravel())[1:])
        assert n == (found[:, 0] == level).sum()


def test_city_block_distance_is_that_of_scipy():
    inside = np.pad(np.random.default_rng(0).random((6, 9, 8)) < 0.9, 1)
    steps = np.array([1, inside.shape[2], inside.shape[1] * inside.shape[2]])
    found = city_block(inside.ravel(), steps).reshape(inside.shape)
    assert (found == ndimage.distance_transform_cdt(inside, "taxicab")).all()


def test_a_wide_coarseness_counts_every_neighbour_in_the_region():
    counts = np.zeros((3, 27), np.int64)
    count_dependences(LEVELS.ravel(), *ALL, AROUND, 3, counts)
    inside = (LEVELS > 0).astype(int)
    near = ndimage.convolve(inside, np.ones((3, 3, 3), int), mode="constant")[LEVELS > 0] - 1
    assert (counts.sum(axis=0) == np.bincount(near, minlength=27)).all()
