"""Headers by the short walk against pydicom, on every file of four collections."""

import warnings

import pydicom
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian
from shared import shared

from radiolucent.core import InputError
from radiolucent.dicom.record import KEYWORDS
from radiolucent.dicom.scan import scan, scanned
from radiolucent.dicom.walk import Wanted

WANTED = Wanted(
    KEYWORDS,
    private=(
        (0x19, "SIEMENS MR HEADER", 0x0C), (0x19, "SIEMENS MR HEADER", 0x0E), (0x43, "GEMS_PARM_01", 0x39)
    ),
)  # fmt: skip
WITHOUT_PYDICOM = {"read-pydicom": 60, "read-pydicom-data": 15, "geom-dcmqa": 35, "read-highdicom": 5}
"""So many files at least must not need the help of pydicom."""


def pydicoms(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
            return scanned(path, dataset, WANTED) if len(dataset) else None
        except Exception:
            return None


@pytest.mark.parametrize("folder", WITHOUT_PYDICOM)
def test_headers_say_what_pydicom_says(folder, record_property):
    alone, different = 0, []
    for path in sorted(file for file in shared(f"reference/{folder}").rglob("*") if file.is_file()):
        theirs = pydicoms(path)
        if theirs is None:
            with pytest.raises(InputError):
                scan(path, WANTED)
            continue
        ours = scan(path, WANTED)
        alone += ours.dataset is None
        if said(ours) != said(theirs):
            different.append(path.name)
    record_property("difference", float(len(different)))
    assert not different
    assert alone >= WITHOUT_PYDICOM[folder]


def said(found):
    """Values with their types, for 1 is not 1.0 here; what is deflated is inflated before pydicom sees it."""
    syntax = "" if found.syntax == DeflatedExplicitVRLittleEndian else found.syntax
    typed = {word: (type(value), repr(value)) for word, value in found.values.items()}
    return typed, found.private, syntax or ExplicitVRLittleEndian, found.has_executable
