"""A value that is not of its attribute's kind is no such value: a name does not pass as a number."""

from io import BytesIO

import numpy as np
import pydicom
import pytest
from deid_files import file_of
from pydicom.dataset import Dataset
from small_dicom import dataset

from radiolucent.deid.elements import EXPLICIT, scan, written
from radiolucent.deid.header import deidentify
from radiolucent.deid.key import Key
from radiolucent.deid.opening import opened
from radiolucent.deid.profile import options
from radiolucent.deid.worth import is_number, kind_of

KEY = Key(b"k" * 32)
NAME = b"Hildegard^Xylander"
COLUMNS, SPACING, INSTANCE, BODY_PART, KERNEL, ICC = (
    0x00280011,
    0x00280030,
    0x00200013,
    0x00180015,
    0x00181210,
    0x00282000,
)


def with_raw(tag, vr, value, **elements):
    """A file with an element of any VR and bytes, which no writer would write."""
    pixels = np.arange(16, dtype=np.uint16).reshape(4, 4)
    content = file_of(dataset(pixels, PatientID="MRN471147", PatientName="Okafor^Miriam", **elements))
    start = opened(content)
    elements, _ = scan(content, start.at, len(content), start.syntax)
    after = next(one for one in elements if one[0] >= tag)
    stop = after[4] if after[0] == tag else after[2]
    return content[: after[2]] + written(tag, vr, value, EXPLICIT) + content[stop:]


def copy_of(content, chosen=None):
    return deidentify(content, KEY, chosen or options()).content


@pytest.mark.parametrize(
    ("tag", "vr"),
    [
        (COLUMNS, "PN"), (COLUMNS, "LO"), (COLUMNS, "OB"), (COLUMNS, "UN"), (SPACING, "DS"), (SPACING, "UT"), (INSTANCE, "IS"),
        (INSTANCE, "LO"), (0x00281050, "UN"), (BODY_PART, "OB"), (0x00020010 | 0x00080016, "OB"),
    ],
)  # fmt: skip
def test_a_name_in_the_place_of_something_else_goes(tag, vr):
    content = copy_of(with_raw(tag, vr, NAME))
    assert b"Xylander" not in content
    str(pydicom.dcmread(BytesIO(content)))


def test_items_in_the_place_of_a_value_go_with_all_that_is_in_them():
    item = written(0x00100010, "PN", NAME, EXPLICIT)
    packed = b"\xfe\xff\x00\xe0" + len(item).to_bytes(4, "little") + item
    assert b"Xylander" not in copy_of(with_raw(SPACING, "UN", packed))


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [
        (SPACING, "DS", b"0.5\\0.5 "), (SPACING, "DS", b" 1e-3\\NaN"), (SPACING, "UN", b"0.5\\0.5 "), (COLUMNS, "SS", b"\4\0"),
        (COLUMNS, "UN", b"\4\0"), (COLUMNS, "IS", b"4 "), (BODY_PART, "LO", b"CHEST "), (BODY_PART, "UN", b"CHEST "),
        (0x00281201, "OB", b"\1\2\3\4"), (0x00283002, "SS", b"\0\1\0\0\x10\0"), (KERNEL, "LO", b"B30f"),
    ],
)  # fmt: skip
def test_another_way_to_write_the_same_kind_of_value_stays(tag, vr, value):
    assert written(tag, vr, value, EXPLICIT) in copy_of(with_raw(tag, vr, value))


@pytest.mark.parametrize(
    ("tag", "vr", "value", "left"),
    [
        (BODY_PART, "CS", b"OKAFOR", b"REMOVED "),
        (0x00080008, "CS", b"ORIGINAL\\PRIMARY\\OKAFOR ", b"ORIGINAL\\PRIMARY\\REMOVED"),
        (KERNEL, "SH", b"B30 okafor", b"B30 [removed]"),
        (ICC, "OB", b"\0\0\2\0adbe of Okafor, 471147", b"\0\0\2\0adbe of XXXXXX, 471147"),
    ],
)
def test_what_is_known_of_the_patient_is_cut_out_of_kept_values_of_any_kind(tag, vr, value, left):
    content = copy_of(with_raw(tag, vr, value))
    assert b"okafor" not in content.lower()
    assert left.strip() in content


def test_a_patient_whose_name_is_a_word_of_the_field_spoils_no_codes():
    content = copy_of(with_raw(BODY_PART, "CS", b"CHEST ", ViewPosition="PA"), options())
    made = dataset(np.zeros((4, 4), np.uint16), PatientName="CHEST^PA", PatientID="1", BodyPartExamined="CHEST")
    made.ViewPosition, made.ConvolutionKernel, made.PixelSpacing = "PA", "CHEST", [1, 1]
    copy = pydicom.dcmread(BytesIO(copy_of(file_of(made))))
    assert (copy.BodyPartExamined, copy.ViewPosition, copy.ConvolutionKernel) == ("CHEST", "PA", "CHEST")
    assert copy.PixelSpacing == [1, 1]
    assert b"CHEST" in content


@pytest.mark.parametrize("number", ["1", "12", "120", "12345"])
def test_a_short_number_of_the_patient_spoils_no_numbers(number):
    made = dataset(np.zeros((4, 4), np.uint16), PatientID=number, PatientName="", KVP="120", PixelSpacing=[1, 12])
    made.ExposureTime, made.SliceThickness, made.InstanceNumber = "12345", "1", "12"
    made.ManufacturerModelName = "Discovery 120"
    copy = pydicom.dcmread(BytesIO(copy_of(file_of(made))))
    assert (copy.KVP, copy.ExposureTime, copy.SliceThickness, copy.InstanceNumber) == (120, 12345, 1, 12)
    assert copy.PixelSpacing == [1, 12]
    assert copy.ManufacturerModelName == "Discovery 120"


def test_a_signature_goes_and_an_address_of_a_server_too():
    made = dataset(np.zeros((4, 4), np.uint16), RetrieveURL="http://pacs.example/471147")
    made.add_new(0x04000120, "OB", NAME)
    made.ProcedureCodeSequence = [Dataset()]
    made.ProcedureCodeSequence[0].URNCodeValue = "urn:oid:1.2.3"
    copy = pydicom.dcmread(BytesIO(copy_of(file_of(made))))
    assert (copy.RetrieveURL, copy.ProcedureCodeSequence[0].URNCodeValue) == ("removed:", "urn:oid:1.2.3")
    assert 0x04000120 not in copy


def test_numbers_are_told_from_letters():
    assert kind_of(COLUMNS, "US", b"\4\0", 0, 2) == "US"
    assert kind_of(COLUMNS, "US", NAME, 0, len(NAME)) == ""
    assert kind_of(0x00091001, "LO", NAME, 0, len(NAME)) == "LO"
    assert not is_number("FL", b"Okafor^M", 0, 8)
    assert is_number("FD", bytes.fromhex("9a9999999999b93f"), 0, 8)
