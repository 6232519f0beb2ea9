"""A radiograph written is the radiograph read."""

from dataclasses import replace

import numpy as np
import pydicom
import pytest

from radiolucent.core import InputError
from radiolucent.dicom import Radiograph, decode, encode_radiograph

ABOUT = Radiograph("P", "S", "1", (0.5, 0.25), sex="F", age_years=61, view="PA", body_part="CHEST")


def test_values_spacing_and_facts_come_back(tmp_path):
    stored = np.random.default_rng(0).integers(0, 4096, (7, 5)).astype(np.uint16)
    got = decode(encode_radiograph(stored, tmp_path / "a.dcm", ABOUT))
    np.testing.assert_array_equal(got.array[0], stored)
    assert got.places[0].spacing_mm == (0.5, 0.25)
    assert got.modality == "DX"
    assert got.facts["view"] == "PA"
    assert got.facts["age_years"] == 61


def test_equal_seeds_give_equal_files_and_others_do_not(tmp_path):
    stored = np.zeros((4, 4), np.uint16)
    files = [tmp_path / f"{k}.dcm" for k in range(3)]
    encode_radiograph(stored, files[0], ABOUT)
    encode_radiograph(stored, files[1], ABOUT)
    encode_radiograph(stored, files[2], replace(ABOUT, instance="2"))
    assert files[0].read_bytes() == files[1].read_bytes()
    uids = [pydicom.dcmread(file).SOPInstanceUID for file in files]
    assert uids[0] == uids[1] != uids[2]


def test_every_element_bears_a_valid_value(tmp_path):
    pydicom.config.settings.reading_validation_mode = pydicom.config.RAISE
    try:
        dataset = pydicom.dcmread(encode_radiograph(np.zeros((4, 4), np.uint16), tmp_path / "a.dcm", ABOUT))
        assert all(element.value is not NotImplemented for element in dataset)
    finally:
        pydicom.config.settings.reading_validation_mode = pydicom.config.WARN


@pytest.mark.parametrize(
    "stored", [np.zeros((2, 2, 2), np.uint16), np.zeros((2, 2), np.int16), np.full((2, 2), 4096, np.uint16)]
)
def test_what_does_not_fit_is_refused(tmp_path, stored):
    with pytest.raises(InputError, match="radiograph"):
        encode_radiograph(stored, tmp_path / "a.dcm", ABOUT)
    assert not list(tmp_path.iterdir())
