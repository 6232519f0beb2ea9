"""Checking files and folders, also those that reading refuses."""

import json

import nibabel
import numpy as np
import pytest
from clean_series import clean

from radiolucent.core import InputError
from radiolucent.flow.check import check, save_check

OURS = ("series.", "header.", "intensity.", "file.")
"""What is not among these is a remark of reading."""


def write(folder, series):
    folder.mkdir(parents=True, exist_ok=True)
    for k, made in enumerate(series):
        made.save_as(folder / f"{k:03d}.dcm", enforce_file_format=True)
    return folder


@pytest.fixture
def ct():
    return clean("CT", np.random.default_rng(0))


def codes(series):
    return {finding.code for one in series for finding in one.findings}


@pytest.mark.parametrize("modality", ["CT", "MR", "DX", "US", "PT"])
def test_a_faultless_series_has_no_finding_and_its_figures(modality, tmp_path):
    (one,) = check(write(tmp_path, clean(modality, np.random.default_rng(1))))
    assert not [finding for finding in one.findings if finding.code.startswith(OURS)]
    assert "snr" in one.quality["image 1"]
    assert len(one.outlines) == (0 if modality in ("DX", "US") else 9)


def test_a_series_that_reading_refuses_is_checked_all_the_same(ct, tmp_path):
    del ct[4]
    bright = np.frombuffer(ct[2].PixelData, np.uint16) // 2 + 2000
    ct[2].PixelData = bright.astype(np.uint16).tobytes()
    (one,) = check(write(tmp_path, ct))
    assert codes([one]) >= {"series.missing_slice", "series.refused", "intensity.plane_jump"}
    assert one.findings[0].severity == "block"
    assert one.odd == {3, 4}, "the neighbours of the gap stand out in the figure"


def test_damaged_and_foreign_files_are_told_and_do_not_stop_the_check(ct, tmp_path):
    write(tmp_path, ct)
    data = (tmp_path / "005.dcm").read_bytes()
    (tmp_path / "005.dcm").write_bytes(data[: len(data) // 2])
    (tmp_path / "broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\xff" * 50)
    (tmp_path / "notes.txt").write_text("nothing")
    assert codes(check(tmp_path)) >= {"header.truncated", "file.unreadable"}


def test_a_file_that_only_bears_the_name_of_an_image_is_told(ct, tmp_path):
    write(tmp_path, ct)
    (tmp_path / "fake.dcm").write_bytes(b"MZ this is a program" + bytes(300))
    (tmp_path / "notes.txt").write_text("a note may lie beside images")
    *_, strange = check(tmp_path)
    assert [(finding.code, finding.where) for finding in strange.findings] == [("file.not_image", "fake.dcm")]


def test_two_series_in_one_folder_are_checked_apart(ct, tmp_path):
    write(tmp_path / "a", ct)
    write(tmp_path / "b", clean("MR", np.random.default_rng(0)))
    assert [one.name for one in check(tmp_path)] == ["Series 1: CT, 64 × 64", "Series 2: MR, 64 × 64"]


def test_nifti_is_checked_by_its_pixels(tmp_path):
    array = np.random.default_rng(0).normal(100, 5, (20, 20, 9)).astype(np.float32)
    array[:, :, 4] = 0
    nibabel.save(nibabel.Nifti1Image(array, np.eye(4)), tmp_path / "a.nii")
    (one,) = check(tmp_path / "a.nii")
    assert "intensity.constant_plane" in codes([one])
    assert len(one.outlines) == 9


def test_slices_are_drawn_in_their_order_in_the_patient_whatever_their_names(ct, tmp_path):
    (one,) = check(write(tmp_path, ct[::-1]))
    heights = [outline[0][2] for outline in one.outlines]
    assert heights == sorted(heights)


def test_what_is_written_names_files_but_no_folder_and_no_patient(ct, tmp_path):
    del ct[4]
    series = check(write(tmp_path / "secret-folder", ct))
    for name in ("r.json", "r.html"):
        save_check(series, tmp_path / name)
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "003.dcm" in text
        assert "secret-folder" not in text
        assert "Doe" not in text
    told = json.loads((tmp_path / "r.json").read_text())
    gap = next(f for f in told["series"][0]["findings"] if f["rule"] == "series.missing_slice")
    assert (gap["value"], gap["unit"], gap["severity"]) == (1, "slices", "block")


@pytest.mark.parametrize("kind", ["absent", "empty"])
def test_a_folder_without_any_image_is_an_error(kind, tmp_path):
    with pytest.raises(InputError):
        check(tmp_path / "absent" if kind == "absent" else tmp_path)


def test_only_html_and_json_are_written(ct, tmp_path):
    with pytest.raises(InputError, match=r"\.html or \.json"):
        save_check(check(write(tmp_path / "a", ct)), tmp_path / "r.txt")
