"""Age and dates that deny each other."""

import pytest

from radiolucent.check import dates
from radiolucent.dicom import Header


@pytest.mark.parametrize(
    ("age", "born", "fine"),
    [
        ("054Y", "19700101", True),
        ("053Y", "19700601", True),
        ("024Y", "19700101", False),
        ("006M", "20230901", True),
        ("", "20250101", False),
        ("130Y", "", False),
    ],
)
def test_age_agrees_with_the_dates(age, born, fine):
    values = {"PatientAge": age, "PatientBirthDate": born, "StudyDate": "20240312"}
    assert bool(dates.age((Header("a", values),))) != fine


def test_a_series_may_end_after_midnight_but_not_begin_before_its_study():
    after = Header("a", {"StudyDate": "20240312", "ContentDate": "20240313"})
    before = Header("a", {"StudyDate": "20240312", "SeriesDate": "20240301"})
    assert not dates.order((after,))
    assert dates.order((before,))[0].value == 11
