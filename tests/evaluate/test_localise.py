"""Heat maps against masks: figures that can be told by hand."""

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.evaluate.localise import Pointed, hit_rates, pointed


def test_a_warm_spot_inside_the_mask_hits_and_one_outside_does_not():
    mask = np.zeros((10, 10), bool)
    mask[2:6, 2:6] = True
    inside, outside = np.zeros((10, 10)), np.zeros((10, 10))
    inside[2:4, 2:6], outside[8, 8] = 1, 1
    one = pointed(inside, mask)
    assert (one.hit, one.inside, one.box_iou, one.area) == (True, 1.0, 0.5, 0.16)
    assert pointed(outside, mask) == Pointed(False, 0.0, 0.0, 0.16)


def test_negative_warmth_is_cold_and_a_cold_map_hits_nothing():
    mask = np.ones((4, 4), bool)
    heat = np.full((4, 4), -1.0)
    assert pointed(heat, mask) == Pointed(False, 0.0, 0.0, 1.0)
    heat[0, 0] = 1
    assert pointed(heat, mask).inside == 1


def test_rates_are_counted_with_intervals_beside_chance():
    found = [Pointed(True, 0.5, 0.2, 0.1)] * 3 + [Pointed(False, 0.1, 0.0, 0.3)]
    told = hit_rates(found)
    assert (told["n"], told["pointing"], told["boxes"]) == (4, 0.75, 0.75)
    assert told["chance"] == pytest.approx(0.15)
    assert told["inside"] == pytest.approx(0.4)
    assert told["pointing_low"] < 0.75 < told["pointing_high"]
    assert hit_rates(found, overlap=0.3)["boxes"] == 0


def test_shapes_that_differ_and_empty_masks_are_refused():
    with pytest.raises(InputError, match="resample"):
        pointed(np.ones((3, 3)), np.ones((4, 4)))
    with pytest.raises(InputError, match="empty"):
        pointed(np.ones((3, 3)), np.zeros((3, 3)))
    with pytest.raises(InputError, match="at least one"):
        hit_rates([])
