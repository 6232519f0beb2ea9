"""IBSI-2 response maps of the mean filter, support 15 voxels (doi:10.1148/radiol.231319)."""

import nibabel
import numpy as np
import pytest
from shared import shared

from radiolucent.core import Grid, Image
from radiolucent.process import mean

SETTINGS = {"1_a_1": "constant", "1_a_2": "nearest", "1_a_3": "wrap", "1_a_4": "reflect"}


def volume(relative: str) -> np.ndarray:
    return np.asarray(nibabel.load(shared(f"reference/ibsi/{relative}")).dataobj).T


def response(name: str) -> np.ndarray:
    return volume(f"ibsi_2_reference_data/reference_response_maps/{name}-ValidCRM.nii.gz")


def phantom(name: str) -> np.ndarray:
    return volume(f"ibsi_2_digital_phantom/nifti/{name}/image/{name}.nii.gz")


@pytest.mark.parametrize("name", SETTINGS)
def test_the_mean_of_the_checkerboard_is_the_reference_map(name, record_property):
    values = phantom("checkerboard")
    image = Image(values, Grid(values.shape, "zyx", (2.0, 2.0, 2.0)))
    ours = mean(image, width_mm=30.0, boundary=SETTINGS[name]).array
    expected = response(name)
    difference = float(np.abs(ours - expected).max() / np.ptp(expected))
    record_property("difference", difference)
    assert difference <= 0.01


def test_the_mean_within_slices_of_an_impulse_is_the_reference_map(record_property):
    """Slices as frames of a series are filtered apart, which is the reference's two-dimensional filter."""
    values = phantom("impulse")
    image = Image(values, Grid(values.shape, "tyx", (2.0, 2.0)))
    expected = response("1_b_1")
    ours = mean(image, width_mm=30.0, boundary="constant").array
    difference = float(np.abs(ours - expected).max() / np.ptp(expected))
    record_property("difference", difference)
    assert difference <= 0.01
