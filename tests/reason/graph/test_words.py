"""Keys: one for all spellings of a term, different ones for different terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.reason.graph.words import closed, key, loose


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pleural Effusions", "pleural effusion"),
        ("ground-glass opacities", "ground glass opacity"),
        ("haematoma", "hematoma"),
        ("oesophageal tumour", "esophageal tumor"),
        ("oedema", "edema"),
        ("foetal calcification", "fetal calcifications"),
        ("Looser's zones", "Looser zone"),
        ("Bell’s palsy", "Bell's palsy"),
        ("metastases", "metastasis"),
        ("vertebrae", "vertebra"),
        ("apices", "apex"),
        ("disk herniation", "disc herniation"),
        ("goitre", "goiter"),
        ("lung_upper_lobe_left", "lung upper lobe left"),
        ("Ménière disease", "Meniere disease"),
        ("ＣＴ", "ct"),
        ("胸腔 积液", "胸腔积液"),
        ("leukaemia", "leukemia"),
        ("phaeochromocytoma", "pheochromocytoma"),
        ("biopsies", "biopsy"),
        ("haemothoraces", "hemothorax"),
        ("normalised", "normalized"),
        ("stenoses", "stenosis"),
        ("masses", "mass"),
    ],
)
def test_spellings_of_one_term_have_one_key(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("disease", "diseasis"), ("pelvis", "pelvic"), ("left lung", "right lung"), ("6 mm", "9 mm"), ("1.5 cm", "15 cm")],
)
def test_different_terms_keep_different_keys(one, other):
    assert key(one) != key(other)


def test_what_has_no_letter_has_no_key():
    assert key("") == key("  -- ?") == ""


@given(st.text(max_size=40))
def test_a_key_is_its_own_key_in_everything_but_plural(text):
    once = key(text)
    assert once == once.strip()
    assert "  " not in once
    assert key(text.upper().lower()) == key(text.lower())


def test_linking_words_and_order_do_not_matter_to_the_loose_key():
    assert loose(key("mass of the liver")) == loose(key("liver mass"))
    assert loose("of the") == "of the"


def test_gaps_do_not_matter_to_the_closed_key():
    assert closed(key("fish-mouth vertebra")) == closed(key("fishmouth vertebra"))
