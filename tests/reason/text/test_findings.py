"""Findings of a report, and of what is none."""

import pytest

from radiolucent.core import Finding
from radiolucent.reason.text import findings


def test_a_finding_says_what_where_how_large_and_why():
    (found,) = findings("A nodule in the right upper lobe has increased from 6 to 9 mm.")
    assert found.says == "lung nodule: present"
    assert (found.code, found.value, found.unit, found.where) == (
        "text.lung_nodule",
        9.0,
        "mm",
        "right, right upper lobe",
    )
    assert "increased from 6 mm to 9 mm" in found.because


def test_what_is_denied_names_its_trigger():
    (found,) = findings("No pneumothorax.")
    assert found.says == "pneumothorax: absent"
    assert "trigger: no" in found.because


def test_what_is_past_or_anothers_says_so():
    assert [f.says for f in findings("Father had pneumonia. History of pneumonia.")] == [
        "pneumonia: present, not the patient's",
        "pneumonia: present, historical",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text.empty"),
        (" \n\t", "text.empty"),
        ("123 45.6 - 7", "text.no_words"),
        ("Сердце не увеличено, лёгкие чистые.", "text.language"),
        (
            "El corazón no está agrandado y los pulmones son claros, sin derrame pleural ni otra alteración.",
            "text.language",
        ),
        ("Das Herz ist nicht vergrößert, die Lunge ist frei von Infiltraten, kein Pleuraerguss.", "text.language"),
        ("\ufffd\ufffd\ufffd lung", "text.encoding"),
        ("双肺未见异常".encode("gbk").decode("latin-1"), "text.encoding"),
        ("\x00\x01\x02 report", "text.encoding"),
    ],
)
def test_what_cannot_be_read_gives_one_warning_and_no_guess(text, code):
    (found,) = findings(text)
    assert isinstance(found, Finding)
    assert (found.code, found.severity) == (code, "warn")
