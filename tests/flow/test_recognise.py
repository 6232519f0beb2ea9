"""What am I looking at: a file, a folder, a header that is contradicted."""

import json

import numpy as np
from PIL import Image as Picture
from small_dicom import write_dicom

from radiolucent.flow.recognise import as_json, recognise, save_json


def codes(one):
    return [finding.code for finding in one.findings]


def ct_plane():
    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    r = np.hypot(y / 0.8, x / 0.7)
    return np.where(r < 0.75, 40, np.where(r < 0.9, 900, -1000)).astype(np.int16)


def test_a_dicom_file_tells_its_header_and_what_its_numbers_say(tmp_path):
    write_dicom(
        tmp_path / "a.dcm", ct_plane(), Modality="CT", BodyPartExamined="CHEST", PixelSpacing=[3, 3],
        RescaleSlope=1, RescaleIntercept=0,
    )  # fmt: skip
    (one,) = recognise(tmp_path / "a.dcm")
    assert "recognise.stated_body_part" in codes(one)
    assert "recognise.body_part" in codes(one)
    differs = [finding for finding in one.findings if finding.severity == "warn"]
    assert [finding.code for finding in differs] == ["recognise.body_part_differs"]
    assert "chest" in differs[0].says
    assert "head" in differs[0].says


def test_a_folder_of_pictures_is_told_file_by_file_and_what_cannot_be_read_is_said(tmp_path):
    for name in ("a", "b"):
        Picture.fromarray(np.random.default_rng(1).integers(0, 255, (40, 40), np.uint8)).save(tmp_path / f"{name}.png")
    (tmp_path / "c.png").write_bytes((tmp_path / "a.png").read_bytes()[:60])
    seen = recognise(tmp_path)
    assert [one.name for one in seen] == ["a.png", "b.png", "c.png"]
    assert codes(seen[2]) == ["recognise.unreadable"]
    told = json.loads(as_json(seen))
    assert told["images"][0]["image"] == "a.png"
    save_json(seen, tmp_path / "seen.json")
    assert json.loads((tmp_path / "seen.json").read_text()) == told
