"""Checks raise no alarm on real series that are clean, and find the gantry tilt of the one that leans."""

import pytest
from shared import shared

from radiolucent.check import check_image
from radiolucent.flow.check import check
from radiolucent.read import read

OURS = ("series.", "header.", "intensity.", "file.")

CLEAN = ["dcm_qa/In", "dcm_qa_nih/In", "dcm_qa_ts/In", "dcm_qa_12bit/In", "dcm_qa_ct/dev-subset/In"]
ONE_BY_ONE = ("dcm_qa_ts/In", "dcm_qa_12bit/In")
"""Folders of variants of one picture, which share identifiers: each file is a series of its own."""
TRUE = {("dcm_qa_ct/dev-subset/In", "series.gantry_tilt")}
"""What is really so."""


@pytest.mark.parametrize("folder", CLEAN)
def test_clean_real_series_raise_no_alarm(folder, record_property):
    place = shared("reference/geom-dcmqa") / folder
    paths = sorted(place.glob("*.dcm")) if folder in ONE_BY_ONE else [place]
    series = [one for path in paths for one in check(path)]
    alarms = [
        (one.name, finding.code, finding.value)
        for one in series
        for finding in one.findings
        if finding.severity != "info" and finding.code.startswith(OURS) and (folder, finding.code) not in TRUE
    ]
    record_property("series", len(series))
    record_property("alarms", len(alarms))
    record_property("difference", len(alarms) / len(series))
    assert not alarms


def test_the_tilt_of_a_leaning_ct_is_measured():
    (one,) = check(shared("reference/geom-dcmqa/dcm_qa_ct/dev-subset/In"))
    (tilt,) = [finding for finding in one.findings if finding.code == "series.gantry_tilt"]
    assert abs(tilt.value - 18.5) < 0.05, "Gantry/Detector Tilt states -18.5"


@pytest.mark.parametrize(
    ("folder", "kind", "step"),
    [
        ("nih-cxr-1000-256/images", "*.jp*g", 60),
        ("knee-oa-400", "*.png", 30),
        ("msd-hippocampus/images", "hippocampus*.nii.gz", 12),
    ],
)
def test_pictures_that_people_learn_from_raise_no_alarm(folder, kind, step, record_property):
    """From the second half of each set: the first one was looked at while rules were mended."""
    files = sorted(shared(f"data/{folder}").rglob(kind))
    some = files[len(files) // 2 :: step]
    alarms = {
        file.name: finding.code
        for file in some
        for image in read(file, key=b"k" * 32)[0].images.values()
        for finding in check_image(image)
        if finding.severity != "info"
    }
    record_property("pictures", len(some))
    record_property("alarms", len(alarms))
    record_property("difference", len(alarms) / len(some))
    assert len(some) >= 5
    assert not alarms
