"""The search finds what is planted, in any encoding and place, and is not fooled by pieces of words."""

import gzip
import struct
import zlib

import numpy as np
import pytest
from small_dicom import write_dicom

from radiolucent.deid.profile import options
from radiolucent.deid.verify import beside, originals, search

NEEDLES = {"Okafor": "PatientName", "MRN-4711-88": "PatientID", "Müller": "PatientName"}


@pytest.mark.parametrize("code", ["utf-8", "latin-1", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Okafor", "OKAFOR", "mrn-4711-88", "Müller", "MÜLLER"])
def test_every_encoding_and_case_is_found(tmp_path, text, code):
    (tmp_path / "x").write_bytes(b"\1" * 37 + text.encode(code) + b"\1" * 5)
    assert len(search(tmp_path, NEEDLES).places) == 1


def test_names_of_files_and_folders_are_searched(tmp_path):
    (tmp_path / "okafor").mkdir()
    (tmp_path / "okafor/x").write_bytes(b"nothing")
    assert {keyword for _, keyword in search(tmp_path, NEEDLES).places} == {"PatientName"}


def test_a_piece_of_a_longer_word_is_no_find(tmp_path):
    (tmp_path / "x").write_bytes(b"Okaforia xmrn-4711-881")
    assert search(tmp_path, NEEDLES).places == []


def test_what_crosses_the_borders_of_blocks_is_found(tmp_path):
    for at in range((1 << 22) - 6, (1 << 22) + 2):
        (tmp_path / "x").write_bytes(b"." * at + b"Okafor" + b"." * 9)
        assert len(search(tmp_path, NEEDLES).places) == 1


def test_deflated_data_is_inflated_before_it_is_searched(tmp_path):
    packer = zlib.compressobj(wbits=-15)
    meta = b"1.2.840.10008.1.2.1.99".ljust(30, b"\0")
    head = b"\0" * 128 + b"DICM" + b"\2\0\0\0UL\4\0" + len(meta).to_bytes(4, "little") + meta
    (tmp_path / "x").write_bytes(head + packer.compress(b"...Okafor...") + packer.flush())
    assert len(search(tmp_path, NEEDLES).places) == 1


def test_short_pieces_in_pixels_and_words_of_the_field_are_left_to_a_person(tmp_path):
    (tmp_path / "x").write_bytes(b"CHEST \xe0\x7f\x10\x00 Okafor")
    found = search(tmp_path, {**NEEDLES, "Chest": "OperatorsName"})
    assert (len(found.places), len(found.undecided)) == (0, 2)


def image_with(name: str, beside: bytes, within: bytes) -> bytes:
    """The file `name` with one piece in what tells of the image and one among its samples."""
    if name.startswith("nifti"):
        head = bytearray(352)
        head[:4], head[344:348] = struct.pack("<i", 348), b"n+1\0"
        head[148 : 148 + len(beside)] = beside
        struct.pack_into("<f", head, 108, 352)
        whole = bytes(head) + b"\1" * 99 + within + b"\1" * 99
        return gzip.compress(whole) if name.endswith("gz") else whole
    if name == "nrrd":
        return b"NRRD0004\ncontent: " + beside + b"\n\n" + b"\1" + within
    if name == "png":
        return b"\x89PNG\r\n\x1a\n...tEXt" + b"\0" + beside + b"\0" + b"...IDAT" + b"\1" + within
    return b"\xff\xd8\xff\xfe\0\x10" + beside + b"\0\xff\xda\1" + within


@pytest.mark.parametrize("name", ["nifti", "nifti gz", "nrrd", "png", "jpeg"])
def test_short_pieces_are_found_beside_the_samples_of_images_and_doubted_among_them(tmp_path, name):
    (tmp_path / "x").write_bytes(image_with(name, b"Okafor", b"4711"))
    found = search(tmp_path, {"Okafor": "PatientName", "4711": "PatientID"})
    assert (found.places, found.undecided) == ([("x", "PatientName")], [("x", "PatientID")])


def test_what_stands_behind_a_packed_file_is_searched(tmp_path):
    (tmp_path / "x").write_bytes(gzip.compress(b"nothing") + b" Okafor")
    assert len(search(tmp_path, NEEDLES).places) == 1


@pytest.mark.parametrize(("text", "is_sure"), [("11223", False), ("11223344", True)])
def test_dark_samples_that_look_like_short_numbers_in_utf_16_are_left_to_a_person(tmp_path, text, is_sure):
    (tmp_path / "x").write_bytes(b"\xe0\x7f\x10\x00" + b"\1\0" * 40 + text.encode("utf-16-le") + b"\1\0" * 9)
    found = search(tmp_path, {text: "DeviceSerialNumber"})
    assert (len(found.places), len(found.undecided)) == (int(is_sure), int(not is_sure))


def test_identifiers_are_collected_and_what_is_kept_is_not(tmp_path):
    write_dicom(
        tmp_path / "x.dcm", np.zeros((4, 4), np.uint16), PatientName="Okafor^Miriam", PatientID="4711",
        InstitutionName="St. Elsewhere", AccessionNumber="A9", StudyDescription="CHEST", PatientBirthDate="19800213",
    )  # fmt: skip
    found, unread = originals([tmp_path / "x.dcm"], options())
    assert unread == 0
    assert {"Okafor", "Miriam", "4711", "St. Elsewhere", "19800213"} <= set(found)
    assert not {"A9", "CHEST"} & set(found)
    assert "St. Elsewhere" not in originals([tmp_path / "x.dcm"], options(["institution"]))[0]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_identifiers_of_tables_and_side_cars_are_read_in_their_encoding(tmp_path, code):
    (tmp_path / "x.csv").write_bytes("PatientName;age\nMüllermann;50\n".encode(code))
    (tmp_path / "x.json").write_bytes('{"PatientName": "Müllermann"}'.encode(code))
    for name in ("x.csv", "x.json"):
        assert beside(tmp_path / name) == [("Müllermann", "PatientName")]


def test_a_table_that_the_search_cannot_open_is_counted(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"PK no workbook")
    (tmp_path / "notes.txt").write_bytes(b"no table")
    (tmp_path / "y.csv").write_bytes("姓名\n王小明先生\n".encode("gb2312"))
    found, unread = originals(sorted(tmp_path.iterdir()), options())
    assert (found, unread) == ({"王小明先生": "姓名"}, 1)
    assert search(tmp_path, found, unread).unread == 1
