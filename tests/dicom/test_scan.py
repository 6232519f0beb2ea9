"""The short walk gives pydicom's values, leaves what is unusual to pydicom, and no bytes bring it down."""

import struct
import subprocess
import sys

import numpy as np
import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian
from small_dicom import dataset, write_dicom

from radiolucent.core import InputError, UnreadableError
from radiolucent.dicom.scan import plain, scan, scanned
from radiolucent.dicom.walk import Wanted

WANTED = Wanted(
    ("Modality", "PatientID", "PatientName", "Rows", "Columns", "PixelSpacing", "ImageType", "SeriesNumber", "KVP",
     "EchoTime", "MRDiffusionSequence", "SpecificCharacterSet", "StudyDate", "RescaleSlope"),
    private=((0x19, "SIEMENS MR HEADER", 0x0C),),
)  # fmt: skip
PLANE = np.zeros((4, 5), np.uint16)


def pydicoms(path):
    return scanned(path, pydicom.dcmread(path, stop_before_pixels=True), WANTED)


def nested(depth):
    """A sequence of undefined length in a sequence, and so on."""
    made = Dataset()
    made.CodeValue = "END"
    for _ in range(depth):
        outer = Dataset()
        outer.add_new(0x00081111, "SQ", Sequence([made]))
        outer[0x00081111].is_undefined_length = True
        made.is_undefined_length_sequence_item = True
        made = outer
    return made[0x00081111].value


@pytest.mark.parametrize("elements", [
    {"KVP": "120 ", "SeriesNumber": " 7", "EchoTime": None},
    {"ImageType": ["ORIGINAL", "PRIMARY", "", "X "], "PixelSpacing": [0.5, 0.25]},
    {"PatientID": "", "StudyDate": "20200102"},
    {"PatientName": "A^B^^Dr  ", "PatientID": "  led by blanks "},
    {"ReferencedPerformedProcedureStepSequence": nested(3)},
])  # fmt: skip
@pytest.mark.parametrize("syntax", [None, ImplicitVRLittleEndian])
def test_values_are_those_of_pydicom_without_its_help(tmp_path, elements, syntax):
    made = dataset(PLANE, **elements)
    if syntax:
        made.file_meta.TransferSyntaxUID = syntax
    made.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    found = scan(tmp_path / "a.dcm", WANTED)
    assert found.dataset is None
    assert dict(found.values) == dict(pydicoms(tmp_path / "a.dcm").values)
    assert found.syntax == made.file_meta.TransferSyntaxUID
    assert found.get("Rows") == 4
    assert "EchoTime" not in found


@pytest.mark.parametrize("elements", [
    {"SpecificCharacterSet": "ISO_IR 100", "PatientID": "Jörg"},
    {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "Yamada^Tarou=山田^太郎"},
    {"MRDiffusionSequence": Sequence([Dataset()])},
])  # fmt: skip
def test_what_is_unusual_is_read_by_pydicom(tmp_path, elements):
    found = scan(write_dicom(tmp_path / "a.dcm", PLANE, **elements), WANTED)
    assert found.dataset is not None
    assert dict(found.values) == dict(pydicoms(tmp_path / "a.dcm").values)


def test_a_big_endian_file_is_read_by_pydicom(tmp_path):
    made = dataset(PLANE)
    made.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    made.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    assert scan(tmp_path / "a.dcm", WANTED).get("Columns") == 5


@pytest.mark.parametrize(("depth", "alone"), [(3, True), (80, False)])
def test_open_sequences_are_stepped_over_unless_they_are_very_deep(tmp_path, depth, alone):
    made = dataset(PLANE, ReferencedPerformedProcedureStepSequence=nested(depth))
    made["ReferencedPerformedProcedureStepSequence"].is_undefined_length = True
    made.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    found = scan(tmp_path / "a.dcm", WANTED)
    assert (found.dataset is None) == alone
    assert dict(found.values) == dict(pydicoms(tmp_path / "a.dcm").values)


def test_large_elements_between_the_wanted_ones_are_stepped_over(tmp_path):
    icon = Dataset()
    icon.add_new(0x7FE00010, "OB", bytes(100_000))
    elements = {"IconImageSequence": Sequence([icon]), "EncapsulatedDocument": bytes(60_000), "RescaleSlope": 2}
    found = scan(write_dicom(tmp_path / "a.dcm", PLANE, **elements), WANTED)
    assert found.dataset is None
    assert found.get("RescaleSlope") == 2.0


def test_private_elements_are_found_by_their_maker_wherever_the_block_lies(tmp_path):
    made = dataset(PLANE)
    made.private_block(0x19, "ANOTHER", create=True).add_new(0x0C, "IS", "5")
    made.private_block(0x19, "SIEMENS MR HEADER", create=True).add_new(0x0C, "IS", "1000")
    made.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    found = scan(tmp_path / "a.dcm", WANTED)
    assert found.dataset is None
    assert found.private_block(0x19, "SIEMENS MR HEADER")[0x0C].value == 1000
    with pytest.raises(KeyError):
        found.private_block(0x43, "GEMS_PARM_01")


def test_a_preamble_that_starts_a_program_is_told(tmp_path):
    path = write_dicom(tmp_path / "a.dcm", PLANE)
    assert not scan(path, WANTED).has_executable
    path.write_bytes(b"MZ" + path.read_bytes()[2:])
    assert scan(path, WANTED).has_executable


def test_an_element_that_cannot_be_parsed_is_as_if_it_were_absent():
    made = Dataset()
    made[0x00280010] = RawDataElement(Tag(0x00280010), "XX", 2, b"12", 0, False, True)
    assert plain(made, "Rows") is None


def element(tag, kind, length, content=b""):
    long = kind in (b"SQ", b"UN", b"OB")
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, kind)
    return head + (struct.pack("<HL", 0, length) if long else struct.pack("<H", length)) + content


ITEM = struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
BROKEN = {
    "ends in an element": element(0x00080060, b"CS", 2, b"C"),
    "a length beyond the file": element(0x00081111, b"UN", 0xFFFFFFF0, b"abc"),
    "an undefined length without end": element(0x00081111, b"SQ", 0xFFFFFFFF) + ITEM,
    "undefined, but no sequence": element(0x00081111, b"UN", 0xFFFFFFFF, b"abcdefgh"),
    "10,000 nested sequences": (element(0x00081111, b"SQ", 0xFFFFFFFF) + ITEM) * 10_000,
    "10,000 nested items": element(0x00081111, b"SQ", 0xFFFFFFFF) + ITEM * 10_000,
    "a sequence that ends twice": element(0x00081111, b"SQ", 0xFFFFFFFF)
    + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0) * 2,
    "no element at all": b"",
    "zeros": bytes(5000),
}  # fmt: skip


def broken(tmp_path, content):
    path = write_dicom(tmp_path / "a.dcm", PLANE)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"\x08\x00\x16\x00UI")] + content)
    return path


def rows_or_none(path):
    """What is stated, or nothing where a typed error names the file."""
    try:
        return scan(path, WANTED).get("Rows")
    except InputError as error:
        return None if path.name in str(error) else error


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_give_values_or_a_typed_error(tmp_path, name):
    assert rows_or_none(broken(tmp_path, BROKEN[name])) is None


def test_broken_files_take_no_memory(tmp_path):
    for k, name in enumerate(BROKEN):
        (tmp_path / str(k)).mkdir()
        broken(tmp_path / str(k), BROKEN[name])
    code = f"""
import resource
from pathlib import Path
from radiolucent.core import InputError
from radiolucent.dicom.scan import scan
from radiolucent.dicom.walk import Wanted
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sorted(Path({str(tmp_path)!r}).rglob("*.dcm")):
    try:
        scan(path, Wanted(("Modality", "Rows", "PerFrameFunctionalGroupsSequence")))
    except InputError:
        pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) < 256 * 1024


def test_a_truncated_file_gives_what_is_there_or_a_typed_error(tmp_path):
    whole = write_dicom(tmp_path / "a.dcm", PLANE).read_bytes()
    for end in range(0, len(whole), 7):
        (tmp_path / "b.dcm").write_bytes(whole[:end])
        assert rows_or_none(tmp_path / "b.dcm") in (4, None)


def test_a_file_that_is_not_there_or_must_not_be_read_is_named(tmp_path):
    with pytest.raises(UnreadableError, match=r"gone\.dcm does not exist"):
        scan(tmp_path / "gone.dcm", WANTED)
    with pytest.raises(UnreadableError, match="not a file"):
        scan(tmp_path, WANTED)


def test_a_file_that_must_not_be_read_says_so(tmp_path, monkeypatch):
    def denied(*words, **more):
        raise PermissionError(13, "Permission denied", str(words[0]))

    path = write_dicom(tmp_path / "a.dcm", PLANE)
    monkeypatch.setattr("builtins.open", denied)
    monkeypatch.setattr("radiolucent.dicom.header._is_deflated", denied)
    with pytest.raises(UnreadableError, match=r"a\.dcm cannot be read as DICOM: Permission denied"):
        scan(path, WANTED)


def test_a_file_that_vanishes_between_two_looks_is_named(tmp_path, monkeypatch):
    path = write_dicom(tmp_path / "a.dcm", PLANE)

    def vanished(file, wanted):
        path.unlink()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("radiolucent.dicom.scan.walk", vanished)
    with pytest.raises(UnreadableError, match=r"a\.dcm does not exist"):
        scan(path, WANTED)


def test_a_letter_named_as_dicom_states_nothing(tmp_path):
    (tmp_path / "letter.dcm").write_text("Dear colleague, " * 40)
    assert rows_or_none(tmp_path / "letter.dcm") is None
