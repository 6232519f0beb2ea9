"""Voxels and places against the dcm2niix that is installed, file by file and series by series."""

import shutil
import subprocess

import nibabel
import numpy as np
import pytest
from shared import shared

from radiolucent.core import InputError
from radiolucent.dicom import is_dicom
from radiolucent.read import read

RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
FOLDERS = {"read-pydicom": 35, "read-pydicom-data": 5, "geom-dcmqa": 20}
"""With at least so many placed images in files that both read."""

ODD = {
    "12bitSigned_0x0F0F.dcm": "dcm2niix 1.0.2022 reads twelve signed bits as unsigned; the set's reference 4 agrees with us",
    "J2K_pixelrep_mismatch.dcm": "of one section of a tilted gantry dcm2niix bends the affine; ours is the header's",
    "rtdose.dcm": "dcm2niix does not read Grid Frame Offset Vector",
    "rtdose_expb.dcm": "dcm2niix does not read Grid Frame Offset Vector",
    "rtdose_rle.dcm": "dcm2niix reads 32 unsigned bits as signed",
} | {f"0{k}.dcm": "a tilted section: dcm2niix bends its affine" for k in range(21, 33)}
"""Where the two differ, and which is right."""


@pytest.fixture(scope="module", autouse=True)
def _installed():
    if not shutil.which("dcm2niix"):
        pytest.skip("dcm2niix is not installed")


def converted(source, folder):
    """What dcm2niix makes of a file or a folder; overlays and what it could not decode (1 x 1 x 1) are left out."""
    options = ["-s", "y"] if source.is_file() else []
    command = ["dcm2niix", *options, "-b", "n", "-f", "%s_%p_%e", "-o", folder, source]
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    files = [nibabel.load(file) for file in sorted(folder.glob("*.nii")) if "_ROI" not in file.name]
    return [file for file in files if file.shape[:2] != (1, 1)]


def differences(image, file):
    """Greatest difference of values, and of places [mm] (NaN where we say that there is none)."""
    affine = _affine(image.grid, file)
    if affine is None:
        return _values_apart(image, file, np.ones(3, int)), np.nan
    steps = np.linalg.inv(RAS_TO_LPS @ file.affine) @ affine
    signs = np.sign(np.rint(np.diag(steps)[:3])).astype(int)
    assert np.all(signs != 0), "the axes are not the same"
    shape = np.array(file.shape[:3])
    corners = np.array([[i, j, k] for i in (0, shape[0] - 1) for j in (0, shape[1] - 1) for k in (0, shape[2] - 1)])
    there = np.where(signs < 0, shape - 1 - corners, corners)
    ours = (affine @ np.c_[corners, np.ones(8)].T)[:3]
    theirs = (RAS_TO_LPS @ file.affine @ np.c_[there, np.ones(8)].T)[:3]
    return _values_apart(image, file, signs), float(np.abs(ours - theirs).max())


def _affine(grid, file):
    """Ours in the order x, y, z; the thickness of a single section is taken from the other side."""
    affine = grid.affine
    if affine is None:
        return None
    if affine.shape == (4, 3):
        down, right = grid.direction[-2:]
        normal = np.cross(right, down) * np.linalg.norm(file.affine[:3, 2])
        affine = np.c_[np.r_[normal, 0], affine]
    return affine[:, [2, 1, 0, 3]]


def _values_apart(image, file, signs):
    theirs = np.asanyarray(file.dataobj)
    theirs = theirs[tuple(slice(None, None, int(sign)) for sign in signs)]
    if theirs.dtype.names:
        theirs = np.stack([theirs[name].T for name in theirs.dtype.names], axis=-1)
        if not image.is_colour:
            theirs = theirs[..., 0]
    else:
        theirs = theirs.T
    assert theirs.size == image.array.size, f"{theirs.shape} is not {image.array.shape}"
    return float(np.abs(theirs.reshape(image.array.shape).astype(float) - image.array.astype(float)).max())


def _image(path):
    """The one image of a file or folder, or `None`."""
    try:
        made = [image for case in read(path, key=b"k" * 32) for image in case.images.values()]
    except InputError:
        return None
    return made[0] if len(made) == 1 else None


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_dcm2niix_converts_has_the_same_voxels_in_the_same_place(folder, tmp_path, record_property):
    apart, worst = {}, []
    for number, path in enumerate(sorted(shared(f"reference/{folder}").rglob("*"))):
        if not path.is_file() or "charset" in str(path) or "DICOMDIR" in path.name or not is_dicom(path):
            continue
        image, place = _image(path), tmp_path / str(number)
        place.mkdir()
        files = converted(path, place) if image is not None and image.grid.affine is not None else []
        if len(files) != 1 or path.name in ODD:
            continue
        values, distance_mm = differences(image, files[0])
        worst.append(distance_mm)
        if values > 0 or distance_mm > 1e-3:
            apart[path.name] = (values, distance_mm)
    record_property("compared", len(worst))
    record_property("difference", max(worst))
    assert not apart
    assert len(worst) >= FOLDERS[folder]


@pytest.mark.parametrize("name", ["emri_small.dcm", "emri_small_big_endian.dcm"])
def test_frames_of_an_enhanced_file_have_the_same_voxels_however_it_is_coded(name, tmp_path, record_property):
    """These files state no places; of compressed frames dcm2niix converts none, or others."""
    folder = shared("reference/read-pydicom-data")
    (file,) = converted(folder / name, tmp_path)
    coded = ("RLE", "jpeg_2k_lossless", "jpeg_ls_lossless")
    images = [_image(folder / name), *(_image(folder / f"emri_small_{syntax}.dcm") for syntax in coded)]
    values = max(differences(image, file)[0] for image in images)
    record_property("difference", values)
    assert values == 0


@pytest.mark.parametrize(
    "folder",
    [
        *(
            f"dcm_qa/In/Orientation/{name}"
            for name in ("ax/axasc35", "cor/corasc35", "sag/sagasc35", "axmb/AxAsc36mb2a", "axmb/AxInt36mb")
        ),
        *(f"dcm_qa_nih/In/20180918Si/mr_000{k}" for k in (3, 4, 5, 6)),
    ],
)
def test_a_series_has_the_same_voxels_in_the_same_place(folder, tmp_path, record_property):
    source = shared("reference/geom-dcmqa") / folder
    (file,) = converted(source, tmp_path)
    values, distance_mm = differences(_image(source), file)
    record_property("difference", distance_mm)
    assert values == 0
    assert distance_mm < 1e-3
