"""Decoded pixels against pydicom's own, on pydicom's and highdicom's test files; damaged ones give a typed error."""

import warnings

import numpy as np
import pydicom
import pytest
from shared import shared

from radiolucent.core import InputError
from radiolucent.dicom import decode, is_dicom, read_dataset, stored_values
from radiolucent.read import read

FOLDERS = ["reference/read-pydicom", "reference/read-pydicom-data", "reference/read-highdicom"]

REFUSED = {
    "JPEG2000-embedded-sequence-delimiter.dcm": "its stream states a size that no codec accepts",
    "MR_truncated.dcm": "truncated",
    "badVR.dcm": "Bits Allocated is no number",
    "emri_small_jpeg_2k_lossless_too_short.dcm": "truncated before the first element",
    "meta_missing_tsyntax.dcm": "states no rows",
    "nested_priv_SQ.dcm": "states no rows",
}
"""Files with a picture element that are refused, and why."""


def _pydicoms(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return pydicom.dcmread(path, force=True).pixel_array
        except Exception:
            return None


def _ours(path):
    try:
        decode(path)
        return stored_values(path, read_dataset(path)), ""
    except InputError as error:
        return None, str(error)


@pytest.mark.parametrize("folder", FOLDERS)
def test_pixels_equal_pydicoms_and_what_cannot_be_read_is_a_typed_error(folder):
    equal, refused, different = 0, [], []
    for path in sorted(file for file in shared(folder).rglob("*") if file.is_file()):
        ours, why = _ours(path)
        if ours is None:
            if "no picture" not in why and "not a DICOM" not in why:
                refused.append(path.name)
            continue
        theirs = _pydicoms(path)
        if theirs is not None and not np.array_equal(ours, theirs.reshape(ours.shape)):
            different.append(path.name)
        equal += theirs is not None
    assert not different
    assert set(refused) <= set(REFUSED)
    assert equal >= {"reference/read-pydicom": 55, "reference/read-pydicom-data": 40}.get(folder, 5)


@pytest.mark.parametrize("aligned", ["liver", "liver_nonbyte_aligned"])
def test_single_bits_are_the_same_however_they_are_packed(aligned):
    folder = shared("reference/read-pydicom-data")
    plain = decode(folder / f"{aligned}.dcm").array
    assert plain.sum() == 107098
    for packed in ("rle", "deflate", "j2k"):
        np.testing.assert_array_equal(decode(folder / f"{aligned}_{packed}.dcm").array, plain)


SYNTAXES = {
    "1.2.840.10008.1.2": "implicit little endian",
    "1.2.840.10008.1.2.1": "explicit little endian",
    "1.2.840.10008.1.2.1.99": "deflated",
    "1.2.840.10008.1.2.2": "big endian",
    "1.2.840.10008.1.2.4.50": "JPEG baseline",
    "1.2.840.10008.1.2.4.51": "JPEG extended",
    "1.2.840.10008.1.2.4.70": "JPEG lossless",
    "1.2.840.10008.1.2.4.80": "JPEG-LS lossless",
    "1.2.840.10008.1.2.4.81": "JPEG-LS near lossless",
    "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.203": "HTJ2K",
    "1.2.840.10008.1.2.5": "RLE",
    "1.2.840.10008.1.2.8.1": "deflated frames",
}
KINDS = {
    "Computed Radiography Image Storage",
    "CT Image Storage",
    "Digital X-Ray Image Storage - For Presentation",
    "Enhanced MR Image Storage",
    "MR Image Storage",
    "Parametric Map Storage",
    "RT Dose Storage",
    "Secondary Capture Image Storage",
    "Segmentation Storage",
    "Ultrasound Image Storage",
    "Ultrasound Multi-frame Image Storage",
}


def test_every_transfer_syntax_and_kind_of_picture_is_read_in_a_file_of_others(record_property):
    syntaxes, kinds, read_files = set(), set(), 0
    for folder in (*FOLDERS, "reference/codec-cornerstone"):
        for path in sorted(file for file in shared(folder).rglob("*") if file.is_file() and is_dicom(file)):
            if _ours(path)[0] is None:
                continue
            header = pydicom.dcmread(path, stop_before_pixels=True, force=True)
            syntaxes.add(str(header.file_meta.get("TransferSyntaxUID")))
            kinds.add(getattr(header.get("SOPClassUID"), "name", ""))
            read_files += 1
    record_property("compared", read_files)
    assert syntaxes >= set(SYNTAXES), [SYNTAXES[one] for one in set(SYNTAXES) - syntaxes]
    assert kinds >= KINDS, KINDS - kinds


def test_nine_transfer_syntaxes_of_one_picture_decode_to_the_same():
    folder = shared("reference/geom-dcmqa/dcm_qa_ts/In")
    first = decode(folder / "1.dcm").array
    assert first.std() > 0
    for number in range(2, 10):
        np.testing.assert_array_equal(decode(folder / f"{number}.dcm").array, first)


@pytest.mark.parametrize("name", ["JPGExtended.dcm", "JPEG-lossy.dcm"])
def test_lossy_jpeg_of_twelve_bits_decodes_though_pydicoms_codecs_refuse_it(name):
    array = decode(shared("reference/read-pydicom/test_files") / name).array
    assert array.shape == (1, 1024, 256)
    assert array.max() > 255


@pytest.mark.parametrize("folder", FOLDERS)
def test_whatever_decodes_is_also_a_case_or_says_why_not(folder):
    made = {}
    for path in sorted(file for file in shared(folder).rglob("*.dcm") if file.is_file() and _ours(file)[0] is not None):
        made[path.name] = _case(path)
    odd = {name: why for name, why in made.items() if isinstance(why, str) and "slices" not in why}
    assert not odd
    assert sum(not isinstance(case, str) for case in made.values()) > 8


def _case(path):
    try:
        (case,) = read(path, key=b"k" * 32)
    except InputError as error:
        return str(error)
    return case
