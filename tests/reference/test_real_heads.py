"""Two real heads (brain tumours, T1 with contrast, 6.5 mm apart) as DICOM series: their faces go, all else keeps its bits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK
from scipy import ndimage
from shared import shared

import radiolucent as rl
from radiolucent.deid.deface import deface
from radiolucent.flow.deid import Job, deidentify_folder
from radiolucent.write.dicom import write_series

VAULT = {"brain1": 12, "brain2": 14}
"""From this slice on there is nothing but cranium above the brows (looked up in the pictures)."""

BROWS = 9
"""Below this slice all that is seen from the front is face (eyelids, nose, cheeks)."""

EYES = {"brain1": ((90, 172), 27, 14, slice(6, 10)), "brain2": ((96, 180), 28, 14, slice(5, 10))}
"""Columns of both eyeballs, their rows from the front, radius [pixels], slices."""

EYE_GONE = 0.5
GONE = 0.9
"""Of what is no air in the foremost centimetre of the three lowest slices (nose, lips, cheeks) at least so much goes."""


def series(name, folder: Path):
    folder.mkdir()
    (case,) = rl.load(shared("data/pyradiomics-cases/data") / f"{name}_image.nrrd")
    (image,) = case.images.values()
    return write_series(replace(image, modality="MR"), folder)


def stacked(paths):
    read = sorted((pydicom.dcmread(path) for path in paths), key=lambda one: float(one.ImagePositionPatient[2]))
    return read, np.stack([one.pixel_array for one in read])


@pytest.mark.parametrize("name", ["brain1", "brain2"])
def test_a_real_face_goes_and_the_rest_keeps_its_bits(name, tmp_path, record_property):
    paths = series(name, tmp_path / "in")
    told = deidentify_folder(Job(tmp_path / "in", tmp_path / "out", tmp_path / "key.json", clean=("faces",)))
    assert told["files"] == {"done": len(paths)}
    out = sorted((tmp_path / "out").rglob("*.dcm"))
    _, before = stacked(paths)
    read, after = stacked(out)
    changed = before != after
    assert int(changed.sum()) == told["faces"]["samples"]
    assert not changed[VAULT[name] :].any()
    rows = np.flatnonzero((before[:3] > 0.15 * np.percentile(before, 99)).any((0, 2)))
    front = slice(rows[-1] - 12, rows[-1] + 1)  # rows run from back to front here, 0.78 mm each
    tissue = before[:3, front] > 0.15 * np.percentile(before, 99)
    left = 1 - float(changed[:3, front][tissue].mean())
    record_property("difference", left)
    assert left < 1 - GONE
    assert all(one.RecognizableVisualFeatures == "NO" for one in read)
    by_itk = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage([str(Path(one.filename)) for one in read]))
    np.testing.assert_array_equal(by_itk, after * float(read[0].get("RescaleSlope", 1)))


@pytest.mark.parametrize("name", ["brain1", "brain2"])
def test_nothing_of_the_face_is_seen_from_the_front_and_half_of_each_eye_is_gone(name, record_property):
    (case,) = rl.load(shared("data/pyradiomics-cases/data") / f"{name}_image.nrrd")
    (image,) = case.images.values()
    before = np.asarray(image.array)[:, ::-1]  # rows from front to back
    changed = before != np.asarray(deface(image).array)[:, ::-1]
    tissue = ndimage.binary_opening(before > 0.15 * np.percentile(before, 99), np.ones((1, 3, 3)))[:BROWS]
    level, column = np.nonzero(tissue.any(1))
    gone = changed[level, tissue.argmax(1)[level, column], column]
    sides = np.abs(column - before.shape[2] / 2) < 80  # 62 mm to either side
    record_property("difference", 1 - float(gone[sides].mean()))
    assert gone[sides].mean() > 0.98
    columns, row, radius, levels = EYES[name]
    y, x = np.ogrid[: before.shape[1], : before.shape[2]]
    for middle in columns:
        assert changed[levels][:, (y - row) ** 2 + (x - middle) ** 2 < radius**2].mean() > EYE_GONE * 0.8
    eyes = np.logical_or.reduce([(y - row) ** 2 + (x - middle) ** 2 < radius**2 for middle in columns])
    assert changed[levels][:, eyes].mean() > EYE_GONE


def test_a_test_body_that_is_no_head_is_refused(tmp_path):
    """Twelve slices of a stereotactic frame's test body: refused as a whole, nothing is written."""
    source = shared("reference/geom-dcmqa/dcm_qa_ct/dev-subset/In")
    told = deidentify_folder(Job(source, tmp_path / "out", tmp_path / "key.json", clean=("faces",)))
    assert told["files"] == {"refused": 12}
    assert not list((tmp_path / "out").rglob("*.dcm"))
