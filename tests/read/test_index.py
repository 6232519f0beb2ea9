"""A record says what the file says, by keys and never by identifiers."""

import numpy as np
import pytest
from small_dicom import write_dicom

from radiolucent.core import UnreadableError
from radiolucent.read import keyed, read
from radiolucent.read.index import WANTED, record
from radiolucent.read.record import packed

KEY = b"k" * 32
PLANE = np.zeros((4, 5), np.uint16)
PERSON = {
    "PatientID": "MRN-4711", "PatientName": "Doe^Jane", "StudyDate": "20240229", "AccessionNumber": "ACC-99",
    "InstitutionName": "St Elsewhere", "PatientBirthDate": "19700101", "StudyInstanceUID": "1.2.840.4711",
}  # fmt: skip


def test_nothing_in_a_record_names_a_person(tmp_path):
    text = packed(record(write_dicom(tmp_path / "a.dcm", PLANE, SOPInstanceUID="1.2.840.88", **PERSON), KEY))
    for word in (*PERSON.values(), "1.2.840.88", "1970", "202402", "Doe", "a.dcm"):
        assert word not in text


def test_the_case_key_is_that_of_reading(tmp_path):
    path = write_dicom(tmp_path / "a.dcm", PLANE, **PERSON)
    known = record(path, KEY)
    assert known.ids["case"] == read(path, key=KEY)[0].key
    assert known.ids["patient"] == keyed("MRN-4711", KEY)
    assert known.ids["patient"] != record(path, b"j" * 32).ids["patient"]


def test_days_differ_as_dates_do_and_are_not_the_dates(tmp_path):
    days = []
    for k, date in enumerate(("20240229", "20240301", "20250301")):
        path = write_dicom(tmp_path / f"{k}.dcm", PLANE, **{**PERSON, "StudyDate": date})
        days.append(record(path, KEY).about["day"])
    assert np.diff(days).tolist() == [1, 365]
    other = write_dicom(tmp_path / "o.dcm", PLANE, **{**PERSON, "PatientID": "other"})
    assert record(other, KEY).about["day"] != days[0]


@pytest.mark.parametrize("date", ["", "2024", "20241341", "nonsense"])
def test_a_date_that_is_none_is_left_out(tmp_path, date):
    assert "day" not in record(write_dicom(tmp_path / "a.dcm", PLANE, StudyDate=date), KEY).about


def test_settings_are_kept_as_they_stand(tmp_path):
    path = write_dicom(
        tmp_path / "a.dcm", PLANE, KVP=120, ConvolutionKernel="B30f", BurnedInAnnotation="NO", Modality="CT",
        LossyImageCompression="01", ContrastBolusAgent="Iodine", BodyPartExamined="CHEST", PatientAge="054Y",
    )  # fmt: skip
    about = record(path, KEY).about
    assert (about["kvp"], about["kernel"], about["burned_in"], about["lossy"]) == (120, "B30f", False, True)
    assert (about["contrast"], about["body_part"], about["age_years"]) == (True, "CHEST", 54)


def test_reports_plans_masks_and_unrelated_files_are_no_images(tmp_path):
    (tmp_path / "a.txt").write_text("a letter")
    assert record(tmp_path / "a.txt", KEY) is None
    assert record(write_dicom(tmp_path / "a.dcm", PLANE, Rows=None), KEY) is None
    assert record(write_dicom(tmp_path / "b.dcm", PLANE, Modality="SEG"), KEY) is None


def test_a_zip_asks_to_be_unpacked(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(UnreadableError, match="unpack it"):
        record(tmp_path / "a.zip", KEY)


def test_a_file_that_vanishes_is_a_typed_error(tmp_path, monkeypatch):
    path = write_dicom(tmp_path / "a.dcm", PLANE)
    monkeypatch.setattr("radiolucent.read.index.is_dicom", lambda path: path.unlink() or True)
    with pytest.raises(UnreadableError, match="does not exist"):
        record(path, KEY)


def test_a_program_in_the_preamble_is_remarked(tmp_path):
    path = write_dicom(tmp_path / "a.dcm", PLANE)
    path.write_bytes(b"MZ" + path.read_bytes()[2:])
    assert "program" in record(path, KEY).remark


def test_a_header_that_promises_endless_frames_is_refused(tmp_path):
    path = write_dicom(tmp_path / "a.dcm", PLANE, NumberOfFrames=2**31 - 1)
    with pytest.raises(UnreadableError, match="GiB"):
        record(path, KEY)


def test_what_is_wanted_is_what_the_dictionary_knows():
    assert len(WANTED.tags) == len(WANTED.keywords) + 2 * 240
