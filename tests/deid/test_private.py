"""Private elements that are known to be safe stay where asked, and only as far as their values bear it out."""

import csv
from collections import Counter
from importlib.resources import files
from io import BytesIO

import numpy as np
import pydicom
import pytest
from deid_files import file_of
from pydicom._private_dict import private_dictionaries
from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian
from small_dicom import dataset

from radiolucent.deid.header import deidentify
from radiolucent.deid.key import Key
from radiolucent.deid.private import DIGITS, SIZES, WORDS, safe
from radiolucent.deid.profile import options

KEY = Key(b"k" * 32)
SAFE = options(["safe-private"])
PHILIPS, SIEMENS, GE = "Philips Imaging DD 001", "SIEMENS MR HEADER", "GEMS_PETD_01"
PUBLISHED = {
    "Philips PET Private Group": 2, "ELSCINT1": 7, "GEMS_ACQU_01": 4, "GEMS_PARM_01": 3, "GEMS_HELIOS_01": 2,
    "GEIIS PACS": 3, "Philips Imaging DD 001": 184, "Philips Imaging DD 002": 86, "Philips Imaging DD 097": 70,
    "Philips Imaging DD 129": 10, "Philips ST80i": 1, "SIEMENS MR HEADER": 4, "GEMS_SERS_01": 1, "HOLOGIC, Inc.": 5,
    "NQHeader": 7, "NQLeft": 22, "NQRight": 22, "Philips MR Imaging DD 001": 2, "SIEMENS Ultrasound SC2000": 40,
    "SIEMENS SYNGO ULTRA-SOUND TOYON DATA STREAMING": 4,
}  # fmt: skip
"""Rows of PS3.15 Table E.3.10-1 in the edition 2026d, 479 in all."""
LEFT_OUT = {
    "Philips Imaging DD 001": 2, "Philips Imaging DD 097": 3, "Philips ST80i": 1, "HOLOGIC, Inc.": 1,
    "SIEMENS Ultrasound SC2000": 15, "SIEMENS SYNGO ULTRA-SOUND TOYON DATA STREAMING": 3,
}  # fmt: skip
"""Of these, bulk data (OB, OW), which nobody can look through, and rows without a VR."""
OTHERS = {"SIEMENS MED PT", "LORAD Selenia"}
"""Creators of which two other sources tell the VR (`SOURCES.md`)."""


def rows():
    text = (files("radiolucent.deid") / "tables/safe_private.csv").read_text(encoding="ascii")
    return list(csv.DictReader(text.splitlines()))


def test_all_rows_of_the_standard_are_there_but_bulk_data():
    counted = Counter()
    for row in rows():
        counted[row["creator"]] += len(row["elements"].split()) * (row["source"] == "PS3.15")
    assert sum(PUBLISHED.values()) == 479
    assert {name: n for name, n in counted.items() if n} == {
        name: n - LEFT_OUT.get(name, 0) for name, n in PUBLISHED.items() if n > LEFT_OUT.get(name, 0)
    }


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['creator']} {row['group']} {row['vr']}")
def test_no_row_holds_what_cannot_be_looked_through_and_two_sources_agree(row):
    assert row["vr"] in SIZES or row["vr"] in DIGITS or row["vr"] in WORDS or row["vr"] in ("UI", "SQ", "DT", "DA")
    if row["source"] == "PS3.15" or row["creator"] in OTHERS:
        return
    known = {key.lower(): entry for key, entry in private_dictionaries[row["creator"]].items()}
    for number in row["elements"].split():
        vr, _, name, _ = known[f"{row['group']}xx{number}"]
        assert vr == row["vr"]
        assert name != "Unknown" or vr in SIZES or vr in (*DIGITS, "CS")


def test_no_element_is_listed_twice():
    listed = [(row["creator"], row["group"], number) for row in rows() for number in row["elements"].split()]
    assert len(listed) == len(set(listed)) == sum(len(block) for block in safe().values())


def patient(**elements):
    pixels = np.arange(16, dtype=np.uint16).reshape(4, 4)
    return dataset(pixels, PatientID="471147", PatientName="Okafor^Miriam", StudyDate="20240227", **elements)


def planted(group, creator, number, vr, value):
    """A file with one private element."""
    made = patient()
    made.private_block(group, creator, create=True).add_new(number, vr, value)
    return made


def kept(made, chosen=SAFE):
    copy = pydicom.dcmread(BytesIO(deidentify(file_of(made), KEY, chosen).content))
    return [element for element in copy if element.tag.is_private and not element.tag.is_private_creator]


@pytest.mark.parametrize(
    ("group", "creator", "number", "vr", "value"),
    [
        (0x2001, PHILIPS, 0x03, "FL", 1000.0),
        (0x2001, PHILIPS, 0x04, "CS", "P"),
        (0x2001, PHILIPS, 0x10, "CS", "NO"),
        (0x2001, PHILIPS, 0x6E, "SH", "Image"),
        (0x2001, PHILIPS.upper(), 0x85, "DS", "3"),
        (0x0019, SIEMENS, 0x0E, "FD", [0.1, 0.2, -0.97]),
        (0x0043, "GEMS_PARM_01", 0x39, "IS", ["1000000800", "8", "0", "0"]),
    ],
)
def test_numbers_codes_and_words_of_the_field_stay(group, creator, number, vr, value):
    (element,) = kept(planted(group, creator, number, vr, value))
    assert element.value == planted(group, creator, number, vr, value)[element.tag].value
    assert not kept(planted(group, creator, number, vr, value), options())


@pytest.mark.parametrize(
    ("group", "creator", "number", "vr", "value"),
    [
        (0x2001, PHILIPS, 0x6E, "SH", "Okafor"),
        (0x2001, PHILIPS, 0x6E, "SH", "Hildegard Xylander"),
        (0x2001, PHILIPS, 0x04, "CS", "XYLANDER"),
        (0x2001, PHILIPS, 0x85, "DS", "471147"),
        (0x2001, PHILIPS, 0x02, "IS", "19800213"),
        (0x2001, PHILIPS, 0x03, "LO", "Hildegard Xylander"),
        (0x2001, PHILIPS, 0x13, "SL", [int.from_bytes(b"Xyla", "little"), int.from_bytes(b"nder", "little")]),
        (0x2001, PHILIPS, 0x13, "OB", b"Xylander"),
        (0x2001, PHILIPS, 0x7D, "OB", b"\1\2"),
        (0x2001, PHILIPS, 0x0D, "FL", 1.0),
        (0x2001, "Hildegard Xylander", 0x03, "FL", 1.0),
        (0x2001, PHILIPS, 0x5F, "LO", "Xylander"),
    ],
)
def test_what_is_no_such_value_goes(group, creator, number, vr, value):
    assert not kept(planted(group, creator, number, vr, value))


def test_an_identifier_is_replaced_like_any_other():
    (element,) = kept(planted(0x0099, "NQHeader", 0x02, "UI", "1.2.3.4"))
    assert element.value == KEY.uid(b"1.2.3.4").decode()


def test_a_private_day_moves_with_the_others_or_goes():
    made = planted(0x0009, GE, 0x0D, "DT", "20240227101500.00")
    assert not kept(made)
    assert kept(made, options(["safe-private", "full-dates"]))[0].value == "20240227101500.00"
    chosen = options(["safe-private", "modified-dates"])
    (element,) = kept(made, chosen)
    copy = pydicom.dcmread(BytesIO(deidentify(file_of(made), KEY, chosen).content))
    assert element.value == copy.StudyDate + "101500.00" != "20240227101500.00"


def test_items_of_a_private_sequence_are_treated_one_by_one():
    item, made = Dataset(), patient()
    block = item.private_block(0x2001, PHILIPS, create=True)
    block.add_new(0x2D, "SS", 20)
    block.add_new(0x36, "CS", "PARALLEL")
    block.add_new(0xF8, "LO", "Xylander")
    item.PatientName, item.StationName = "Okafor^Miriam", "Okafor"
    made.private_block(0x2001, PHILIPS, create=True).add_new(0x5F, "SQ", [item])
    (element,) = kept(made)
    assert [str(one.value) for one in element.value[0] if not one.tag.is_private_creator] == [
        deidentify(file_of(made), KEY, SAFE).patient,
        "20",
        "PARALLEL",
    ]


def test_without_stated_vrs_the_table_tells_them():
    item, made = Dataset(), patient()
    item.private_block(0x2001, PHILIPS, create=True).add_new(0x2D, "SS", 20)
    block = made.private_block(0x2001, PHILIPS, create=True)
    for number, vr, value in ((0x03, "FL", 1000.0), (0x10, "CS", "NO"), (0x5F, "SQ", [item]), (0x6E, "SH", "Xylander")):
        block.add_new(number, vr, value)
    made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    buffer = BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    copy = pydicom.dcmread(BytesIO(deidentify(buffer.getvalue(), KEY, SAFE).content))
    assert {element.tag & 0xFF: element.VR for element in copy if element.tag.is_private} == {
        0x10: "CS",
        0x03: "FL",
        0x5F: "SQ",
    }
    assert b"Xylander" not in deidentify(buffer.getvalue(), KEY, SAFE).content
