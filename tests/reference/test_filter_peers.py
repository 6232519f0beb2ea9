"""Filters beside scipy, scikit-image, SimpleITK and OpenCV: random and real pictures, odd and even sizes, each boundary."""

from functools import cache

import cv2
import nibabel
import numpy as np
import pytest
import pywt
import SimpleITK as sitk  # noqa: N813 (its customary name)
from scipy import ndimage
from shared import shared
from skimage import exposure, filters, restoration

from radiolucent.core import Grid, Image
from radiolucent.process import (
    bilateral,
    clahe,
    curvature_flow,
    equalise,
    gamma,
    gaussian,
    laplacian_of_gaussian,
    match_histogram,
    mean,
    median,
    perona_malik,
    resample,
    total_variation,
    unsharp_mask,
    white_top_hat,
)

MODES = ("reflect", "mirror", "nearest", "constant", "wrap")
BORDERS = {"reflect": cv2.BORDER_REFLECT, "mirror": cv2.BORDER_REFLECT_101, "nearest": cv2.BORDER_REPLICATE}


@cache
def pictures():
    """Random in 2-D and 3-D, and photographs that PyWavelets ships; odd and even sides."""
    random = np.random.default_rng(0)
    arrays = [random.normal(500, 120, shape) for shape in ((48, 50), (47, 51), (16, 18, 20), (15, 17, 21))]
    arrays += [pywt.data.aero()[100:221, 90:210], pywt.data.camera()[:96, 200:299]]
    return [array.astype(np.float32) for array in arrays]


def image(array):
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :], (1.0,) * array.ndim))


def compared(ours, theirs, record_property, bar, inner=0, span=None):
    """Largest difference as a share of the peer's range, or of another."""
    inside = tuple(slice(inner, -inner or None) for _ in range(theirs.ndim))
    worst = float(np.abs(ours.array[inside] - theirs[inside]).max() / (span or np.ptp(theirs)))
    record_property("difference", worst)
    assert worst <= bar


every_picture = pytest.mark.parametrize("which", range(6))
every_mode = pytest.mark.parametrize("mode", MODES)


@every_picture
@every_mode
def test_the_gaussian_is_that_of_scipy_in_float64(which, mode, record_property):
    array = pictures()[which]
    theirs = ndimage.gaussian_filter(array.astype(np.float64), 1.7, mode=mode)
    compared(gaussian(image(array), sigma_mm=1.7, boundary=mode), theirs, record_property, 1e-6, span=np.ptp(array))


@every_picture
@every_mode
def test_the_mean_is_that_of_scipy(which, mode, record_property):
    array = pictures()[which]
    theirs = ndimage.uniform_filter(array.astype(np.float64), 5, mode=mode)
    compared(mean(image(array), width_mm=5, boundary=mode), theirs, record_property, 1e-6, span=np.ptp(array))


@every_picture
@every_mode
@pytest.mark.parametrize("width", [3, 5, 7])
def test_the_median_is_that_of_scipy(which, mode, width, record_property):
    array = pictures()[which]
    theirs = ndimage.median_filter(array, width, mode=mode)
    compared(median(image(array), width_mm=width, boundary=mode), theirs, record_property, 0)


@every_picture
@every_mode
def test_the_laplacian_of_gaussian_is_that_of_scipy(which, mode, record_property):
    array = pictures()[which]
    array = array - array.mean()  # scipy's cut kernel does not sum to 0 and answers to the level as well
    theirs = ndimage.gaussian_laplace(array.astype(np.float64), 2.0, mode=mode)
    compared(laplacian_of_gaussian(image(array), sigma_mm=2.0, boundary=mode), theirs, record_property, 5e-3)


@every_picture
def test_median_and_mean_are_those_of_simple_itk(which, record_property):
    """SimpleITK's median repeats the edge; its mean takes what lies inside alone, so the ends are left out."""
    array = pictures()[which]
    theirs = sitk.GetImageFromArray(array)
    found = sitk.GetArrayFromImage(sitk.Median(theirs, [2] * array.ndim))
    compared(median(image(array), width_mm=5, boundary="nearest"), found, record_property, 0)
    found = sitk.GetArrayFromImage(sitk.BoxMean(theirs, [2] * array.ndim))
    compared(mean(image(array), width_mm=5), found, record_property, 1e-6, inner=2, span=np.ptp(array))


@every_picture
def test_resampling_is_that_of_simple_itk(which, record_property):
    """Linear and by a cubic B-spline, away from the ends, beyond which SimpleITK has nothing."""
    array = pictures()[which]
    picture = image(array)
    for kind, theirs in (("linear", sitk.sitkLinear), ("cubic", sitk.sitkBSpline)):
        ours = resample(picture, spacing_mm=0.8, interpolation=kind)
        size = ours.array.shape[::-1]
        origin = [(old - 1) / 2 - (new - 1) * 0.4 for old, new in zip(array.shape[::-1], size, strict=True)]
        n = array.ndim
        found = sitk.Resample(
            sitk.GetImageFromArray(array), size, sitk.Transform(n, sitk.sitkIdentity), theirs,
            origin, [0.8] * n, np.eye(n).ravel().tolist(), 0.0,
        )  # fmt: skip
        compared(ours, sitk.GetArrayFromImage(found), record_property, 2e-5, inner=2)


@pytest.mark.parametrize("which", [0, 1, 4, 5])
@pytest.mark.parametrize("mode", BORDERS)
def test_pictures_are_smoothed_as_by_opencv(which, mode, record_property):
    array, border = pictures()[which], BORDERS[mode]
    theirs = cv2.GaussianBlur(array, (17, 17), 2.0, borderType=border)
    compared(gaussian(image(array), sigma_mm=2, boundary=mode), theirs, record_property, 1e-6, span=np.ptp(array))
    theirs = cv2.blur(array, (5, 5), borderType=border)
    compared(mean(image(array), width_mm=5, boundary=mode), theirs, record_property, 1e-6, span=np.ptp(array))
    if mode == "reflect":
        theirs = cv2.bilateralFilter(array, 5, 40.0, 1.0, borderType=border)
        compared(bilateral(image(array), sigma_mm=1, sigma_value=40.0), theirs, record_property, 1e-4)


@every_picture
def test_contrast_is_that_of_scikit_image(which, record_property):
    array = pictures()[which]
    picture, reference = image(array), image(np.sqrt(np.abs(array[::-1])))
    compared(equalise(picture), exposure.equalize_hist(array), record_property, 1e-5)
    compared(
        match_histogram(picture, reference), exposure.match_histograms(array, reference.array), record_property, 1e-6
    )
    unit = (array - array.min()) / np.ptp(array)
    compared(gamma(picture, exponent=0.7), exposure.adjust_gamma(unit, 0.7), record_property, 1e-6)
    theirs = filters.unsharp_mask(array.astype(np.float64), 2.0, 1.5, preserve_range=True)
    compared(unsharp_mask(picture, sigma_mm=2, amount=1.5), theirs, record_property, 1e-6)
    theirs = ndimage.white_tophat(array, 5)
    compared(white_top_hat(picture, width_mm=5), theirs, record_property, 1e-6)


@every_picture
def test_total_variation_is_that_of_scikit_image(which, record_property):
    array = pictures()[which]
    theirs = restoration.denoise_tv_chambolle(array, 30.0, eps=1e-12, max_num_iter=30)
    compared(total_variation(image(array), weight=30.0, tolerance=1e-12, most_steps=30), theirs, record_property, 1e-5)


@pytest.mark.parametrize("which", [0, 2, 4])
def test_diffusion_smooths_as_much_as_that_of_simple_itk(which):
    """Two discretisations of one equation: they agree on what is left of the noise, not to the digit."""
    array = pictures()[which]
    theirs = sitk.GetImageFromArray(array)
    steps = 8  # of 1/16: the time of a Gaussian of 1 mm
    flow = sitk.GetArrayFromImage(sitk.CurvatureFlow(theirs, 0.0625, steps))
    ours = curvature_flow(image(array), sigma_mm=1.0).array
    assert np.corrcoef(ours.ravel(), flow.ravel())[0, 1] > 0.97
    edge = float(np.abs(np.diff(array, axis=0)).mean() * 4)
    assert perona_malik(image(array), sigma_mm=1.0, edge=edge).array.std() < array.std()


@every_picture
def test_contrast_limited_equalisation_goes_with_that_of_scikit_image(which):
    """Clip and tiles are defined differently, so the pictures go together without being equal."""
    array = pictures()[which]
    unit = (array - array.min()) / np.ptp(array)
    theirs = exposure.equalize_adapthist(unit, [max(8, side // 4) for side in array.shape], 0.02)
    assert np.corrcoef(clahe(image(array), tiles=4, clip=5.0).array.ravel(), theirs.ravel())[0, 1] > 0.9


@pytest.mark.parametrize("name", ["t2/t2.nii.gz", "t1/t1w.nii.gz"])
def test_a_real_volume_is_filtered_as_by_the_peers(name, record_property):
    """A part of a spine in MR, as it was stored."""
    values = np.asarray(nibabel.load(shared(f"data/sct-spine-mri/{name}")).dataobj).T
    array = np.ascontiguousarray(values[:40, 40:110, 20:91])
    picture, span = image(array), float(np.ptp(array))
    theirs = ndimage.gaussian_filter(array.astype(np.float64), 1.7)
    compared(gaussian(picture, sigma_mm=1.7), theirs, record_property, 1e-6, span=span)
    theirs = ndimage.uniform_filter(array.astype(np.float64), 5)
    compared(mean(picture, width_mm=5), theirs, record_property, 1e-6, span=span)
    for width in (3, 5):
        theirs = ndimage.median_filter(array, width)
        compared(median(picture, width_mm=width), theirs, record_property, 0)
    single = array.astype(np.float32)
    theirs = sitk.GetArrayFromImage(sitk.Median(sitk.GetImageFromArray(single), [2] * 3))
    compared(median(picture, width_mm=5, boundary="nearest"), theirs, record_property, 0)
    compared(match_histogram(picture, image(single[::-1] ** 0.5)), exposure.match_histograms(
        single, single[::-1] ** 0.5), record_property, 1e-5)  # fmt: skip
