"""NRRD and MetaImage against SimpleITK, on the cases that come with pyradiomics."""

import numpy as np
import pytest
from shared import shared

from radiolucent.core import Image
from radiolucent.read import read
from radiolucent.write import write

sitk = pytest.importorskip("SimpleITK", reason="needs SimpleITK, which nothing else here does")


def _compare(image: Image, theirs, record_property):
    np.testing.assert_array_equal(image.array, sitk.GetArrayFromImage(theirs))
    index = [n - 1 for n in image.grid.shape]
    ours = [(image.grid.affine @ [*at, 1])[:3] for at in ([0, 0, 0], index)]
    points = [theirs.TransformIndexToPhysicalPoint([int(n) for n in reversed(at)]) for at in ([0, 0, 0], index)]
    worst = float(np.abs(np.subtract(ours, points)).max())
    record_property("difference", worst)
    assert worst < 1e-6


def _image(path):
    (case,) = read(path, key=b"k" * 32)
    return case.images["image"]


def test_arrays_and_places_equal_simpleitks(record_property, tmp_path):
    files = sorted(shared("data/pyradiomics-cases").rglob("*.nrrd"))
    assert files
    for path in files:
        theirs = sitk.ReadImage(str(path))
        _compare(_image(path), theirs, record_property)
        for name, packed in (("a.mha", False), ("b.mha", True), ("c.mhd", True)):
            sitk.WriteImage(theirs, str(tmp_path / name), packed)
            _compare(_image(tmp_path / name), theirs, record_property)


def test_what_we_write_simpleitk_reads(record_property, tmp_path):
    path = min(shared("data/pyradiomics-cases").rglob("*.nrrd"), key=lambda file: file.stat().st_size)
    write(_image(path), tmp_path / "a.nrrd")
    _compare(_image(path), sitk.ReadImage(str(tmp_path / "a.nrrd")), record_property)
