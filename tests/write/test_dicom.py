"""A series written is the series read, of the same patient, with identifiers of its own."""

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pydicom
import pytest
from small_dicom import write_dicom

from radiolucent.core import Grid, Image, InputError
from radiolucent.phantom import lettered
from radiolucent.read import read
from radiolucent.write import write_series

RNG = np.random.default_rng(0)
GRID = Grid((3, 4, 6), "zyx", (2.5, 2.0, 1.0), None, (-10.0, 20.0, 30.5), ((0, 0, 1), (0, 1, 0), (1, 0, 0)))
KEY = b"k" * 32


def _back(folder):
    (case,) = read(folder, key=KEY)
    return case.images["image"]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
@pytest.mark.parametrize("flips", [(1, 1, 1), (-1, 1, 1), (1, -1, -1)])
def test_a_lettered_cube_comes_back_in_place(tmp_path, order, flips):
    cube = lettered(12)
    direction = tuple(tuple(s * v for v in cube.grid.direction[k]) for k, s in zip(order, flips, strict=True))
    turned = cube.with_array(cube.array, grid=replace(cube.grid, direction=direction), modality="CT", unit="HU")
    write_series(turned, tmp_path)
    back = _back(tmp_path)
    assert _placed(back) == _placed(turned)
    assert (back.modality, back.unit) == ("CT", "HU")


def _placed(image):
    index = np.argwhere(image.array)
    places = (image.grid.affine @ np.c_[index, np.ones(len(index))].T)[:3].T
    return {(*np.round(place, 3) + 0.0, int(image.array[tuple(k)])) for place, k in zip(places, index, strict=True)}


def test_a_tilted_gantry_stays_tilted(tmp_path):
    step = np.array([0, 0.3, 1.0])
    grid = replace(GRID, direction=(tuple(step / np.linalg.norm(step)), *GRID.direction[1:]))
    write_series(Image(np.zeros(GRID.shape, np.int16), grid, "CT", "HU"), tmp_path)
    np.testing.assert_allclose(_back(tmp_path).grid.affine, grid.affine, atol=1e-6)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint16])
def test_whole_numbers_of_sixteen_bits_come_back_exactly(tmp_path, kind):
    array = RNG.integers(0, 200, GRID.shape).astype(kind)
    write_series(Image(array, GRID, "MR"), tmp_path)
    np.testing.assert_array_equal(_back(tmp_path).array, array)


def test_fractions_come_back_to_a_part_in_sixty_thousand_of_their_range(tmp_path):
    array = RNG.normal(scale=1e-4, size=GRID.shape)
    write_series(Image(array, GRID, "MR"), tmp_path)
    assert np.abs(_back(tmp_path).array - array).max() <= 0.51 * np.ptp(array) / 65535 + 1e-9


def test_patient_study_and_frame_of_reference_stay_and_the_rest_is_new(tmp_path):
    like = write_dicom(
        tmp_path / "like.dcm", np.zeros((4, 6), np.int16), PatientAge="045Y", FrameOfReferenceUID="1.2.9", KVP="120",
        SeriesNumber=7, PatientName="Dörr^Jürgen", SpecificCharacterSet="ISO_IR 100", PatientPosition="HFS",
    )  # fmt: skip
    (tmp_path / "new").mkdir()
    files = write_series(Image(np.zeros(GRID.shape, np.int16), GRID, "CT", "HU"), tmp_path / "new", like=like)
    source, made = pydicom.dcmread(like), [pydicom.dcmread(file) for file in files]
    for word in (
        "PatientID",
        "PatientName",
        "PatientAge",
        "StudyInstanceUID",
        "FrameOfReferenceUID",
        "KVP",
        "PatientPosition",
    ):
        assert {str(one[word].value) for one in made} == {str(source[word].value)}
    assert {one.SeriesInstanceUID for one in made}.isdisjoint({source.SeriesInstanceUID})
    assert len({one.SOPInstanceUID for one in made}) == 3
    assert made[0].ImageType[:2] == ["DERIVED", "SECONDARY"]
    assert all(pydicom.uid.UID(one.SOPInstanceUID).is_valid for one in made)


def test_equal_images_of_one_source_get_equal_identifiers_and_others_others(tmp_path):
    uids = []
    for k, value in enumerate((0, 0, 1)):
        folder = tmp_path / str(k)
        folder.mkdir()
        file, *_ = write_series(Image(np.full(GRID.shape, value, np.int16), GRID, "CT"), folder)
        uids.append(pydicom.dcmread(file).SOPInstanceUID)
    assert uids[0] == uids[1] != uids[2]


def test_flat_pictures_and_colour_are_secondary_captures(tmp_path):
    rgb = RNG.integers(0, 255, (5, 7, 3)).astype(np.uint8)
    write_series(Image(rgb, Grid((5, 7), "yx")), tmp_path)
    back = _back(tmp_path)
    np.testing.assert_array_equal(back.array, rgb)
    assert back.grid.spacing_mm is None


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (Image(np.zeros((2, 3, 4), np.uint8), Grid((2, 3, 4), "tyx")), "time"),
        (Image(np.zeros((3, 4), np.complex64), Grid((3, 4), "yx")), "real"),
        (Image(np.zeros((2, 3, 4), np.uint8), Grid((2, 3, 4), "zyx", (1.0, 1.0, 1.0))), "without a place"),
        (Image(np.full((3, 4), np.nan), Grid((3, 4), "yx")), "finite"),
        (Image(np.zeros((3, 4, 3)), Grid((3, 4), "yx")), "three bytes"),
        (Image(np.zeros(GRID.shape), replace(GRID, direction=((0, 0, 1), (0.6, 0.8, 0), (1, 0, 0)))), "perpendicular"),
    ],
)
def test_what_a_series_cannot_hold_is_refused_and_nothing_is_written(tmp_path, image, words):
    with pytest.raises(InputError, match=words):
        write_series(image, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_source_that_is_no_dicom_is_named(tmp_path):
    with pytest.raises(InputError, match="no DICOM"):
        write_series(Image(np.zeros((3, 4), np.uint8), Grid((3, 4), "yx")), tmp_path, like=tmp_path)


@pytest.mark.parametrize("part", [None, "HEAD"])
@pytest.mark.parametrize("modality", ["CT", "MR", "OT"])
def test_an_independent_validator_finds_no_error(tmp_path, modality, part):
    if not shutil.which("dciodvfy"):
        pytest.skip("dciodvfy (dicom3tools) is not installed")
    array = RNG.integers(-500, 500, GRID.shape).astype(np.int16)
    like = write_dicom(tmp_path / "like" / "a.dcm", array[0], Modality=modality, BodyPartExamined=part)
    (tmp_path / "new").mkdir()
    for file in write_series(
        Image(array, GRID, modality, "HU" if modality == "CT" else "1"), tmp_path / "new", like=like
    ):
        done = subprocess.run(["dciodvfy", file], capture_output=True, text=True)
        assert not [line for line in done.stderr.splitlines() if line.startswith("Error")], done.stderr


@pytest.mark.parametrize("modality", ["MR", "CT"])
@pytest.mark.parametrize("times_s", [(0.0, 2.5, 5.0, 8.0), None])
def test_moments_in_time_come_back_in_order_with_their_times(tmp_path, modality, times_s):
    array = RNG.integers(-500, 500, (4, 3, 4, 6)).astype(np.int16)
    grid = Grid(array.shape, "tzyx", GRID.spacing_mm, times_s, GRID.origin_mm, GRID.direction)
    files = write_series(Image(array, grid, modality, "HU" if modality == "CT" else "1"), tmp_path)
    for number, file in enumerate(reversed(files)):
        file.rename(tmp_path / f"{number:02d}.dcm")
    back = _back(tmp_path)
    np.testing.assert_array_equal(back.array, array)
    assert back.grid == grid


def test_one_slice_in_time_comes_back(tmp_path):
    array = RNG.integers(0, 500, (5, 4, 6)).astype(np.int16)
    grid = Grid(array.shape, "tyx", (2.0, 1.0), (0.0, 0.1, 0.2, 0.3, 0.4), GRID.origin_mm, GRID.direction[1:])
    write_series(Image(array, grid, "MR"), tmp_path)
    back = _back(tmp_path)
    np.testing.assert_array_equal(back.array, array)
    assert back.grid.times_s == grid.times_s


def test_a_validator_finds_no_error_in_a_time_series(tmp_path):
    if not shutil.which("dciodvfy"):
        pytest.skip("dciodvfy (dicom3tools) is not installed")
    array = RNG.integers(0, 500, (2, 3, 4, 6)).astype(np.int16)
    grid = Grid(array.shape, "tzyx", GRID.spacing_mm, (0.0, 1.5), GRID.origin_mm, GRID.direction)
    for file in write_series(Image(array, grid, "MR"), tmp_path):
        done = subprocess.run(["dciodvfy", file], capture_output=True, text=True)
        assert not [line for line in done.stderr.splitlines() if line.startswith("Error")], done.stderr


def test_every_slice_names_all_instances_of_the_series_that_it_was_derived_from(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    image = Image(RNG.integers(0, 100, GRID.shape).astype(np.int16), GRID, "CT", "HU")
    sources = [pydicom.dcmread(path).SOPInstanceUID for path in write_series(image, first)]
    for path in write_series(image.with_array(image.array // 2), second, like=first):
        named = [one.ReferencedSOPInstanceUID for one in pydicom.dcmread(path).SourceImageSequence]
        assert named == sources
    (path, *_) = write_series(image.with_array(image.array // 3), second, like=first / "00002.dcm")
    assert [one.ReferencedSOPInstanceUID for one in pydicom.dcmread(path).SourceImageSequence] == [sources[1]]


def test_a_slice_of_a_long_series_names_the_sources_around_its_own_place(tmp_path, monkeypatch):
    monkeypatch.setattr("radiolucent.write.derived.MOST_NAMED", 2)
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    image = Image(RNG.integers(0, 100, GRID.shape).astype(np.int16), GRID, "CT", "HU")
    sources = [pydicom.dcmread(path).SOPInstanceUID for path in write_series(image, first)]
    for k, path in enumerate(write_series(image.with_array(image.array // 2), second, like=first)):
        named = [one.ReferencedSOPInstanceUID for one in pydicom.dcmread(path).SourceImageSequence]
        assert len(named) == 2
        assert sources[k] in named
