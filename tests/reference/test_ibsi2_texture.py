"""IBSI-2 response maps of the Laplacian of Gaussian, of Laws' kernels and of separable wavelets (doi:10.1148/radiol.231319)."""

import nibabel
import numpy as np
import pytest
from shared import shared

from radiolucent.core import Grid, Image
from radiolucent.process import laplacian_of_gaussian, laws, wavelet_response

BARS = 0.01


def volume(relative: str) -> np.ndarray:
    return np.asarray(nibabel.load(shared(f"reference/ibsi/{relative}")).dataobj).T


def phantom(name: str) -> Image:
    values = volume(f"ibsi_2_digital_phantom/nifti/{name}/image/{name}.nii.gz")
    return Image(values, Grid(values.shape, "zyx", (2.0, 2.0, 2.0)))


def difference(ours: Image, name: str) -> float:
    expected = volume(f"ibsi_2_reference_data/reference_response_maps/{name}-ValidCRM.nii.gz")
    return float(np.abs(ours.array - expected).max() / np.ptp(expected))


@pytest.mark.parametrize(
    ("name", "of", "sigma_mm", "boundary"),
    [
        ("2_a", "impulse", 3.0, "constant"),
        ("2_b", "checkerboard", 5.0, "reflect"),
    ],
)
def test_the_laplacian_of_gaussian_is_the_reference_map(name, of, sigma_mm, boundary, record_property):
    ours = laplacian_of_gaussian(phantom(of), sigma_mm=sigma_mm, boundary=boundary)
    record_property("difference", worst := difference(ours, name))
    assert worst <= BARS


LAWS = {
    "3_a_1": ("impulse", "E5L5S5", False, None, "constant"),
    "3_a_2": ("impulse", "E5L5S5", True, None, "constant"),
    "3_a_3": ("impulse", "E5L5S5", True, 30.0, "constant"),
    "3_b_1": ("checkerboard", "E3W5R5", False, None, "reflect"),
    "3_b_2": ("checkerboard", "E3W5R5", True, None, "reflect"),
    "3_b_3": ("checkerboard", "E3W5R5", True, 30.0, "reflect"),
}


@pytest.mark.parametrize("name", LAWS)
def test_laws_kernels_and_their_energy_are_the_reference_map(name, record_property):
    of, kernels, turned, energy_mm, boundary = LAWS[name]
    ours = laws(phantom(of), kernels=kernels, rotation_invariant=turned, energy_mm=energy_mm, boundary=boundary)
    record_property("difference", worst := difference(ours, name))
    assert worst <= BARS


WAVELETS = {
    "5_a_1": ("impulse", "db2", "LHL", 1, False, "constant"),
    "5_a_2": ("impulse", "db2", "LHL", 1, True, "constant"),
    "7_a_1": ("checkerboard", "haar", "LLL", 2, True, "reflect"),
    "7_a_2": ("checkerboard", "haar", "HHH", 2, True, "reflect"),
}


@pytest.mark.parametrize("name", WAVELETS)
def test_a_band_of_the_separable_wavelets_is_the_reference_map(name, record_property):
    of, wavelet, band, level, turned, boundary = WAVELETS[name]
    ours = wavelet_response(
        phantom(of), wavelet=wavelet, band=band, level=level, rotation_invariant=turned, boundary=boundary
    )
    record_property("difference", worst := difference(ours, name))
    assert worst <= BARS
