"""The 14 observations of a report."""

import pytest

from radiolucent.reason.text import CHESTXRAY14, CHEXPERT, labels
from radiolucent.reason.text.mentions import concepts


def given_of(text, **options):
    return {name: value for name, value in labels(text, **options).items() if value is not None}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The lungs are clear. Heart size is normal.", {"No Finding": 1, "Cardiomegaly": 0}),
        ("No pneumothorax. Small right pneumothorax.", {"Pneumothorax": 1}),
        ("No pneumonia. Pneumonia cannot be excluded.", {"Pneumonia": -1}),
        ("Pulmonary vascular congestion.", {"Edema": -1}),
        ("Left chest tube. No pneumothorax.", {"Support Devices": 1, "Pneumothorax": 0, "No Finding": 1}),
        ("Thoracic scoliosis.", {}),
        ("HISTORY: pneumonia. FINDINGS: Clear lungs.", {"No Finding": 1}),
        ("Heart size is at the upper limits of normal.", {"Cardiomegaly": -1}),
        ("双肺清晰，心影不大，双侧胸腔未见积液。", {"No Finding": 1, "Cardiomegaly": 0, "Pleural Effusion": 0}),
    ],
)
def test_a_statement_beats_a_doubt_and_a_doubt_a_denial(text, wanted):
    assert given_of(text) == wanted


def test_the_classes_of_chestxray14_are_told_apart():
    text = "Right infiltrate with emphysema. A nodule and a mass. Pleural thickening."
    assert set(given_of(text, scheme="chestxray14")) == {
        "Infiltration",
        "Emphysema",
        "Nodule",
        "Mass",
        "Pleural_Thickening",
    }


def test_a_text_that_cannot_be_read_has_no_label_at_all():
    assert given_of("") == given_of("12 34") == given_of("Сердце не увеличено") == {}


def test_every_concept_speaks_for_a_label_that_exists():
    for concept in concepts().values():
        assert concept.label in ("", *CHEXPERT)
        assert concept.nih in ("", *CHESTXRAY14)
        assert concept.label or concept.nih or concept.other
    assert {c.label for c in concepts().values()} >= set(CHEXPERT) - {"No Finding"}
    assert {c.nih for c in concepts().values()} >= set(CHESTXRAY14)
