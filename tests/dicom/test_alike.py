"""Plain slices described by a look at their headers are exactly what the full decoder makes of them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ImplicitVRLittleEndian
from small_dicom import dataset, write_dicom

from radiolucent.core import InputError, UnreadableError
from radiolucent.dicom import Alike, TooWideError, decode, header_record
from radiolucent.read import read

RNG = np.random.default_rng(3)
STORED = RNG.integers(-900, 3000, (6, 5)).astype(np.int16)
PLACED = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "PixelSpacing": [2.0, 3.0]}

VARYING = {
    "place, number, time": lambda k: {"InstanceNumber": k, "AcquisitionTime": f"1010{k:02d}.5", "AcquisitionNumber": 1 + k},
    "date before the time": lambda k: {"AcquisitionDate": "20200101", "AcquisitionTime": f"0000{k:02d}"},
    "date and time in one": lambda k: {"AcquisitionDateTime": f"202001010000{k:02d}", "AcquisitionTime": "101010"},
    "echo": lambda k: {"EchoTime": 10.0 * (k % 2), "Modality": "MR"},
    "slope": lambda k: {"RescaleSlope": 1 + k, "RescaleIntercept": -1024},
    "fractions": lambda k: {"RescaleSlope": 0.25, "RescaleIntercept": -0.5},
    "spacing": lambda k: {"PixelSpacing": [2.0, 3.0 + k]},
    "facts": lambda k: {"PatientAge": f"{40 + k:03d}Y", "ConvolutionKernel": "B30f"},
    "what nobody looks at": lambda k: {"WindowCenter": [40 + k, 50], "XRayTubeCurrent": 10 ** k, "PatientComments": "x" * k},
    "signed twelve bits": lambda k: {"BitsStored": 12, "HighBit": 11},
    "unsigned twelve bits": lambda k: {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0},
    "a kind of picture": lambda k: {"ImageType": ["ORIGINAL", "PRIMARY", "M" if k % 2 else "P"], "Modality": "MR"},
    "a number that is none": lambda k: {"InstanceNumber": k or None},
    "series": lambda k: {"SeriesInstanceUID": f"1.2.{k % 2}", "SeriesNumber": k % 2},
}  # fmt: skip


def written(folder, vary, *, count=5, stored=STORED):
    return [
        write_dicom(folder / f"{k}.dcm", stored + k, **{**PLACED, "ImagePositionPatient": [1.5, -2, k], **vary(k)})
        for k in range(count)
    ]


def same(described, decoded):
    """All that is known, and the samples with their type."""
    (frame,) = described.frames
    np.testing.assert_array_equal(frame.values(), decoded.array[0])
    assert frame.values().dtype == decoded.array.dtype
    bare = [replace(one, array=STORED[:0], waiting=()) for one in (described, decoded)]
    assert repr(bare[0]) == repr(bare[1])


@pytest.mark.parametrize("what", VARYING)
def test_files_that_differ_in_anything_are_described_as_the_decoder_does(what, tmp_path):
    alike = Alike()
    for file in written(tmp_path, VARYING[what]):
        described = alike.described(file)
        assert described is not None
        same(described, decode(file))


def test_private_elements_and_sequences_that_vary_do_no_harm(tmp_path):
    alike = Alike()
    for k in range(4):
        made = dataset(STORED, **PLACED, ImagePositionPatient=[0, 0, k], Modality="MR")
        made.private_block(0x19, "SIEMENS MR HEADER", create=True).add_new(0x0C, "IS", 500 * (k % 2))
        made.private_block(0x29, "SOMEBODY", create=True).add_new(0x10, "OB", b"\1\2" * k)
        item = Dataset()
        item.ReferencedSOPInstanceUID = f"1.2.{k}"
        made.ReferencedImageSequence = Sequence([item])
        made["ReferencedImageSequence"].is_undefined_length = k == 3
        made.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
        same(alike.described(tmp_path / f"{k}.dcm"), decode(tmp_path / f"{k}.dcm"))


def test_files_without_value_representations_are_described_too(tmp_path):
    alike = Alike()
    for k in range(3):
        made = dataset(STORED, **PLACED, ImagePositionPatient=[0, 0, k])
        made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        made.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
        same(alike.described(tmp_path / f"{k}.dcm"), decode(tmp_path / f"{k}.dcm"))


@pytest.mark.parametrize(
    "elements",
    [
        {"Modality": "PT"},
        {"PhotometricInterpretation": "MONOCHROME1"},
        {"HighBit": 14, "BitsStored": 12},
        {"NumberOfFrames": 2, "Rows": 3},
        {"ImagePositionPatient": None},
        {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "Columns": 10},
        {"Rows": 60},
    ],
)
def test_what_is_not_plain_is_left_to_the_decoder(elements, tmp_path):
    file = write_dicom(tmp_path / "a.dcm", STORED, **{**PLACED, "ImagePositionPatient": [0, 0, 0], **elements})
    alike = Alike()
    assert alike.described(file) is None
    assert alike.described(file) is None, "a kind that was refused once is refused again"


def test_a_header_longer_than_the_first_look_is_read_whole(tmp_path):
    alike = Alike()
    for file in written(tmp_path, lambda k: {"PatientComments": "long", "TextValue": "x" * (100_000 + k)}):
        same(alike.described(file), decode(file))


def test_values_beyond_sixteen_bits_make_the_whole_volume_wider(tmp_path):
    files = written(tmp_path, lambda k: {"RescaleIntercept": 30_000 if k == 3 else 0, "RescaleSlope": 2})
    (case,) = read(tmp_path, key=b"k" * 32)
    expected = np.concatenate([decode(file).array for file in files])
    np.testing.assert_array_equal(case.images["image"].array, expected)
    assert case.images["image"].array.dtype == np.int32
    (frame,) = Alike().described(files[3]).frames
    with pytest.raises(TooWideError):
        frame.into(np.empty(STORED.shape, np.int16))


def test_a_file_that_vanishes_or_shrinks_after_the_look_is_an_error_that_names_it(tmp_path):
    for harm in (lambda file: file.unlink(), lambda file: file.write_bytes(file.read_bytes()[:-8])):
        (file,) = written(tmp_path, lambda k: {}, count=1)
        (frame,) = Alike().described(file).frames
        harm(file)
        with pytest.raises(InputError, match=r"0\.dcm"):
            frame.values()


@settings(max_examples=100, deadline=None)
@given(at=st.integers(132, 1500), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_header_is_described_as_the_decoder_does_or_not_at_all(tmp_path_factory, at, byte, cut):
    folder = tmp_path_factory.mktemp("d")
    alike, files = Alike(), written(folder, VARYING["place, number, time"], count=3)
    for file in files[:2]:
        assert alike.described(file) is not None
    content = bytearray(files[2].read_bytes())
    at = min(at, len(content) - 1)
    content[at] = byte
    files[2].write_bytes(content[:at] if cut else content)
    described = alike.described(files[2])
    if described is not None:
        try:
            decoded = decode(files[2])
        except UnreadableError:
            pytest.fail("described, though it cannot be decoded")
        same(described, decoded)


@pytest.mark.parametrize("what", VARYING)
def test_the_record_of_a_header_is_that_of_the_full_parser_but_for_the_hash_of_the_pixels(what, tmp_path):
    alike = Alike()
    for file in written(tmp_path, VARYING[what]):
        found = alike.record(file, name=file.name)
        assert found == replace(header_record(file), pixels="")


def test_a_record_is_left_to_the_full_parser_where_names_sizes_or_foreign_letters_vary(tmp_path):
    for varying in (
        lambda k: {"PatientID": f"P{k}"},
        lambda k: {"Rows": 6 if k == 0 else 3, "NumberOfFrames": 1},
        lambda k: {"PatientComments": "müde" if k else "wach", "SpecificCharacterSet": "ISO_IR 100"},
    ):
        alike = Alike()
        for file in written(tmp_path, varying, count=3):
            found = alike.record(file, name=file.name)
            assert found in (None, replace(header_record(file), pixels=""))
        assert found is None
