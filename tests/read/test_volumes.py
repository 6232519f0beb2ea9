"""Rows of an index are the images that reading gives: as many, of the same names, on the same grids."""

from collections import defaultdict

import numpy as np
import pytest
from shared import shared
from small_dicom import write_dicom, write_series

from radiolucent.core import InputError
from radiolucent.read import content_key, read
from radiolucent.read.index import record
from radiolucent.read.volumes import Known, labelled, rows

KEY = b"k" * 32
VOLUME = np.zeros((6, 4, 5), np.int16)


def indexed(path):
    """The rows of a file or folder by case and name."""
    groups = defaultdict(lambda: defaultdict(list))
    for file in [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file()):
        try:
            one = record(file, KEY)
        except InputError:
            continue
        if one is not None and (path.is_file() or one.format == "dicom"):
            case = one.ids["case"] or content_key(file, KEY)
            groups[case][one.series_number, one.ids.get("series")].append(Known(str(file), one))
    found = {}
    for case, series in groups.items():
        made = [row for name in sorted(series) for row in rows(series[name])]
        names = labelled([row.label for row in made])
        found |= {(case, name): row.columns for name, row in zip(names, made, strict=True)}
    return found


def said(image):
    grid = image.grid
    placed = grid.origin_mm is not None and grid.direction is not None
    place = (*grid.origin_mm, *np.ravel(grid.direction)) if placed else ()
    return grid.axes, grid.shape, np.round((*(grid.spacing_mm or ()), *place), 6).tolist(), image.modality


def told(row):
    numbers = (*(row.get("spacing_mm") or ()), *(row.get("origin_mm") or ()), *(row.get("direction") or ()))
    return row["axes"], tuple(row["shape"]), np.round(numbers, 6).tolist(), row.get("modality", "OT")


def compare(path):
    """The number of images that both know, when nothing tells them apart."""
    try:
        cases = read(path, key=KEY)
    except InputError:
        return 0
    images = {(case.key, name): said(image) for case in cases for name, image in case.images.items()}
    if not images:
        return 0
    found = indexed(path)
    left_out = [key for key in found if key not in images]
    assert {key: told(row) for key, row in found.items() if key in images} == images, path
    refused = sum(finding.code == "series.refused" for case in cases for finding in case.findings)
    assert len(left_out) == 0 or refused, path
    return len(images)


@pytest.mark.parametrize(("folder", "least"), [
    ("geom-dcmqa", 100), ("read-pydicom", 80), ("read-pydicom-data", 45), ("read-highdicom", 8),
])  # fmt: skip
def test_real_files_and_folders_have_the_images_that_reading_gives(folder, least):
    files = sorted(file for file in shared(f"reference/{folder}").rglob("*") if file.is_file())
    files = [file for file in files if not file.name.startswith("DICOMDIR")]
    both = [compare(path) for path in [*sorted({file.parent for file in files}), *files]]
    assert sum(both) >= least


def places(step):
    return [(0, 0, k * step) for k in range(len(VOLUME))]


def test_echoes_and_planes_are_named_as_in_reading(tmp_path):
    write_series(tmp_path / "a", VOLUME, places=places(2), EchoTime=10, Modality="MR")
    write_series(tmp_path / "b", VOLUME, places=places(2), EchoTime=20, Modality="MR")
    turned = {"SeriesInstanceUID": "1.2.9", "ImageOrientationPatient": [0, 1, 0, 0, 0, 1], "Modality": "MR"}
    write_series(tmp_path / "c", VOLUME, places=[(k, 0, 0) for k in range(6)], **turned)
    assert compare(tmp_path) == 3
    by_name = {name: row for (_, name), row in indexed(tmp_path).items()}
    assert [by_name[name]["echo_ms"] for name in ("echo_1", "echo_2")] == [10, 20]
    assert by_name["image"]["plane"] == "sagittal"


def test_a_gap_is_told_and_so_is_a_tilt(tmp_path):
    tilted = [(0, 0.5 * k, 2 * k) for k in range(6)]
    ((row,),) = [indexed(write_series(tmp_path / "tilted", VOLUME, places=tilted)).values()]
    assert row["tilt_deg"] == pytest.approx(np.degrees(np.arctan2(0.5, 2)), abs=1e-3)
    assert (row["gap_least_mm"], row["gap_most_mm"]) == (2, 2)
    missing = write_series(tmp_path / "missing", VOLUME, places=places(2))
    (missing / "003.dcm").unlink()
    ((row,),) = [indexed(missing).values()]
    assert (row["gap_least_mm"], row["gap_most_mm"]) == (2, 4)
    assert "unevenly spaced" in row["problem"]


def test_copies_are_a_problem_that_the_row_names(tmp_path):
    for copy in ("a", "b"):
        write_series(tmp_path / copy, VOLUME, places=places(2))
    ((row,),) = [indexed(tmp_path).values()]
    assert row["shape"] == [6, 4, 5]
    assert "where another one lies" in row["problem"]


def test_a_column_is_empty_where_files_disagree(tmp_path):
    series = write_series(tmp_path, VOLUME, places=places(2), KVP=120, ConvolutionKernel="B30f")
    ((row,),) = [indexed(series).values()]
    assert row["kvp"] == 120
    write_dicom(
        tmp_path / "001.dcm", VOLUME[1], ImagePositionPatient=[0, 0, 2], ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        PixelSpacing=[2, 3], KVP=100, ConvolutionKernel="B30f",
    )  # fmt: skip
    ((row,),) = [indexed(series).values()]
    assert row.get("kvp") is None
    assert row["kernel"] == "B30f"


def test_pictures_without_a_place_stay_single(tmp_path):
    for k in range(3):
        write_dicom(tmp_path / f"{k}.dcm", VOLUME[0], Modality="DX", SeriesInstanceUID="1.2.3.9")
    assert compare(tmp_path) == 3
    assert [name for _, name in indexed(tmp_path)] == ["image", "image_2", "image_3"]


def test_labels_that_are_taken_get_numbers():
    assert labelled(["", "axial", "", "axial", ""]) == ["image", "axial", "image_2", "axial_2", "image_3"]
