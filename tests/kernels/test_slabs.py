import numpy as np
import pytest

from radiolucent.kernels.slabs import beside, each, runs, slabs, wide

ARRAY = np.random.default_rng(0).normal(size=(23, 9, 7)).astype(np.float32)


@pytest.mark.parametrize("reach", [0, 1, 9])
def test_slabs_cover_every_index_once_and_read_as_far_as_they_reach(reach):
    found = list(slabs(23, 5, reach))
    assert [k for slab in found for k in range(23)[slab.keep]] == list(range(23))
    for slab in found:
        assert slab.read == slice(max(0, slab.keep.start - reach), min(23, slab.keep.stop + reach))
        assert range(23)[slab.read][slab.inner] == range(23)[slab.keep]


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_lines_along_an_axis_stay_whole_beside_each_other(axis):
    seen = np.zeros(ARRAY.shape, int)
    for run in beside(ARRAY.shape, axis, 60):
        seen[run] += 1
        assert seen[run].shape[axis] == ARRAY.shape[axis]
    assert (seen == 1).all()
    assert sum(ARRAY[run].size for run in runs(ARRAY.shape, axis, 60)) == ARRAY.size


def test_a_line_has_nothing_beside_it():
    assert list(beside((12,), 0)) == [(slice(None),)]


@pytest.mark.parametrize("mode", ["symmetric", "reflect", "edge", "constant", "wrap"])
@pytest.mark.parametrize("margins", [(0, 0, 0), (2, 1, 3), (6, 0, 2)])
def test_wide_slabs_are_those_of_the_padded_array(mode, margins):
    whole = np.pad(ARRAY, [(margin, margin) for margin in margins], mode=mode)
    kept = []
    for where, part in wide(ARRAY, margins, mode, 100):
        np.testing.assert_array_equal(part, whole[where.start : where.stop + 2 * margins[0]])
        kept += range(where.start, where.stop)
    assert kept == list(range(23))


def test_each_pixel_is_made_by_itself():
    np.testing.assert_array_equal(each(ARRAY, lambda part: part.astype(np.float64) * 2), 2 * ARRAY)
