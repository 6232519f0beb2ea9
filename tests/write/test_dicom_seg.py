"""Masks as DICOM segmentations: read back on the grid they were drawn on, and valid for an independent validator."""

import shutil
import subprocess

import numpy as np
import pydicom
import pytest
from clean_series import clean

from radiolucent.core import Grid, InputError, Mask
from radiolucent.read import read
from radiolucent.write.dicom_seg import write_segmentation

KEY = b"k" * 32
NAMES = {1: "Leber", 2: "肝腫瘍"}


def series(folder, modality="CT", **elements):
    """Slices under names that say nothing of their order."""
    folder.mkdir(exist_ok=True)
    for k, made in enumerate(clean(modality, np.random.default_rng(0))):
        for keyword, value in elements.items():
            setattr(made, keyword, value)
        made.save_as(folder / f"{(5 * k) % 9}.dcm", enforce_file_format=True)
    return folder


def drawn(folder):
    """Two labels on some of the slices of the one image in a folder."""
    (case,) = read(folder, key=KEY)
    (image,) = case.images.values()
    array = np.zeros(image.grid.shape, np.uint8)
    part = array if array.ndim == 2 else array[2:7]
    part[..., 10:20, 10:30], part[..., 30:33, 11:20] = 1, 2
    return Mask(array, image.grid, NAMES)


def back(folder):
    (case,) = read(folder, key=KEY)
    assert len(case.images) == 1
    (mask,) = case.masks.values()
    return mask


@pytest.mark.parametrize("modality", ["CT", "MR", "PT", "DX"])
def test_a_mask_comes_back_on_the_grid_of_its_image_with_its_names(modality, tmp_path):
    folder = series(tmp_path / "s", modality)
    mask = drawn(folder)
    write_segmentation(mask, folder / "seg.dcm", like=folder)
    again = back(folder)
    np.testing.assert_array_equal(again.array, mask.array)
    assert again.grid == mask.grid
    assert dict(again.names) == NAMES


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.parametrize("signs", [(1, -1, 1), (-1, 1, -1), (-1, -1, -1)])
def test_a_mask_whose_axes_run_another_way_comes_back_in_its_place(order, signs, tmp_path):
    """As dcm2niix and programs that reorient leave it."""
    folder = series(tmp_path / "s")
    mask = drawn(folder)
    grid = mask.grid
    array = mask.array.transpose(order)[tuple(slice(None, None, sign) for sign in signs)]
    corner = [0, 0, 0]
    for axis, sign in zip(order, signs, strict=True):
        corner[axis] = 0 if sign > 0 else grid.shape[axis] - 1
    start = tuple(grid.affine[:3] @ [*corner, 1])
    lines = tuple(tuple(sign * v for v in grid.direction[axis]) for axis, sign in zip(order, signs, strict=True))
    there = Grid(array.shape, "zyx", tuple(grid.spacing_mm[axis] for axis in order), None, start, lines)
    write_segmentation(Mask(array, there, NAMES), folder / "seg.dcm", like=folder)
    again = back(folder)
    np.testing.assert_array_equal(again.array, mask.array)
    assert again.grid == grid


def test_labels_are_numbered_from_one_and_the_nameless_keep_theirs_as_a_name(tmp_path):
    folder = series(tmp_path / "s")
    mask = drawn(folder)
    write_segmentation(Mask(mask.array * 7, mask.grid, {7: "tumour"}), folder / "seg.dcm", like=folder)
    again = back(folder)
    np.testing.assert_array_equal(again.array, mask.array)
    assert dict(again.names) == {1: "tumour", 2: "label 14"}


def test_a_mask_of_some_slices_names_these_alone(tmp_path):
    folder = series(tmp_path / "s")
    whole = drawn(folder)
    grid = whole.grid
    start = tuple(grid.affine[:3] @ [2, 0, 0, 1])
    part = Grid((5, *grid.shape[1:]), "zyx", grid.spacing_mm, None, start, grid.direction)
    write_segmentation(Mask(whole.array[2:7], part, NAMES), folder / "seg.dcm", like=folder / "0.dcm")
    np.testing.assert_array_equal(back(folder).array, whole.array)


def test_the_series_is_found_among_others_by_its_place(tmp_path):
    folder = series(tmp_path / "s")
    mask = drawn(folder)
    series(folder / "other", "MR", SeriesInstanceUID="1.2.77", StudyInstanceUID="1.2.3")
    write_segmentation(mask, tmp_path / "seg.dcm", like=folder)
    made = pydicom.dcmread(tmp_path / "seg.dcm")
    assert made.ReferencedSeriesSequence[0].SeriesInstanceUID == f"1.2.3.4.{ord('C')}"


def test_patient_study_and_frame_of_reference_stay_whatever_the_letters(tmp_path):
    folder = series(tmp_path / "s", PatientName="Müller^Jürgen", SpecificCharacterSet="ISO_IR 100")
    write_segmentation(drawn(folder), tmp_path / "seg.dcm", like=folder)
    made, source = pydicom.dcmread(tmp_path / "seg.dcm"), pydicom.dcmread(folder / "0.dcm")
    for keyword in ("PatientID", "StudyInstanceUID", "FrameOfReferenceUID", "PatientName"):
        assert made[keyword].value == source[keyword].value
    assert made.SeriesInstanceUID != source.SeriesInstanceUID


def test_equal_masks_get_equal_identifiers(tmp_path):
    folder = series(tmp_path / "s")
    mask = drawn(folder)
    paths = [write_segmentation(mask, tmp_path / name, like=folder) for name in ("a.dcm", "b.dcm")]
    assert len({pydicom.dcmread(path).SOPInstanceUID for path in paths}) == 1


def test_a_mask_without_any_label_is_an_empty_segment(tmp_path):
    folder = series(tmp_path / "s")
    mask = drawn(folder)
    write_segmentation(mask.with_array(np.zeros_like(mask.array)), folder / "seg.dcm", like=folder)
    assert not back(folder).array.any()


def test_a_mask_that_lies_elsewhere_is_refused_and_nothing_is_written(tmp_path):
    folder = series(tmp_path / "s")
    mask = drawn(folder)
    grid = mask.grid
    moved = Grid(grid.shape, grid.axes, grid.spacing_mm, None, (0.0, 0.0, 999.0), grid.direction)
    with pytest.raises(InputError, match="lies on no series"):
        write_segmentation(Mask(mask.array, moved), tmp_path / "seg.dcm", like=folder)
    with pytest.raises(InputError, match="one time point"):
        film = Grid((1, *grid.shape), "tzyx", grid.spacing_mm, None, grid.origin_mm, grid.direction)
        write_segmentation(Mask(mask.array[np.newaxis], film), tmp_path / "seg.dcm", like=folder)
    assert not (tmp_path / "seg.dcm").exists()


@pytest.mark.parametrize("modality", ["CT", "MR", "DX"])
def test_an_independent_validator_finds_no_error(modality, tmp_path):
    if not shutil.which("dciodvfy"):
        pytest.skip("dciodvfy is not installed")
    folder = series(tmp_path / "s", modality)
    path = write_segmentation(drawn(folder), tmp_path / "seg.dcm", like=folder)
    said = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False)
    assert "Segmentation" in said.stdout + said.stderr
    assert [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")] == []
