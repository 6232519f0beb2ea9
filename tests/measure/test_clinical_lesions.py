"""Lesions keep their numbers from time to time."""

from dataclasses import replace

import numpy as np
import pytest

from radiolucent.core import Image, InputError, Mask, Transform
from radiolucent.measure.clinical_lesions import follow_up, lesions, numbered
from radiolucent.phantom.shapes import grid

SHAPE = (20, 40, 40)


def balls(*places, shape=SHAPE, place=None):
    """A mask of balls, each (z, y, x, radius)."""
    index = np.indices(shape)
    array = np.zeros(shape, np.uint8)
    for *centre, radius in places:
        array |= ((index - np.reshape(centre, (3, 1, 1, 1))) ** 2).sum(0) <= radius**2
    return Mask(array, place or grid(shape))


def picture(mask, value=50.0):
    return Image(np.asarray(mask.array, np.float32) * value, mask.grid, "CT", "HU")


def numbers_at(mask, *places):
    return [int(mask.array[place]) for place in places]


def findings(result, code):
    return [finding for finding in result["found"] if finding.code == f"measure.{code}"]


BEFORE = balls((8, 10, 10, 5), (8, 30, 30, 4), (14, 10, 32, 3))
NUMBERED = lesions(picture(BEFORE), BEFORE)["mask"]


def test_lesions_are_numbered_by_size_and_each_is_measured():
    found = lesions(picture(BEFORE), BEFORE)
    assert numbers_at(found["mask"], (8, 10, 10), (8, 30, 30), (14, 10, 32)) == [1, 2, 3]
    assert findings(found, "lesions")[0].value == 3
    volumes = [finding.value for finding in findings(found, "volume")]
    assert volumes == sorted(volumes, reverse=True)
    assert sum(volumes) == pytest.approx(BEFORE.array.sum() / 1000, abs=1e-4)
    assert {finding.value for finding in findings(found, "mean")} == {50.0}
    assert {finding.unit for finding in findings(found, "mean")} == {"HU"}


def test_equal_lesions_are_numbered_by_their_place_in_the_body_not_in_the_array():
    twins = balls((8, 10, 10, 3), (8, 30, 30, 3))
    turned = Mask(
        twins.array[:, ::-1, ::-1].copy(),
        replace(
            twins.grid,
            origin_mm=(39.0, 39.0, 0.0),
            direction=((0.0, 0.0, 1.0), (0.0, -1.0, 0.0), (-1.0, 0.0, 0.0)),
        ),
    )
    first = lesions(picture(twins), twins)["mask"].array
    assert np.array_equal(lesions(picture(turned), turned)["mask"].array[:, ::-1, ::-1], first)


def test_small_ones_are_left_out_and_corners_join():
    array = np.zeros((4, 4, 4), np.uint8)
    array[0, 0, 0] = array[1, 1, 1] = array[3, 3, 3] = 1
    place = grid(array.shape)
    assert numbered(array > 0, place).max() == 2
    assert numbered(array > 0, place, "faces").max() == 3
    assert numbered(array > 0, place, "corners", 2.0).max() == 1


def test_numbers_stay_where_lesions_grow_shrink_come_and_go():
    after = balls((8, 10, 10, 3), (8, 30, 30, 6), (14, 30, 8, 2))
    found = follow_up(NUMBERED, after)
    assert numbers_at(found["mask"], (8, 10, 10), (8, 30, 30), (14, 30, 8)) == [1, 2, 4]
    assert [finding.where for finding in findings(found, "new")] == ["lesion 4"]
    assert [finding.where for finding in findings(found, "gone")] == ["lesion 3"]
    changes = {finding.where: finding.value for finding in findings(found, "volume_change")}
    was, now = (BEFORE.array[:, :20, :20].sum(), after.array[:, :20, :20].sum())
    assert changes["lesion 1"] == pytest.approx(100 * (float(now) / was - 1), rel=1e-4)
    assert changes["lesion 2"] > 100


def test_a_transform_says_where_the_earlier_lesions_lie_now():
    shift = np.eye(4)
    shift[:3, 3] = (-12.0, 0.0, 0.0)  # a place now was 12 mm further right then
    after = balls((8, 10, 22, 5), (14, 10, 10, 3))
    moved = follow_up(NUMBERED, after, Transform(after.grid, NUMBERED.grid, shift))
    assert numbers_at(moved["mask"], (8, 10, 22)) == [1]
    assert numbers_at(follow_up(NUMBERED, after)["mask"], (14, 10, 10)) != [3]


def test_grids_of_two_times_may_differ_where_places_are_known():
    finer = grid((40, 80, 80), (0.5, 0.5, 0.5))
    fine = Mask(np.kron(BEFORE.array, np.ones((2, 2, 2), np.uint8)), replace(finer, origin_mm=(-0.25, -0.25, -0.25)))
    found = follow_up(NUMBERED, fine)
    assert not findings(found, "new")
    assert [finding.value for finding in findings(found, "volume_change")] == [0.0, 0.0, 0.0]


def test_lesions_that_merged_or_parted_are_told():
    bridge = balls((8, 10, 10, 5), (8, 20, 20, 11), (8, 30, 30, 4))
    merged = follow_up(NUMBERED, bridge)
    assert findings(merged, "merged")[0].says.startswith("Lesions 1, 2 have merged")
    whole = Mask((bridge.array > 0).astype(np.int32), bridge.grid)
    assert findings(follow_up(whole, BEFORE), "parted")


def test_near_lesions_are_one_only_if_asked():
    after = balls((8, 10, 21, 4))
    assert findings(follow_up(NUMBERED, after), "new")
    assert not findings(follow_up(NUMBERED, after, within_mm=8.0), "new")


def test_the_pairs_share_the_most_in_all():
    before = Mask(np.array([[1, 1, 1, 2, 2, 0, 0]] * 2, np.int32)[None], grid((1, 2, 7)))
    after = Mask(np.array([[0, 0, 1, 1, 1, 1, 1]] * 2, np.uint8)[None], grid((1, 2, 7)))
    assert numbers_at(follow_up(before, after)["mask"], (0, 0, 5)) == [2]


def test_no_lesion_before_or_after_is_no_error():
    none = Mask(np.zeros(SHAPE, np.uint8), BEFORE.grid)
    assert len(findings(follow_up(NUMBERED, none), "gone")) == 3
    assert len(findings(follow_up(none, BEFORE), "new")) == 3
    assert follow_up(none, none)["found"] == ()


def test_masks_that_share_no_space_need_a_registration():
    nowhere = Mask(BEFORE.array[:10].copy(), replace(grid((10, 40, 40)), origin_mm=None, direction=None))
    with pytest.raises(InputError, match="register"):
        follow_up(NUMBERED, nowhere)
