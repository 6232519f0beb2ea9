"""Damaged headers: values or a typed error, never anything else; a few seconds here, longer by `make fuzz`."""

import os
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ImplicitVRLittleEndian
from small_dicom import dataset

from radiolucent.core import InputError
from radiolucent.dicom import read_header
from radiolucent.dicom.scan import scan, scanned
from radiolucent.read.index import WANTED, record
from radiolucent.read.record import packed, unpacked

EXAMPLES = int(os.environ.get("RADIOLUCENT_FUZZ", "150"))
KEY = b"k" * 32
fuzzed = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES <= 150
)


def whole(*, implicit):
    """A slice with sequences of both lengths, private blocks and long values, without its pixels."""
    item = Dataset()
    item.CodeValue, item.CodeMeaning = "T-1", "a code"
    elements = {"ReferencedStudySequence": Sequence([item, item]), "EchoTime": 12.5, "ImageComments": "x" * 300}
    elements |= {
        "ImagePositionPatient": [1, 2, 3],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [1, 2],
    }
    made = dataset(np.zeros((2, 2), np.uint16), **elements)
    made["ReferencedStudySequence"].is_undefined_length = True
    block = made.private_block(0x19, "SIEMENS MR HEADER", create=True)
    block.add_new(0x0C, "IS", "1000")
    if implicit:
        made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.dcm"
        made.save_as(path, enforce_file_format=True)
        return path.read_bytes()


SEEDS = (whole(implicit=False), whole(implicit=True))
LENGTHS = (b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\0\0\0\x80", b"\xff\xff", b"\0\0", b"SQ", b"UN", b"\xfe\xff\0\xe0",
           b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0")  # fmt: skip
change = st.tuples(
    st.integers(128, 900),
    st.sampled_from(["put", "insert", "cut", "repeat"]),
    st.sampled_from(LENGTHS) | st.binary(max_size=6),
)


def changed(content, changes):
    for at, how, piece in changes:
        at = min(at, len(content))
        if how == "put":
            content = content[:at] + piece + content[at + len(piece) :]
        elif how == "insert":
            content = content[:at] + piece + content[at:]
        elif how == "cut":
            content = content[:at] + content[at + len(piece) :]
        else:
            content = content[:at] + content[max(0, at - 40) :]
    return content


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "a.dcm"


def values_of(read, *arguments):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(*arguments)
    except InputError:
        return None


@fuzzed
@given(st.sampled_from(SEEDS), st.lists(change, max_size=4), st.integers(0, 2000))
def test_a_damaged_header_is_read_or_refused(path, content, changes, end):
    path.write_bytes(changed(content, changes)[: end if end < 1500 else None])
    found = values_of(scan, path, WANTED)
    theirs = values_of(read_header, path)
    if found is not None and found.dataset is None and theirs is not None:
        assert found.values.items() <= scanned(path, theirs, WANTED).values.items() or changes
    known = values_of(record, path, KEY)
    assert known is None or unpacked(packed(known)) == known


@fuzzed
@given(st.binary(max_size=600))
def test_any_bytes_behind_a_preamble_are_read_or_refused(path, content):
    path.write_bytes(SEEDS[0][:132] + content)
    values_of(scan, path, WANTED)
    values_of(record, path, KEY)
