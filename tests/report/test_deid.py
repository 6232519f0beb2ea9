"""The page of a de-identification says what remains before it says what was done."""

import pytest

from radiolucent.report.deid import deid_page

TOLD = {
    "radiolucent": "0.1.0", "files": {"done": 8, "damaged": 1}, "patients": 2, "clean": [], "keep": ["device"], "boxes": 0,
    "codes": [["113100", "Basic Application Confidentiality Profile"]], "mixed": [], "remarks": {}, "verified": None,
    "attributes": [{"tag": "(0010,0010)", "keyword": "PatientName", "action": "N", "says": "replaced by a pseudonym", "n": 8}],
    "kept": [{"tag": "(0018,1000)", "keyword": "DeviceSerialNumber", "says": "kept by an option", "because": ["device"], "n": 8}],
    "doubts": [{"tag": "(0008,0020)", "keyword": "StudyDate", "why": "no date that can be shifted; replaced", "n": 2}],
    "not_copied": [{"state": "damaged", "why": "an element is longer than what holds it", "n": 1}],
    "anonymity": {"kinds": [], "k": 2, "alone": 0, "in_small_groups": 0, "least": 5},
}  # fmt: skip
FOUND = {"identifiers": 12, "files": 9, "bytes": 10**6, "found": [], "undecided": []}
READ = {"reader": "Tesseract 5", "files": 8, "frames": 10, "before": 3, "found": [], "undecided": [], "unread": 0}


def test_the_page_is_one_file_with_every_part():
    page = deid_page(TOLD)
    for words in (
        "8 files of 2 patients",
        "1 file left out",
        "PatientName",
        "device",
        "StudyDate",
        "damaged",
        "113100",
    ):
        assert words in page
    assert "http://" not in page
    assert page.index("What remains") < page.index("What was done") < page.index("What was not copied")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "was not searched"),
        ({"verified": FOUND}, "None of 12 identifiers"),
        ({"verified": FOUND | {"found": [["a.dcm", "PatientName"]]}}, "Do not share it"),
        ({"verified": FOUND}, "not looked at by a second reader"),
        ({"verified": FOUND | {"pixels": READ}}, "could be read in 3 files, in the copies in none"),
        ({"verified": FOUND | {"pixels": READ | {"unread": 2}}}, "The pixels of 2 files could not be read again"),
        ({"verified": FOUND | {"pixels": READ | {"found": [["a.dcm", "PatientID"]]}}}, "in the copies still in 1 file"),
        ({"verified": FOUND | {"pixels": READ | {"undecided": [["a.dcm", "PatientName"]]}}}, "in 1 file a word"),
        ({"remarks": {"burned_in": 3}}, "3 files say that text is burned"),
        ({"remarks": {"may_be_burned_in": 1}}, "kind whose pixels often bear text"),
        ({"clean": ["pixels"], "boxes": 4}, "4 boxes were made black"),
        (
            {"faces": {"series": 2, "files": 90, "samples": 12345, "others": 0}},
            "taken out of 2 series of CT and MR (90 files)",
        ),
        ({"faces": {"series": 2, "files": 90, "samples": 1, "others": 0}}, "copied as they are but for faces"),
        ({}, "a face can be rebuilt"),
        ({"faces": {"series": 0, "files": 0, "samples": 0, "others": 3}}, "3 files are no slices of CT or MR"),
        ({"mixed": ["AB12"]}, "AB12"),
        ({"doubts": [{"tag": "x", "keyword": "y", "why": "text still looks like a name", "n": 7}]}, "7 texts"),
        ({"anonymity": {"kinds": ["age", "sex"], "k": 1, "alone": 1, "in_small_groups": 2, "least": 5}}, "age and sex"),
        ({"kept": [], "doubts": [], "not_copied": [], "files": {"done": 8}}, "Every file was copied"),
    ],
)
def test_every_risk_is_told_in_words(change, words):
    assert words in deid_page(TOLD | change)
