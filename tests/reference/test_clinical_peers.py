"""Clinical measures beside scikit-image and SimpleITK, on drawn lesions and on real tumours."""

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813
from scipy import ndimage
from scipy.spatial import ConvexHull, Delaunay
from scipy.spatial.distance import pdist, squareform
from shared import shared
from skimage.measure import find_contours, regionprops

from radiolucent.core import Image, Mask
from radiolucent.measure import lesions, size, uptake
from radiolucent.measure.clinical_size import diameters
from radiolucent.phantom.shapes import grid
from radiolucent.read import mask as read_mask
from radiolucent.read import read

PATIENTS = ("STS_008", "STS_019", "STS_024")


def told(findings):
    return {finding.code.removeprefix("measure."): finding.value for finding in findings}


def blob(seed, shape=(14, 40, 44)):
    """One lesion of an irregular outline."""
    field = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), 3)
    labels, _ = ndimage.label(field > np.quantile(field, 0.93))
    return labels == np.argmax(np.bincount(labels.ravel())[1:]) + 1


def itk(inside, spacing_mm):
    picture = sitk.GetImageFromArray(inside.astype(np.uint8))
    picture.SetSpacing([float(step) for step in spacing_mm[::-1]])
    shape = sitk.LabelShapeStatisticsImageFilter()
    shape.ComputeFeretDiameterOn()
    shape.Execute(picture)
    return shape


def test_the_long_axis_is_the_width_of_scikit_images_contour_and_near_its_feret_diameter(record_property):
    worst = 0.0
    for seed in range(30):
        island = blob(seed).any(axis=0)
        contour = np.concatenate(find_contours(np.pad(island, 2).astype(float), 0.5))
        found = diameters(island, (1.0, 1.0))[0]
        worst = max(worst, abs(found - pdist(contour).max()))
        feret = regionprops(island.astype(np.uint8))[0].feret_diameter_max  # of the hull's pixels, which are more
        assert found - 1e-6 <= feret <= found + 1
    record_property("difference", worst)
    assert worst < 1e-9


def test_volume_is_and_the_greatest_diameter_is_near_simpleitks(record_property):
    worst = 0.0
    spacing_mm = (2.5, 0.8, 0.8)
    for seed in range(20):
        inside = blob(seed)
        found = told(size(Mask(inside.astype(np.uint8), grid(inside.shape, spacing_mm))))
        peer = itk(inside, spacing_mm)
        assert found["volume"] == pytest.approx(peer.GetPhysicalSize(1) / 1000, rel=1e-5)
        # its ends are centres of voxels, ours lie half a voxel further out
        away = found["maximum_diameter"] - peer.GetFeretDiameter(1)
        assert -1e-6 <= away <= np.linalg.norm(spacing_mm)
        worst = max(worst, away)
    record_property("difference", worst)


def test_the_short_axis_is_the_longest_column_of_the_turned_lesion(record_property):
    """Each lesion's hull is drawn finely and turned until its long axis lies along a row."""
    worst = 0.0
    for seed in range(10):
        island = blob(seed).any(axis=0)
        rows, columns = (np.arange(-1, side + 1, 0.1) for side in island.shape)
        contour = np.concatenate(find_contours(np.pad(island, 2).astype(float), 0.5)) - 2
        corners = contour[ConvexHull(contour).vertices]
        fine = Delaunay(corners).find_simplex(np.stack(np.meshgrid(rows, columns, indexing="ij"), -1)) >= 0
        first, second = np.unravel_index(np.argmax(squareform(pdist(corners))), (len(corners),) * 2)
        angle = np.degrees(np.arctan2(*(corners[second] - corners[first])))
        turned = ndimage.rotate(fine.astype(np.uint8), angle, order=0)
        worst = max(worst, abs(turned.sum(axis=0).max() / 10 - diameters(island, (1.0, 1.0))[1]))
    record_property("difference", worst)
    assert worst < 0.4


@pytest.mark.parametrize("patient", PATIENTS)
def test_real_tumours_have_the_volume_that_simpleitk_counts(patient, record_property):
    folder = shared(f"data/sts-ctpetmr-dev/{patient}")
    worst = 0.0
    for path in sorted(folder.glob("*mask*")):
        mask = read_mask(path)
        inside = mask.array > 0
        found = told(size(Mask(inside.astype(np.uint8), mask.grid)))
        peer = itk(inside, mask.grid.spacing_mm)
        worst = max(worst, abs(found["volume"] / (peer.GetPhysicalSize(1) / 1000) - 1))
        assert 1 < found["volume"] < 5000
        assert (
            found["short_axis"]
            <= found["long_axis"]
            <= found["maximum_diameter"] + np.linalg.norm(mask.grid.spacing_mm)
        )
    record_property("difference", worst)
    assert worst < 1e-5


@pytest.mark.parametrize("patient", PATIENTS)
def test_uptake_of_real_tumours_is_plausible_and_its_unit_is_said_to_be_unknown(patient):
    folder = shared(f"data/sts-ctpetmr-dev/{patient}")
    image = next(iter(read(next(folder.glob("*PET*image*")))[0].images.values()))
    mask = read_mask(next(folder.glob("*PET*mask*")))
    found = uptake(image, Mask(mask.array, image.grid))
    numbers = told(found)
    assert found[-1].code == "measure.suv.unknown"
    assert 1 < numbers["suv_mean"] < numbers["suv_peak"] <= numbers["suv_maximum"] < 60
    assert 0 < numbers["metabolic_volume"] <= told(size(mask))["volume"]
    assert numbers["glycolysis"] == pytest.approx(numbers["metabolic_volume"] * numbers["suv_mean_hot"], rel=1e-4)


def test_every_component_is_a_lesion_as_simpleitk_counts_them():
    field = ndimage.gaussian_filter(np.random.default_rng(8).normal(size=(20, 40, 40)), 2)
    inside = (field > np.quantile(field, 0.95)).astype(np.uint8)
    place = grid(inside.shape)
    found = lesions(Image(field, place), Mask(inside, place))
    joined = sitk.ConnectedComponentImageFilter()
    joined.FullyConnectedOn()
    ordered = sitk.RelabelComponent(joined.Execute(sitk.GetImageFromArray(inside)))
    assert found["found"][0].value == joined.GetObjectCount()
    theirs = sitk.GetArrayFromImage(ordered)
    assert np.array_equal(np.bincount(found["mask"].array.ravel()), np.bincount(theirs.ravel()))
