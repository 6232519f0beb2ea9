"""Defects of pixels: what is named, and what is let pass."""

import numpy as np
import pytest

from radiolucent.check import intensity
from radiolucent.check.finite import not_finite
from radiolucent.core import Grid, Image


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def image(array, modality="MR", unit="1", axes=None):
    return Image(array, Grid(array.shape, axes or "tzyx"[-array.ndim :]), modality, unit)


def test_a_mask_is_neither_clipped_nor_empty_nor_jumping():
    mask = np.zeros((9, 16, 16), np.uint8)
    mask[4:6, 4:9, 4:9] = 1
    for check in (intensity.saturation, intensity.constant_planes, intensity.plane_jumps):
        assert check(image(mask)) == ()


def test_dead_lines_are_named_by_plane_and_number(rng):
    array = rng.normal(100, 10, (3, 20, 20))
    array[1, 7] = 0
    array[2, :, 11:13] = 250
    (finding,) = intensity.dead_lines(image(array))
    assert finding.value == 3
    assert finding.where == "row 7 of plane 1, column 11 of plane 2, column 12 of plane 2"


def test_an_empty_margin_is_not_dead(rng):
    array = np.pad(rng.normal(100, 10, (20, 20)), 4)
    assert intensity.dead_lines(image(array)) == ()


def test_the_plane_that_jumps_is_named_and_its_neighbours_are_not(rng):
    array = rng.normal(100, 5, (11, 20, 20)) * np.linspace(1, 1.2, 11)[:, None, None]
    array[6] *= 1.5
    assert intensity.plane_jumps(image(array))[0].where == "planes 6"


def test_volumes_of_a_time_series_are_looked_at_one_by_one(rng):
    ramp = np.linspace(50, 200, 9)[None, :, None, None]
    array = rng.normal(0, 1, (4, 9, 16, 16)) + ramp
    assert intensity.plane_jumps(image(array)) == ()


@pytest.mark.parametrize(("shift", "found"), [(0, False), (1024, True), (-1200, True)])
def test_air_of_a_ct_lies_where_air_lies(shift, found, rng):
    array = rng.normal(0, 10, (5, 32, 32)) - 1000 * (np.arange(32) < 8) + shift
    assert bool(intensity.ct_air(image(array, "CT", "HU"))) == found


def test_padding_below_air_is_left_out(rng):
    array = rng.normal(-900, 40, (5, 32, 32))
    array[:, :4] = -3024
    assert intensity.ct_air(image(array, "CT", "HU")) == ()


def test_only_pictures_with_sections_have_a_field_of_view(rng):
    full = rng.normal(1000, 10, (5, 32, 32))
    assert intensity.cut_off(image(full, "MR"))[0].severity == "info"
    assert intensity.cut_off(image(full, "CT", "HU"))[0].severity == "warn"
    assert intensity.cut_off(image(full, "DX")) == ()


def test_coloured_marks_stand_out_of_a_grey_colour_picture_and_a_photograph_does_not(rng):
    grey = np.repeat(rng.integers(0, 200, (64, 64, 1)), 3, axis=-1).astype(np.uint8)
    marked = grey.copy()
    marked[10, 10:20] = [255, 255, 0]
    photograph = rng.integers(0, 255, (64, 64, 3)).astype(np.uint8)
    assert intensity.overlay(Image(grey, Grid((64, 64), "yx"), "US")) == ()
    assert intensity.overlay(Image(marked, Grid((64, 64), "yx"), "US"))[0].code == "intensity.overlay"
    assert intensity.overlay(Image(photograph, Grid((64, 64), "yx"), "US")) == ()


def test_signs_read_as_unsigned_wrap(rng):
    array = rng.normal(0, 300, (4, 32, 32)).astype(np.int16)
    assert intensity.wrapped(image(array)) == ()
    assert intensity.wrapped(image(array.view(np.uint16)))[0].severity == "block"


def test_one_nan_is_told_and_the_other_checks_go_on(rng):
    array = rng.normal(100, 5, (9, 32, 32))
    array[3, 4, 5] = np.nan
    array[6] *= 2
    assert not_finite(image(array))[0].severity == "block"
    assert intensity.plane_jumps(image(array))[0].where == "planes 6"
    assert not_finite(image(array), share=0.1) == ()
    assert intensity.saturation(image(np.full((4, 8, 8), np.nan))) == ()


def test_a_gap_between_two_labels_of_a_mask_is_not_dead():
    mask = np.zeros((20, 20), np.uint8)
    mask[4:8, 4:8], mask[9:12, 4:8] = 1, 2
    assert intensity.dead_lines(image(mask)) == ()


def test_padding_that_lossy_compression_blurred_is_left_out_and_a_shift_is_not(rng):
    array = np.r_[rng.normal(-900, 40, (3000,)), rng.normal(40, 20, (6000,))].reshape(9, 20, 50)
    array[:, :4] = -3024 + rng.normal(0, 20, (9, 4, 50))
    assert intensity.ct_air(image(array, "CT", "HU")) == ()
    assert intensity.ct_air(image(array - 1024, "CT", "HU"))[0].severity == "block"


def test_what_a_screen_showed_is_remarked_upon_and_not_warned_of(rng):
    grey = rng.integers(0, 200, (40, 40)).astype(np.uint8)
    grey[5:15, 5:35] = 255
    colour = Image(np.stack([grey] * 3, axis=-1), Grid((40, 40), "yx"), "OT")
    assert intensity.saturation(image(grey, "DX"))[0].severity == "warn"
    assert intensity.saturation(image(grey, "US"))[0].severity == "info"
    assert intensity.saturation(colour)[0].severity == "info"


def test_empty_ends_of_a_masked_stack_are_a_remark_and_an_empty_plane_within_is_not(rng):
    array = rng.normal(100, 10, (9, 20, 20))
    array[:, :10] = 0
    array[:2] = array[-1] = 0
    (finding,) = intensity.constant_planes(image(array))
    assert (finding.value, finding.severity) == (3, "info")
    array[4] = 0
    assert intensity.constant_planes(image(array))[0].severity == "warn"
    full = rng.normal(100, 10, (9, 20, 20))
    full[0] = 0
    assert intensity.constant_planes(image(full))[0].severity == "warn"


def test_a_windowed_picture_of_eight_bits_is_clipped_on_purpose(rng):
    grey = rng.integers(0, 200, (40, 40)).astype(np.uint8)
    grey[5:15, 5:35] = 255
    assert intensity.saturation(image(grey, "OT"))[0].severity == "info"
    assert intensity.saturation(image(grey.astype(np.uint16), "OT"))[0].severity == "warn"
