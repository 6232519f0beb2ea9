"""De-identification: the 621 rows of PS3.15 Table E.1-1"""

import json
from functools import cache
from io import BytesIO

import pydicom
import pytest
from deid_files import NAME, PLANTED_UID, ct_with, planted
from pydicom.datadict import dictionary_keyword
from shared import shared

from radiolucent.deid import table
from radiolucent.deid.header import deidentify
from radiolucent.deid.key import Key
from radiolucent.deid.profile import options

KEY = Key(b"k" * 32)
GROUPS = 0x52009229
"""Shared functional groups: a sequence that is kept, to nest in."""
OPTIONS = {
    "cleanDescOpt": ("clean", "descriptors"),
    "cleanGraphOpt": ("clean", "graphics"),
    "cleanStructContOpt": ("clean", "structured-content"),
    "rtnDevIdOpt": ("keep", "device"),
    "rtnInstIdOpt": ("keep", "institution"),
    "rtnLongFullDatesOpt": ("keep", "full-dates"),
    "rtnLongModifDatesOpt": ("keep", "modified-dates"),
    "rtnPatCharsOpt": ("keep", "patient-characteristics"),
    "rtnSafePrivOpt": ("keep", "safe-private"),
    "rtnUIDsOpt": ("keep", "uids"),
}


@cache
def rows():
    folder = shared("reference/deid-ps315/dicom-standard/standard")
    return json.loads((folder / "confidentiality_profile_attributes.json").read_text())


def tag_of(row):
    """A tag of this row; for repeating groups the first, for private attributes one of a made-up creator."""
    if row["id"].startswith("gggg"):
        return 0x00091001
    return int(row["id"].replace("xxxxxx", "000010").replace("xx", "00"), 16)


def vr_of(tag):
    return "LO" if tag == 0x00091001 else "OW" if tag >> 24 == 0x50 else table.vrs().get(tag) or table.repeated_vr(tag)


def after(row, *, nested, chosen=None):
    """The element of a row after de-identification, `None` where it is gone; and all bytes of the file."""
    tag = tag_of(row)
    made = deidentify(ct_with(tag, vr_of(tag), inside=GROUPS if nested else None), KEY, chosen or options())
    read = pydicom.dcmread(BytesIO(made.content))
    if tag >> 16 == 2 and not nested:
        return read.file_meta.get(tag), made.content
    items = read[GROUPS].value if nested else [read]
    return items[0].get(tag), made.content


def outcome(element, tag):
    """The letter of what was done to the planted value."""
    if element is None:
        return "X"
    if element.is_empty:
        return "Z"
    vr = vr_of(tag)
    if vr == "SQ":
        told = str(element.value[0])
        if NAME in told or "19800213" in told:
            return "K"
        return "U" if "2.25." in told and PLANTED_UID not in told else "D"
    if pydicom.dataelem.DataElement(tag, vr, element.value) == planted(tag, vr):
        return "K"
    return "U" if vr == "UI" and str(element.value).startswith("2.25.") else "D"


def allowed(row):
    """What a row allows; name and ID get a pseudonym where nothing would do, dummies of identifiers, and those in
    dummy items, are new ones."""
    letters = set(row["basicProfile"].replace("*", "").split("/"))
    if row["id"] in ("00100010", "00100020"):
        return letters | {"D"}
    return letters | ({"U"} if vr_of(tag_of(row)) in ("UI", "SQ") and "D" in letters else set())


@pytest.mark.parametrize("nested", [False, True], ids=["top level", "nested"])
def test_every_row_of_the_table_is_carried_out(nested, record_property):
    wrong = {
        row["name"]: found
        for row in rows()
        if (found := outcome(after(row, nested=nested)[0], tag_of(row))) not in allowed(row)
    }
    record_property("difference", len(wrong) / len(rows()))
    assert len(rows()) == 621
    assert not wrong


@pytest.mark.parametrize("nested", [False, True], ids=["top level", "nested"])
@pytest.mark.parametrize("column", OPTIONS)
def test_every_option_keeps_or_cleans_its_rows(column, nested, record_property):
    kind, name = OPTIONS[column]
    chosen = options(**{kind: [name]})
    wrong, n = {}, 0
    for row in rows():
        if column not in row:
            continue
        n += 1
        element, content = after(row, nested=nested, chosen=chosen)
        found = outcome(element, tag_of(row))
        if row[column] == "K":
            is_right = (
                found == "K" or row["id"].startswith("0002") or (vr_of(tag_of(row)) == "SQ" and element is not None)
            )
        else:  # cleaned: nothing of what was planted is left, and a time of day alone may stay
            is_right = found != "K" or vr_of(tag_of(row)) in ("TM", "SH")
            is_right &= NAME.encode() not in content or found == "X"
        if not is_right:
            wrong[row["name"]] = found
    record_property("difference", len(wrong) / n)
    assert not wrong


def test_an_identifier_is_the_same_in_all_files_and_another_under_another_key():
    first = [
        after(row, nested=nested)[0].value
        for row in rows()
        for nested in (False, True)
        if row["basicProfile"] == "U" and tag_of(row) >> 16 > 4
    ]
    assert len(set(first)) == 1
    other = deidentify(ct_with(0x0020000D, "UI"), Key(b"x" * 32), options()).content
    assert pydicom.dcmread(BytesIO(other)).StudyInstanceUID != first[0]


def test_the_table_that_ships_is_that_of_the_reference():
    ours = {rule.tag: rule for rule in table.rules()}
    names = {column: name for column, (_, name) in OPTIONS.items()}
    for row in rows():
        rule = ours.pop("private" if row["id"].startswith("gggg") else row["id"])
        assert rule.basic == row["basicProfile"]
        assert rule.options == {names[column]: row[column] for column in names if column in row}
        if int(row["id"], 16) if "x" not in row["id"] and "g" not in row["id"] else 0:
            assert rule.keyword == dictionary_keyword(int(row["id"], 16))
    assert not ours
