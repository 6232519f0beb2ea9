"""What the header tells of its patient is known again in any order, case and form."""

import pytest

from radiolucent.deid.key import Key
from radiolucent.deid.person import BIRTH_DATE, MANUFACTURER, PATIENT_ID, PATIENT_NAME, Person, birth_forms

KEY = Key(b"k" * 32)
VALUES = {PATIENT_NAME: b"Okafor^Miriam^^Dr", PATIENT_ID: b"MRN-4711", BIRTH_DATE: b"19800213"}


def found(text, values=VALUES):
    return Person(KEY, values).pattern_in(lambda raw: raw.decode("utf-8")).sub("", text)


@pytest.mark.parametrize(
    "text",
    [
        "okafor",
        "MIRIAM",
        "Miriam's",
        "mrn-4711",
        "1980-02-13",
        "13.02.1980",
        "02/13/1980",
        "13 Feb 1980",
        "Feb 13, 1980",
    ],
)
def test_every_form_is_found(text):
    assert found(f"x {text} y").split() == ["x", "y"]


@pytest.mark.parametrize(("text", "left"), [("OKAFOR2", "2"), ("CT_okafor_miriam", "CT__"), ("3Miriam", "3")])
def test_names_are_found_beside_digits_and_underscores(text, left):
    assert found(text) == left


@pytest.mark.parametrize("text", ["okaforo", "miriamne", "drum", "19800214"])
def test_pieces_of_other_words_stay(text):
    assert found(text) == text


def test_scripts_without_spaces_are_found_within_a_line():
    assert found("患者王小东先生", {PATIENT_NAME: "王^小东".encode()}) == "患者先生"


def test_the_maker_of_a_device_is_nobody():
    values = {0x00080080: b"GE MEDICAL SYSTEMS", MANUFACTURER: b"GE MEDICAL SYSTEMS "}
    assert Person(KEY, values).tokens == ()


def test_one_patient_has_one_pseudonym_in_all_files_and_two_have_two():
    one = Person(KEY, VALUES, b"1.2")
    assert one.pseudonym == Person(KEY, VALUES | {PATIENT_NAME: b"Okafor^M"}, b"1.3").pseudonym
    assert one.days_back == Person(KEY, {PATIENT_ID: b"MRN-4711 "}).days_back
    assert one.pseudonym != Person(KEY, {PATIENT_ID: b"MRN-4712"}).pseudonym
    nameless = [Person(KEY, {}, study).pseudonym for study in (b"1.2", b"1.3")]
    assert len(set(nameless)) == 2
    assert Person(KEY, {PATIENT_NAME: b"A^B"}).pseudonym != Person(KEY, {PATIENT_NAME: b"A^C"}).pseudonym


@pytest.mark.parametrize("day", [b"", b"1980", b"19801301", b"unknown!"])
def test_what_is_no_date_has_no_forms(day):
    assert birth_forms(day) == ()
