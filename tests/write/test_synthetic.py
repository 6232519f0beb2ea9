"""A picture that nobody was taken of says so in every form in which it is kept."""

import json
import shutil
import subprocess

import numpy as np
import pydicom
import pytest
from PIL import Image as Pillow

from radiolucent.core import InputError
from radiolucent.read import pixels
from radiolucent.write.synthetic import MARK, SAYS, is_synthetic, write_synthetic, write_synthetic_npz

TOLD = {"model": "0123abcd", "class": "pneumonia", "seed": "3"}


@pytest.fixture
def picture():
    return np.random.default_rng(0).integers(0, 256, (7, 9), dtype=np.uint8)


def test_a_png_bears_the_mark_in_text_chunks_and_keeps_its_pixels(picture, tmp_path):
    path = write_synthetic(picture, tmp_path / "one.png", told=TOLD)
    with Pillow.open(path) as read:
        assert read.info["Synthetic"] == SAYS
        assert (read.info["Model"], read.info["Class"], read.info["Seed"]) == ("0123abcd", "pneumonia", "3")
        np.testing.assert_array_equal(np.asarray(read), picture)
    assert is_synthetic(path)
    Pillow.fromarray(picture).save(tmp_path / "real.png")
    assert not is_synthetic(tmp_path / "real.png")


def test_a_dicom_file_bears_the_mark_in_image_type_in_synthetic_data_and_in_the_derivation(picture, tmp_path):
    path = write_synthetic(picture, tmp_path / "one.dcm", told=TOLD)
    read = pydicom.dcmread(path)
    assert list(read[0x0008, 0x0008].value) == ["DERIVED", "SECONDARY", "SYNTHETIC"]
    assert read[0x0008, 0x001C].value == "YES"
    assert read.DerivationDescription.startswith(SAYS)
    assert "class pneumonia" in read.DerivationDescription
    assert MARK in str(read.PatientName)
    assert read.PatientID == MARK
    np.testing.assert_array_equal(read.pixel_array, picture)
    np.testing.assert_array_equal(pixels(str(path)).array, picture)
    assert is_synthetic(path)


def test_pictures_of_one_model_are_of_one_series_and_each_has_an_identifier_of_its_own(picture, tmp_path):
    read = [
        pydicom.dcmread(write_synthetic(one, tmp_path / f"{k}.dcm", told=TOLD))
        for k, one in enumerate((picture, 255 - picture))
    ]
    assert read[0].SeriesInstanceUID == read[1].SeriesInstanceUID
    assert read[0].SOPInstanceUID != read[1].SOPInstanceUID


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dciodvfy (dicom3tools) is not installed")
def test_dciodvfy_finds_no_error_in_a_synthetic_picture(picture, tmp_path):
    path = write_synthetic(picture, tmp_path / "one.dcm", told=TOLD)
    said = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, check=False)
    errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
    newer = "(0x0008,0x001c)"  # Synthetic Data came into the standard in 2022; dicom3tools of 2021 does not know it
    assert [line for line in errors if newer not in line] == []


def test_an_npz_file_bears_the_mark_beside_pictures_and_classes(picture, tmp_path):
    path = write_synthetic_npz(np.stack([picture] * 2), np.array(["a", "b"]), tmp_path / "all.npz", told=TOLD)
    with np.load(path, allow_pickle=False) as kept:
        told = json.loads(str(kept["synthetic"]))
        assert kept["labels"].tolist() == ["a", "b"]
    assert told["synthetic"] is True
    assert told["says"] == SAYS
    assert told["class"] == "pneumonia"
    assert is_synthetic(path)


@pytest.mark.parametrize(
    ("array", "name", "says"),
    [
        (np.zeros((3, 3, 3), np.uint8), "one.png", "grey bytes"),
        (np.zeros((3, 3), np.float32), "one.png", "float32"),
        (np.zeros((3, 3), np.uint8), "one.jpg", "written as .png or .dcm"),
    ],
)
def test_what_cannot_be_kept_with_the_mark_is_refused(array, name, says, tmp_path):
    with pytest.raises(InputError, match=says):
        write_synthetic(array, tmp_path / name, told=TOLD)
