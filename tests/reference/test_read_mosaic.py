"""Siemens mosaics and MR time series against dcm2niix's references (dcm_qa_ts, dcm_qa_nih, dcm_qa, dcm_qa_12bit)."""

import shutil
import subprocess

import nibabel
import numpy as np
import pytest
from shared import shared

from radiolucent.read import read

RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
ROOT = "reference/geom-dcmqa"


def _compare(image, file, record_property):
    """Equal voxels, and equal places [mm], whichever way each of the two counts its rows and slices."""
    theirs = np.asanyarray(file.dataobj)
    theirs = theirs.reshape(theirs.shape[: max(3, image.array.ndim)])
    steps = np.linalg.inv(RAS_TO_LPS @ file.affine) @ image.grid.affine[:, [2, 1, 0, 3]]
    flips = np.rint(steps[:3, :3])
    np.testing.assert_array_equal(np.abs(flips), np.eye(3))
    turned = theirs[tuple(slice(None, None, int(sign)) for sign in np.diag(flips))]
    np.testing.assert_array_equal(image.array, turned.T)
    shape = np.array(theirs.shape[:3])
    corners = np.array([[i, j, k, 1] for i in (0, shape[0] - 1) for j in (0, shape[1] - 1) for k in (0, shape[2] - 1)])
    there = np.where(np.diag(flips) < 0, shape - 1 - corners[:, :3], corners[:, :3])
    ours = (image.grid.affine[:, [2, 1, 0, 3]] @ corners.T)[:3]
    place = (RAS_TO_LPS @ file.affine @ np.c_[there, np.ones(8)].T)[:3]
    worst = float(np.abs(ours - place).max())
    record_property("difference", worst)
    assert worst < 1e-3


def _image(path):
    (case,) = read(path, key=b"k" * 32)
    (image,) = case.images.values()
    return image


@pytest.mark.parametrize("number", range(1, 10))
def test_a_mosaic_in_any_transfer_syntax_is_the_reference_volume(number, record_property):
    folder = shared(f"{ROOT}/dcm_qa_ts")
    image = _image(folder / "In" / f"{number}.dcm")
    _compare(image, nibabel.load(folder / "Ref" / f"{number}.nii"), record_property)


@pytest.mark.parametrize(
    ("name", "number"), [("12bitUnsigned", 2), ("12bitUnsigned_0x0F0F", 3), ("12bitSigned_0x0F0F", 4)]
)
def test_twelve_bits_in_sixteen_are_masked_and_signed(name, number, record_property):
    """Garbage in the four high bits; reference 4 spans -2048..2047, which older dcm2niix gets wrong."""
    folder = shared(f"{ROOT}/dcm_qa_12bit")
    file = nibabel.load(folder / "Ref" / f"{number}.nii")
    _compare(_image(folder / "In" / f"{name}.dcm"), file, record_property)
    assert (np.asanyarray(file.dataobj).min() < 0) == name.startswith("12bitSigned")


@pytest.mark.parametrize(
    ("folder", "name"),
    [("mr_0003", "EPI_PE=AP_3"), ("mr_0004", "EPI_PE=PA_4"), ("mr_0005", "EPI_PE=RL_5"), ("mr_0006", "EPI_PE=LR_6")],
)
def test_mosaics_in_time_are_the_reference_series(folder, name, record_property):
    place = shared(f"{ROOT}/dcm_qa_nih")
    image = _image(place / "In/20180918Si" / folder)
    assert image.grid.axes == "tzyx"
    _compare(image, nibabel.load(place / "Ref" / f"{name}.nii"), record_property)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("ax/axasc35", "ax_asc_35sl_6"),
        ("cor/corasc35", "cor_asc_35sl_16"),
        ("sag/sagasc35", "sag_asc_35sl_22"),
        ("axmb/AxAsc36mb2a", "fMRI_MB_asc_25"),
        ("axmb/AxInt36mb", "fMRI_MB_int_26"),
    ],
)
def test_oblique_mosaics_lie_where_the_reference_says(folder, name, record_property):
    place = shared(f"{ROOT}/dcm_qa")
    file = nibabel.load(place / "Ref" / f"{name}.nii")
    image = _image(place / "In/Orientation" / folder)
    _compare(image, file, record_property)
    if "mb" not in folder:  # of the others the folder holds two volumes that do not follow each other
        assert np.diff(image.grid.times_s) == pytest.approx(float(file.header.get_zooms()[3]), abs=0.02)


@pytest.mark.parametrize(
    "folder", ["dcm_qa_ts/In/1.dcm", "dcm_qa_nih/In/20180918Si/mr_0003", "dcm_qa/In/Orientation/sag"]
)
def test_the_installed_dcm2niix_finds_the_same(folder, tmp_path, record_property):
    if not shutil.which("dcm2niix"):
        pytest.skip("dcm2niix is not installed")
    source = shared(f"{ROOT}/{folder}")
    options = ["-s", "y"] if source.is_file() else []
    subprocess.run(["dcm2niix", *options, "-o", tmp_path, source], check=True, capture_output=True)
    (found,) = tmp_path.glob("*.nii")
    _compare(_image(source), nibabel.load(found), record_property)
