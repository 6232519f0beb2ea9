"""One file: everything about it that could identify is treated, whatever its encoding, and nothing else is touched."""

import re
from contextlib import suppress
from io import BytesIO

import numpy as np
import pydicom
import pytest
from deid_files import file_of
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from small_dicom import dataset

from radiolucent.deid.header import DamageError, RefusedError, deidentify
from radiolucent.deid.key import Key
from radiolucent.deid.profile import options

KEY = Key(b"k" * 32)
PIXELS = np.arange(64, dtype=np.uint16).reshape(8, 8)
BASIC = options()


def read(content):
    return pydicom.dcmread(BytesIO(content))


def after(made, chosen=BASIC, key=KEY):
    return read(deidentify(file_of(made), key, chosen).content)


def patient(**elements):
    return dataset(PIXELS, PatientID="4711", PatientName="Okafor^Miriam", PatientBirthDate="19800213", **elements)


@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
def test_every_encoding_of_headers_is_read_and_kept(syntax):
    made = patient(StudyDescription="Okafor", ReferencedStudySequence=[Dataset()])
    made.ReferencedImageSequence = [Dataset()]
    made.ReferencedImageSequence[0].ReferencedSOPInstanceUID = "1.2.3"
    made.file_meta.TransferSyntaxUID = syntax
    if syntax == ExplicitVRBigEndian:
        made.PixelData = PIXELS.astype(">u2").tobytes()
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, made, enforce_file_format=True)
    new = read(deidentify(buffer.getvalue(), KEY, BASIC).content)
    assert new.file_meta.TransferSyntaxUID == syntax
    assert new.PatientIdentityRemoved == "YES"
    assert new.PatientName == new.PatientID != "4711"
    assert "StudyDescription" not in new
    assert new.ReferencedImageSequence[0].ReferencedSOPInstanceUID == KEY.uid(b"1.2.3").decode()
    assert new.PixelData == made.PixelData


def test_preamble_and_meta_information_are_ours():
    made = patient()
    made.file_meta.SourceApplicationEntityTitle = "OKAFOR"
    content = bytearray(file_of(made))
    content[:6] = b"Okafor"
    new = deidentify(bytes(content), KEY, BASIC).content
    assert new[:132] == b"\0" * 128 + b"DICM"
    assert b"OKAFOR" not in new.upper()
    assert read(new).file_meta.MediaStorageSOPInstanceUID == read(new).SOPInstanceUID


def test_the_output_says_what_was_done():
    new = after(patient(), options(["modified-dates", "device"], ["descriptors"]))
    codes = [item.CodeValue for item in new.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113105", "113107", "113109"]
    assert new.LongitudinalTemporalInformationModified == "MODIFIED"
    assert after(patient()).LongitudinalTemporalInformationModified == "REMOVED"
    assert after(patient(), options(["full-dates"])).LongitudinalTemporalInformationModified == "UNMODIFIED"


def test_marks_of_an_earlier_run_are_replaced_and_not_doubled():
    once = deidentify(file_of(patient()), KEY, BASIC).content
    twice = read(deidentify(once, KEY, BASIC).content)
    assert len(twice.DeidentificationMethodCodeSequence) == 1
    assert [element.tag for element in twice] == sorted(element.tag for element in twice)


def test_dates_of_one_patient_move_by_the_same_days_and_keep_their_distance():
    keep = options(["modified-dates"])
    first = after(patient(StudyDate="20240227", AcquisitionDateTime="20240301101500.5+0100", StudyTime="101500"), keep)
    second = after(patient(StudyDate="20240229"), keep)
    other = dataset(PIXELS, PatientID="4712", StudyDate="20240227")
    assert first.StudyDate != "20240227"
    assert _day(second.StudyDate) - _day(first.StudyDate) == np.timedelta64(2, "D")
    assert _day(first.AcquisitionDateTime) - _day(first.StudyDate) == np.timedelta64(3, "D")
    assert first.AcquisitionDateTime.endswith("101500.5+0100")
    assert first.StudyTime == "101500"
    assert after(other, keep).StudyDate != first.StudyDate


def _day(text):
    return np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:8]}")


@pytest.mark.parametrize("day", ["20241301", "2024", "soon", "19990231"])
def test_what_is_no_date_is_replaced_and_told(day):
    made = deidentify(file_of(patient(StudyDate=day)), KEY, options(["modified-dates"]))
    assert read(made.content).StudyDate == "19000101"
    assert any("no date" in why for _, why in made.doubts)


def test_ages_over_89_are_told_as_90():
    keep = options(["patient-characteristics"])
    assert [after(patient(PatientAge=age), keep).PatientAge for age in ("042Y", "089Y", "090Y", "104Y", "010M")] == [
        "042Y",
        "089Y",
        "090Y",
        "090Y",
        "010M",
    ]


def test_what_is_known_of_the_patient_is_found_in_kept_texts():
    made = patient(
        ProtocolName="x", ConvolutionKernel="B30 okafor", SeriesDescription="Chest of MIRIAM born 13.02.1980"
    )
    new = after(made, options([], ["descriptors"]))
    assert "okafor" not in str(new).lower()
    assert "MIRIAM" not in new.SeriesDescription
    assert "1980" not in new.SeriesDescription
    assert "Chest" in new.SeriesDescription


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 192", "Müller^Zoë"),
        ("ISO_IR 100", "Müller^Jörg"),
        ("ISO_IR 144", "Люкceмбypг"),
        ("GB18030", "王^小东"),
        ("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎"),
    ],
)
def test_names_in_other_character_sets_are_found_in_text(charset, name):
    made = dataset(
        PIXELS,
        SpecificCharacterSet=charset,
        PatientName=name,
        PatientID="1",
        StudyDescription=f"seen: {name.replace('^', ' ')} today",
    )
    new = after(made, options([], ["descriptors"]))
    assert not [piece for piece in re.split(r"[\^=]", name) if piece in new.StudyDescription]


def test_private_groups_go_and_safe_numbers_stay_where_asked():
    made = patient()
    block = made.private_block(0x0019, "SIEMENS MR HEADER", create=True)
    block.add_new(0x0C, "IS", "1000")
    block.add_new(0x0A, "LO", "Okafor")
    made.private_block(0x0029, "SOMEBODY", create=True).add_new(1, "LO", "Okafor")
    assert not [element for element in after(made) if element.tag.is_private]
    kept = [element for element in after(made, options(["safe-private"])) if element.tag.is_private]
    assert [str(element.value) for element in kept] == ["SIEMENS MR HEADER", "1000"]


def test_overlays_and_curves_go_and_regions_stay_where_graphics_are_cleaned():
    made = patient()
    for group, kind in ((0x6000, "G"), (0x6002, "R")):
        made.add_new((group, 0x0010), "US", 8)
        made.add_new((group, 0x0040), "CS", kind)
        made.add_new((group, 0x3000), "OW", b"\1\0" * 4)
    made.add_new((0x5000, 0x3000), "OW", b"\1\0")
    assert not [element for element in after(made) if element.tag.group in (0x5000, 0x6000, 0x6002)]
    cleaned = after(made, options([], ["graphics"]))
    assert {element.tag.group for element in cleaned if element.tag.group >> 8 == 0x60} == {0x6002}


def test_a_report_loses_its_words_and_keeps_its_structure_and_references():
    made = patient()
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
    item = Dataset()
    item.ValueType, item.TextValue, item.RelationshipType = "TEXT", "Dr. Okafor saw a mass of 3 cm", "CONTAINS"
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "121071", "DCM", "Finding"
    item.ConceptNameCodeSequence = [code]
    person = Dataset()
    person.ValueType, person.PersonName = "PNAME", "Okafor^Miriam"
    made.ContentSequence = [item, person]
    basic = after(made).ContentSequence
    assert (basic[0].ValueType, basic[0].TextValue, basic[0].ConceptNameCodeSequence[0].CodeMeaning) == (
        "TEXT",
        "REMOVED",
        "Finding",
    )
    cleaned = after(made, options([], ["structured-content"])).ContentSequence
    assert "Okafor" not in cleaned[0].TextValue
    assert cleaned[0].TextValue.endswith("saw a mass of 3 cm")
    assert cleaned[1].PersonName != "Okafor^Miriam"


@pytest.mark.parametrize("sop_class", ["1.2.840.10008.1.3.10", "1.2.840.10008.5.1.4.1.1.104.1"])
def test_directories_and_encapsulated_documents_are_refused(sop_class):
    made = patient()
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = sop_class
    with pytest.raises(RefusedError):
        deidentify(file_of(made), KEY, BASIC)


def test_types_decide_where_the_profile_leaves_a_choice():
    empty = patient(ContentDate="20240101", AcquisitionDateTime="20240101101010", ContrastBolusAgent="Agent")
    new = after(empty)
    assert new.ContentDate == ""  # Type 2C of a CT
    assert "AcquisitionDateTime" not in new  # Type 3
    assert new.ContrastBolusAgent == ""  # Type 2
    empty.SOPClassUID = empty.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1"
    assert after(empty).AcquisitionDateTime == "19000101000000"  # Type 1C of an enhanced CT


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=8))
def test_damage_is_an_error_of_ours(at, noise):
    content = bytearray(file_of(patient(StudyDescription="Okafor")))
    place = 132 + at % (len(content) - 132)
    content[place : place + len(noise)] = noise
    with suppress(DamageError, RefusedError):  # anything else that is raised fails the test
        deidentify(bytes(content), KEY, BASIC)


@pytest.mark.parametrize("missing", [1, 2, 63, 127])
def test_a_file_that_is_cut_off_is_never_passed_on(missing):
    with pytest.raises(DamageError, match="cut off"):
        deidentify(file_of(patient())[:-missing], KEY, BASIC)


def test_sequences_nested_without_end_are_refused():
    item = Dataset()
    for _ in range(50):
        outer = Dataset()
        outer.add_new(0x52009229, "SQ", [item])
        item = outer
    made = patient()
    made.add_new(0x52009229, "SQ", [item])
    with pytest.raises(DamageError, match="deeply"):
        deidentify(file_of(made), KEY, BASIC)


@pytest.mark.parametrize("chosen", [options(), options(["patient-characteristics"], ["structured-content"])])
@pytest.mark.parametrize("tag", [0x00280010, 0x00100040, 0x00100010, 0x00081030, 0x00100020])
def test_a_sequence_in_the_place_of_a_value_hides_nothing(tag, chosen):
    made, item = patient(), Dataset()
    item.PatientName, item.TextValue = "Okafor^Miriam", "Okafor"
    made[tag] = pydicom.dataelem.DataElement(tag, "SQ", [item])
    assert b"okafor" not in deidentify(file_of(made), KEY, chosen).content.lower()


@pytest.mark.parametrize("tag", [0x0040A730, 0x00081140, 0x00700001])
def test_a_value_in_the_place_of_a_sequence_goes(tag):
    made = patient()
    made[tag] = pydicom.dataelem.DataElement(tag, "LO", "Okafor")
    assert tag not in after(made)


def test_an_identifier_in_a_text_goes_whole():
    new = after(patient(ImageComments="see 1.2.826.0.1.3680043.8.498.4711 for chest"), options([], ["descriptors"]))
    assert new.ImageComments == "see [removed] for chest"


def test_a_character_set_that_nobody_knows_does_not_stop_a_run():
    made = file_of(patient(StudyDescription="Okafor")).replace(b"ISO_IR 100", b"ISO_IR 999")
    deidentify(made, KEY, options([], ["descriptors"]))
