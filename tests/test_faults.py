"""Every check finds its planted fault at the strength fixed beforehand, and is silent on what is faultless."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from clean_series import MODALITIES, clean
from planted_faults import HEADER_FAULTS, PIXEL_FAULTS

import radiolucent.check as check_package
from radiolucent.check import check_image, check_series
from radiolucent.core import Grid, Image
from radiolucent.dicom import decode_dataset, header_record

TRIALS = 3
BY_FILE = ("header.charset", "header.executable", "header.truncated")
"""Faults of the bytes themselves, which only a file shows."""


def records(series, *, as_file=False):
    """Headers as reading gives them."""
    return tuple(
        header_record("phantom", through_a_file(made) if as_file else made, name=f"{k:03d}")
        for k, made in enumerate(series)
    )


def through_a_file(made):
    buffer = BytesIO()
    with pydicom.config.disable_value_validation():
        made.save_as(buffer, enforce_file_format=True)
    return pydicom.dcmread(BytesIO(buffer.getvalue()))


def codes(findings):
    return {finding.code for finding in findings}


@pytest.mark.parametrize("fault", HEADER_FAULTS, ids=lambda fault: f"{fault.code}: {fault.strength}")
def test_a_planted_fault_of_a_header_is_found_at_its_strength(fault, record_property):
    found = []
    for trial in range(TRIALS):
        for modality in fault.modalities:
            rng = np.random.default_rng([trial, len(modality), ord(modality[0])])
            with pydicom.config.disable_value_validation():
                series = fault.plant(clean(modality, rng), rng)
                headers = records(series, as_file=fault.code in BY_FILE)
            found.append(fault.code in codes(check_series(headers)))
    record_property("planted", len(found))
    record_property("found", sum(found))
    assert all(found), f"found in {sum(found)} of {len(found)}"


@pytest.mark.parametrize("modality", MODALITIES)
def test_headers_of_a_faultless_phantom_raise_no_alarm(modality, record_property):
    alarms = []
    for trial in range(20):
        series = clean(modality, np.random.default_rng([trial, 99]))
        alarms += check_series(records(series, as_file=True))
    record_property("difference", float(len(alarms)))
    assert not alarms


def picture(modality, rng, plant=None):
    """The phantom's values as one image, with a fault planted in them."""
    files = [decode_dataset("phantom", made) for made in clean(modality, rng)]
    planes = np.concatenate([file.array for file in files]).astype(np.float32)
    planes = planes if plant is None else plant(planes.copy(), rng)
    return Image(planes, Grid(planes.shape[:3], "zyx"), modality, files[0].unit)


@pytest.mark.parametrize("fault", PIXEL_FAULTS, ids=lambda fault: f"{fault.code}: {fault.strength}")
def test_a_planted_fault_of_the_pixels_is_found_at_its_strength(fault, record_property):
    found = []
    for trial in range(10):
        for modality in fault.modalities:
            image = picture(modality, np.random.default_rng([trial, ord(modality[0])]), fault.plant)
            found.append(fault.code in codes(check_image(image)))
    record_property("planted", len(found))
    record_property("found", sum(found))
    assert np.mean(found) >= 0.98, f"found in {sum(found)} of {len(found)}"


@pytest.mark.parametrize("modality", MODALITIES)
def test_pixels_of_a_faultless_phantom_raise_no_alarm(modality, record_property):
    alarms = [
        code for trial in range(20) for code in codes(check_image(picture(modality, np.random.default_rng(trial))))
    ]
    record_property("difference", float(len(alarms)))
    assert not alarms


def test_every_rule_has_a_planted_fault():
    planted = {fault.code for fault in (*HEADER_FAULTS, *PIXEL_FAULTS)}
    written = set()
    for file in Path(check_package.__file__).parent.glob("*.py"):
        written |= set(re.findall(r'"((?:series|header|intensity)\.[a-z_0-9]+)"', file.read_text(encoding="utf-8")))
    assert written <= planted
    assert len(planted) >= 30
