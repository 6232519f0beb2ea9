"""What clinical measures are told as, and whether DICOM knows the concepts."""

import pytest
from pydicom.sr._concepts_dict import concepts

from radiolucent.measure.clinical_finding import CONCEPTS, measured, rounded


def test_a_measure_says_its_number_and_its_unit():
    told = measured("volume", "Volume", 4.18879, "ml", where="lesion 1", interval=(4, 4.5))
    assert told.says == "Volume 4.189 [4, 4.5] ml"
    assert (told.code, told.value, told.unit, told.interval) == ("measure.volume", 4.18879, "ml", (4, 4.5))


def test_the_order_of_a_sum_is_not_told():
    assert rounded(0.1 + 0.2 + 0.3) == rounded(0.3 + 0.2 + 0.1)
    assert str(rounded(-0.0)) == "0.0"


@pytest.mark.parametrize("code", CONCEPTS)
def test_every_concept_is_in_the_standards_dictionary(code):
    value, scheme, meaning = CONCEPTS[code]
    known = {word[0] for entry in concepts[scheme].values() for number, word in entry.items() if number == value}
    assert known, f"{value} is no code of {scheme}"
    assert any(meaning.lower() in name.lower() for name in known), f"{value} means {known}, not {meaning}"
