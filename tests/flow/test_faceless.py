"""A head's series goes out without its face, or not at all; its brain, and what is no CT or MR, keep their bits."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import RLELossless
from small_dicom import write_dicom

from radiolucent.core import Image
from radiolucent.flow import deid_files
from radiolucent.flow.deid import PAGE, Job, deidentify_folder
from radiolucent.phantom.head import head
from radiolucent.write.dicom import write_series

COARSE = (6.0, 4.0, 4.0)


@pytest.fixture(scope="module")
def heads():
    return {modality: head(modality=modality, spacing_mm=COARSE) for modality in ("CT", "MR")}


def written(image, folder, **given):
    folder.mkdir(parents=True)
    paths = write_series(image, folder, **given)
    for path in paths:
        dataset = pydicom.dcmread(path)
        dataset.PatientID, dataset.PatientName = "MRN-4711", "Okafor^Miriam"
        dataset.save_as(path)
    return paths


def run(tmp_path, **given):
    return deidentify_folder(Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json", clean=("faces",), **given))


def outputs(tmp_path):
    """Data sets by series and height."""
    read = [pydicom.dcmread(path) for path in sorted((tmp_path / "out").rglob("*.dcm"))]
    return sorted(read, key=lambda one: (one.Modality, float(one.ImagePositionPatient[2])))


def stacked(datasets):
    return np.stack([one.pixel_array for one in datasets])


def changed(tmp_path, paths):
    before = stacked([pydicom.dcmread(path) for path in paths])
    after = stacked(outputs(tmp_path))
    return before != after, after


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_the_face_goes_from_the_files_and_the_brain_stays(heads, tmp_path, modality):
    image, brain, face = heads[modality]
    paths = written(image, tmp_path / "in/a")
    told = run(tmp_path, verify=True)
    where, after = changed(tmp_path, paths)
    assert told["files"] == {"done": len(paths)}
    assert where[face.array > 0].mean() > 0.75
    assert not where[brain.array > 0].any()
    assert told["faces"] == {"series": 1, "files": len(paths), "samples": int(where.sum()), "others": 0}
    air = {-1000} if modality == "CT" else {int(plane.min()) for plane in image.array}
    assert set(np.unique(after[where])) <= air
    assert "became air" in (tmp_path / "out" / PAGE).read_text()


def test_the_files_say_that_the_face_is_gone_and_nothing_else_is_another(heads, tmp_path):
    image, _, _ = heads["CT"]
    written(image, tmp_path / "in/a")
    run(tmp_path)
    faceless = outputs(tmp_path)
    for one in faceless:
        assert one.RecognizableVisualFeatures == "NO"
        assert "113102" in [item.CodeValue for item in one.DeidentificationMethodCodeSequence]
    deidentify_folder(Job(tmp_path / "in", tmp_path / "plain", tmp_path / "key.json"))
    for one in faceless:
        (path,) = (tmp_path / "plain").rglob(Path(one.filename).name)
        other = pydicom.dcmread(path)
        for dataset in (one, other):
            for word in ("PixelData", "RecognizableVisualFeatures", "DeidentificationMethodCodeSequence"):
                dataset.pop(word, None)
        assert one == other


def test_compressed_slices_lose_the_face_too(heads, tmp_path):
    image, brain, face = heads["CT"]
    paths = written(image, tmp_path / "in/a")
    before = stacked([pydicom.dcmread(path) for path in paths])
    for path in paths:
        dataset = pydicom.dcmread(path)
        dataset.compress(RLELossless)
        dataset.save_as(path)
    run(tmp_path)
    where = before != stacked(outputs(tmp_path))
    assert where[face.array > 0].mean() > 0.75
    assert not where[brain.array > 0].any()


def test_moments_of_one_head_lose_the_same_samples(heads, tmp_path):
    image, brain, face = heads["MR"]
    grid = replace(image.grid, shape=(2, *image.grid.shape), axes="tzyx", times_s=(0.0, 2.0))
    paths = written(Image(np.stack([image.array, image.array + 1]), grid, "MR", "1"), tmp_path / "in/a")
    told = run(tmp_path)
    assert told["files"] == {"done": len(paths)}
    first = stacked([one for one in outputs(tmp_path) if one.TemporalPositionIdentifier == 1])
    second = stacked([one for one in outputs(tmp_path) if one.TemporalPositionIdentifier == 2])
    for k, after in enumerate((first, second)):
        where = after != image.array + k
        assert where[face.array > 0].mean() > 0.75
        assert not where[brain.array > 0].any()


def test_series_that_are_no_plain_head_are_refused_whole_and_told(heads, tmp_path):
    image, _, _ = heads["CT"]
    n = written(image, tmp_path / "in/head")
    low = image.grid.shape[0] // 2
    cut = Image(image.array[:low], replace(image.grid, shape=(low, *image.grid.shape[1:])), "CT", "HU")
    no_top = written(cut, tmp_path / "in/no top")
    nothing = written(image.with_array(np.full_like(image.array, -1000)), tmp_path / "in/air")
    chest = written(image.with_array(image.array + np.int16(1)), tmp_path / "in/chest")
    for path in chest:
        dataset = pydicom.dcmread(path)
        dataset.BodyPartExamined = "CHEST"
        dataset.save_as(path)
    gap = written(image.with_array(image.array + np.int16(2)), tmp_path / "in/gap")
    gap[9].unlink()
    told = run(tmp_path)
    refused = len(no_top) + len(nothing) + len(chest) + len(gap) - 1
    assert told["files"] == {"done": len(n), "refused": refused}
    assert told["faces"]["series"] == 1
    reasons = " ".join(row["why"] for row in told["not_copied"])
    for words in ("top of the head", "constant", "no head", "evenly spaced"):
        assert words in reasons


@pytest.mark.parametrize(
    ("factor", "named", "words"),
    [(0.5, "", "not that of one"), (0.5, "CT brain", None), (2.2, "CT brain", "more than a head")],
)
def test_what_has_no_heads_size_is_refused_unless_its_header_names_a_small_head(heads, tmp_path, factor, named, words):
    image, _, _ = heads["CT"]
    spacing = tuple(factor * mm for mm in COARSE)
    written(
        Image(image.array, replace(image.grid, spacing_mm=spacing), "CT", "HU"), tmp_path / "in/a", description=named
    )
    told = run(tmp_path)
    assert [words in row["why"] for row in told["not_copied"]] == ([True] if words else [])


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({}, "where it lies"),
        ({"NumberOfFrames": 2}, "single slices"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "single slices"),
        ({"Modality": "MR", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4", "ImageType": ["ORIGINAL", "MOSAIC"]}, "mosaic"),
        ({"PhotometricInterpretation": "MONOCHROME1"}, "white high"),
        ({"RescaleIntercept": None}, "Hounsfield"),
        ({"BodyPartExamined": "LSPINE"}, "no head"),
        ({"ImagePositionPatient": [0, 0, 0]}, "single slice, no volume"),
    ],
)
def test_a_slice_that_cannot_be_judged_is_refused(tmp_path, elements, words):
    pixels = np.arange(128, dtype=np.uint16).reshape(2, 8, 8)[: elements.get("NumberOfFrames", 1)].squeeze()
    about = {
        "RescaleSlope": 1,
        "RescaleIntercept": -1024,
        "PixelSpacing": [1, 1],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
    }
    write_dicom(tmp_path / "in/a.dcm", pixels, **{**about, **elements})
    told = run(tmp_path)
    assert told["files"] == {"refused": 1}
    assert words in told["not_copied"][0]["why"]
    assert not list((tmp_path / "out").rglob("*.dcm"))


def test_other_kinds_pass_without_claiming_it_and_are_counted_but_volumes_are_refused(tmp_path):
    pixels = np.zeros((8, 8), np.uint16)
    write_dicom(tmp_path / "in/a.dcm", pixels, Modality="DX", SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1")
    (tmp_path / "in/b.nii").write_bytes(b"\0" * 400)
    told = run(tmp_path)
    assert told["files"] == {"done": 1, "refused": 1}
    assert told["faces"]["others"] == 1
    (path,) = (tmp_path / "out").rglob("*.dcm")
    read = pydicom.dcmread(path)
    assert "113102" not in [item.CodeValue for item in read.DeidentificationMethodCodeSequence]
    assert "RecognizableVisualFeatures" not in read


def test_workers_and_a_stop_do_not_change_a_byte(heads, tmp_path, monkeypatch):
    for modality, (image, _, _) in heads.items():
        written(image, tmp_path / "in" / modality)
    whole = deidentify_folder(
        Job(tmp_path / "in", tmp_path / "two", tmp_path / "key.json", clean=("faces",), workers=2)
    )
    real, calls = deid_files.deface_series, []

    def stopping(files, due, work):
        calls.append(len(due))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(files, due, work)

    monkeypatch.setattr(deid_files, "deface_series", stopping)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    told = run(tmp_path)
    assert len(calls) == 3  # the series that was done is not read again
    assert {k: told[k] for k in ("files", "faces")} == {k: whole[k] for k in ("files", "faces")}
    files = [
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*.dcm")}
        for root in (tmp_path / "out", tmp_path / "two")
    ]
    assert files[0] == files[1]


def test_a_run_that_stopped_within_a_series_finishes_it_the_same(heads, tmp_path):
    paths = written(heads["CT"][0], tmp_path / "in/a")
    run(tmp_path)
    first = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.dcm")}
    journal = tmp_path / "out" / deid_files.JOURNAL
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:10]))
    for line in lines[10:]:
        (tmp_path / "out" / json.loads(line)["out"]).unlink()
    assert run(tmp_path)["faces"]["files"] == len(paths)
    assert {path: path.read_bytes() for path in first} == first
