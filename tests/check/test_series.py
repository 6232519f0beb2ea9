"""Geometry of a series, on headers written by hand."""

import numpy as np
import pytest

from radiolucent.check import series
from radiolucent.dicom import Header


def stack(heights, **more):
    """Axial slices of one series at the given heights [mm]."""
    return tuple(
        Header(
            f"{k}.dcm",
            {
                "Modality": "CT",
                "ImagePositionPatient": (0.0, 0.0, float(z)),
                "ImageOrientationPatient": (1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
                "InstanceNumber": k + 1,
                "SliceThickness": 2.0,
                **more,
            },
        )
        for k, z in enumerate(heights)
    )


@pytest.mark.parametrize("check", series.CHECKS)
def test_an_even_stack_is_faultless_in_whatever_order_its_files_come(check):
    slices = stack(np.arange(8) * 2.0)
    assert check(slices) == check(slices[::-1]) == ()


@pytest.mark.parametrize(("lost", "count"), [([3], 1), ([3, 4], 2), ([2, 5], 2)])
def test_missing_slices_are_counted_and_their_neighbours_named(lost, count):
    (finding,) = series.missing_slice(stack([2.0 * k for k in range(8) if k not in lost]))
    assert (finding.value, finding.severity) == (count, "block")
    assert f"{lost[0] - 1}.dcm" in finding.where


def test_a_missing_slice_is_not_called_uneven_and_uneven_spacing_not_missing():
    assert not series.uneven_spacing(stack([0, 2, 4, 8, 10, 12]))
    assert not series.missing_slice(stack([0, 2, 4, 6.3, 8, 10]))


@pytest.mark.parametrize(("off", "found"), [(0.09, False), (0.11, True)])
def test_uneven_spacing_begins_at_a_tenth_of_a_millimetre(off, found):
    assert bool(series.uneven_spacing(stack([0, 1, 2 + off, 3 + off, 4 + off]))) == found


def test_time_points_at_every_place_are_a_remark_and_one_copy_a_fault():
    assert series.duplicate_position(stack([0, 2, 4] * 3))[0].severity == "info"
    assert series.duplicate_position(stack([0, 2, 4, 4]))[0].severity == "block"


def test_tilt_is_measured_in_degrees():
    leaning = tuple(
        Header(one.file, {**one.values, "ImagePositionPatient": (0.0, k * 2.0 * np.tan(np.radians(12)), k * 2.0)})
        for k, one in enumerate(stack(range(6)))
    )
    assert series.gantry_tilt(leaning)[0].value == pytest.approx(12)


def test_instance_numbers_may_run_either_way():
    assert not series.instance_order(stack([10, 8, 6, 4]))
    assert series.instance_order(stack([10, 8, 4, 6]))[0].value == 1


def test_localizers_and_mosaics_need_no_stack():
    assert not series.too_few_slices(stack([0, 2], ImageType=("ORIGINAL", "PRIMARY", "LOCALIZER")))
    assert not series.duplicate_position(stack([0, 0], ImageType=("ORIGINAL", "PRIMARY", "MOSAIC")))
