"""Folders of DICOM files: sorted by place, split where they do not belong together, refused where they lie."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from small_dicom import write_dicom, write_series

from radiolucent.core import InputError, UnreadableError
from radiolucent.read import read

RNG = np.random.default_rng(0)
VOLUME = RNG.integers(0, 1000, (5, 4, 6)).astype(np.uint16)
KEY = b"k" * 32


def _places(step, count=5, start=(10.0, -20.0, 30.0)):
    return [np.add(start, np.multiply(step, k)) for k in range(count)]


def _only(folder):
    (case,) = read(folder, key=KEY)
    assert list(case.images) == ["image"]
    return case.images["image"]


def test_slices_are_sorted_by_place_and_not_by_name_or_number(tmp_path):
    image = _only(write_series(tmp_path / "s", VOLUME, places=_places((0, 0, 2.5)), order=[3, 0, 4, 1, 2]))
    np.testing.assert_array_equal(image.array, VOLUME)
    assert image.grid.spacing_mm == (2.5, 2.0, 3.0)
    assert image.grid.origin_mm == (10, -20, 30)
    assert image.grid.direction == ((0, 0, 1), (0, 1, 0), (1, 0, 0))


def test_a_tilted_gantry_stays_in_the_grid_as_shear(tmp_path):
    places = _places((0, 1.0, 3.0))
    grid = _only(write_series(tmp_path / "s", VOLUME, places=places)).grid
    for k, place in enumerate(places):
        np.testing.assert_allclose(grid.affine @ [k, 0, 0, 1], [*place, 1], atol=1e-9)


def test_every_voxel_lies_where_its_own_header_says(tmp_path):
    turn = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
    right, down, normal = turn[:, 0], turn[:, 1], np.cross(turn[:, 0], turn[:, 1])
    places = _places(normal * 4)
    axes = [float(v) for v in (*right, *down)]
    grid = _only(write_series(tmp_path / "s", VOLUME, places=places, ImageOrientationPatient=axes)).grid
    for k, i, j in [(0, 0, 0), (4, 3, 5), (2, 1, 4)]:
        there = places[k] + down * i * 2.0 + right * j * 3.0
        np.testing.assert_allclose((grid.affine @ [k, i, j, 1])[:3], there, atol=1e-5)


def test_a_missing_slice_is_refused_and_not_averaged(tmp_path):
    folder = write_series(tmp_path / "s", VOLUME, places=_places((0, 0, 2.5)))
    (folder / "002.dcm").unlink()
    with pytest.raises(UnreadableError, match=r"unevenly spaced \(2\.50 to 5\.00 mm\)"):
        read(folder)


def test_two_slices_at_one_place_are_refused(tmp_path):
    places = _places((0, 0, 2.5))
    places[3] = places[2]
    with pytest.raises(UnreadableError, match="lie where another one lies"):
        read(write_series(tmp_path / "s", VOLUME, places=places))


def test_a_folder_of_two_series_gives_two_images_of_one_case(tmp_path):
    write_series(tmp_path / "s" / "a", VOLUME, places=_places((0, 0, 1)), SeriesInstanceUID="1.1", SeriesNumber=1)
    write_series(tmp_path / "s" / "b", VOLUME + 1, places=_places((0, 0, 1)), SeriesInstanceUID="1.2", SeriesNumber=2)
    (case,) = read(tmp_path / "s", key=KEY)
    assert list(case.images) == ["image", "image_2"]
    np.testing.assert_array_equal(case.images["image_2"].array, VOLUME + 1)


def test_orientations_in_one_series_are_split(tmp_path):
    write_series(tmp_path / "s" / "a", VOLUME, places=_places((0, 0, 1)))
    write_series(tmp_path / "s" / "b", VOLUME, places=_places((0, 1, 0)), ImageOrientationPatient=[1, 0, 0, 0, 0, -1])
    (case,) = read(tmp_path / "s", key=KEY)
    assert sorted(case.images) == ["axial", "coronal"]


def test_a_bad_series_beside_a_good_one_is_left_out_with_a_blocking_finding(tmp_path):
    write_series(tmp_path / "s" / "a", VOLUME, places=_places((0, 0, 1)), SeriesInstanceUID="1.1", SeriesNumber=1)
    write_series(tmp_path / "s" / "b", VOLUME, places=[(0, 0, 0)] * 5, SeriesInstanceUID="1.2", SeriesNumber=2)
    (case,) = read(tmp_path / "s", key=KEY)
    assert list(case.images) == ["image"]
    assert [(finding.code, finding.severity) for finding in case.findings] == [("series.refused", "block")]


def test_two_patients_are_two_cases_with_keys_that_tell_nothing(tmp_path):
    write_dicom(tmp_path / "s" / "a.dcm", VOLUME[0], PatientID="Anna", StudyInstanceUID="1")
    write_dicom(tmp_path / "s" / "b.dcm", VOLUME[1], PatientID="Bert", StudyInstanceUID="2")
    cases = read(tmp_path / "s", key=KEY)
    assert len({case.key for case in cases}) == 2
    assert not any("Anna" in repr(case) or "Bert" in repr(case) for case in cases)


def test_a_bad_examination_among_good_ones_is_a_case_with_a_blocking_finding_and_no_image(tmp_path):
    places = _places((0, 0, 1))
    write_series(tmp_path / "s" / "a", VOLUME, places=places, PatientID="Anna", StudyInstanceUID="1.1")
    write_series(tmp_path / "s" / "b", VOLUME, places=[(0, 0, 0)] * 5, PatientID="Bert", StudyInstanceUID="1.2")
    good, bad = read(tmp_path / "s", key=KEY)
    assert (len(good.images), good.findings) == (1, ())
    assert (len(bad.images), [finding.severity for finding in bad.findings]) == (0, ["block"])


def test_pictures_without_a_place_stay_single_and_keep_their_spacing(tmp_path):
    write_dicom(tmp_path / "s" / "a.dcm", VOLUME[0], Modality="DX", ImagerPixelSpacing=[0.14, 0.14], ViewPosition="PA")
    write_dicom(tmp_path / "s" / "b.dcm", VOLUME[1], Modality="DX", ImagerPixelSpacing=[0.14, 0.14], ViewPosition="LL")
    (case,) = read(tmp_path / "s", key=KEY)
    grid = case.images["image"].grid
    assert len(case.images) == 2
    assert (grid.axes, grid.spacing_mm, grid.origin_mm) == ("yx", (0.14, 0.14), None)
    assert "view" not in case.facts
    assert [finding.code for finding in case.findings] == ["spacing.detector"]


def test_a_cine_is_frames_in_time(tmp_path):
    write_dicom(tmp_path / "a.dcm", VOLUME.astype(np.uint8), Modality="US", FrameTime="50")
    image = _only(tmp_path / "a.dcm")
    assert image.grid.axes == "tyx"
    assert image.grid.times_s == pytest.approx((0, 0.05, 0.1, 0.15, 0.2))


def test_a_dose_states_the_height_of_its_frames(tmp_path):
    axes = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "ImagePositionPatient": [1, 2, 3], "PixelSpacing": [2, 2]}
    heights = {"GridFrameOffsetVector": [0, 4, 8, 12, 16], "Modality": "RTDOSE"}
    image = _only(write_dicom(tmp_path / "a.dcm", VOLUME, **axes, **heights))
    assert (image.grid.axes, image.grid.spacing_mm, image.grid.origin_mm) == ("zyx", (4, 2, 2), (1, 2, 3))


def test_frames_of_which_only_the_first_is_placed_have_no_place(tmp_path):
    axes = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "ImagePositionPatient": [1, 2, 3]}
    grid = _only(write_dicom(tmp_path / "a.dcm", VOLUME, Modality="XA", **axes)).grid
    assert (grid.axes, grid.origin_mm) == ("tyx", None)


def test_enhanced_frames_lie_where_each_says(tmp_path):
    def item(keyword, **elements):
        inner, outer = Dataset(), Dataset()
        for name, value in elements.items():
            setattr(inner, name, value)
        setattr(outer, keyword, [inner])
        return outer

    shared = item("PixelMeasuresSequence", PixelSpacing=[0.5, 0.25])
    shared.update(item("PlaneOrientationSequence", ImageOrientationPatient=[1, 0, 0, 0, 1, 0]))
    frames = [item("PlanePositionSequence", ImagePositionPatient=[0, 0, 3 * k]) for k in (4, 2, 0, 1, 3)]
    groups = {"SharedFunctionalGroupsSequence": [shared], "PerFrameFunctionalGroupsSequence": frames}
    image = _only(write_dicom(tmp_path / "a.dcm", VOLUME, **groups))
    np.testing.assert_array_equal(image.array, VOLUME[[2, 3, 1, 4, 0]])
    assert image.grid.spacing_mm == (3, 0.5, 0.25)


def test_reports_and_notes_among_the_pictures_are_passed_over(tmp_path):
    folder = write_series(tmp_path / "s", VOLUME, places=_places((0, 0, 1)))
    write_dicom(folder / "report.dcm", VOLUME[0], PixelData=None, Modality="SR")
    (folder / "README.txt").write_text("exported on Monday")
    np.testing.assert_array_equal(_only(folder).array, VOLUME)


def test_a_damaged_slice_is_named(tmp_path):
    folder = write_series(tmp_path / "s", VOLUME, places=_places((0, 0, 1)))
    (folder / "003.dcm").write_bytes((folder / "003.dcm").read_bytes()[:-10])
    with pytest.raises(UnreadableError, match=r"003\.dcm is truncated"):
        read(folder)


def test_spacing_cannot_be_given_for_several_images_at_once(tmp_path):
    write_dicom(tmp_path / "s" / "a.dcm", VOLUME[0], Modality="DX")
    write_dicom(tmp_path / "s" / "b.dcm", VOLUME[1], Modality="DX")
    with pytest.raises(InputError, match="2 images at once"):
        read(tmp_path / "s", spacing_mm=1.0)


def test_spacing_that_contradicts_the_file_is_used_and_warned_of(tmp_path):
    (case,) = read(write_dicom(tmp_path / "a.dcm", VOLUME[0], Modality="DX", PixelSpacing=[1, 1]), spacing_mm=0.5)
    assert case.images["image"].grid.spacing_mm == (0.5, 0.5)
    assert case.findings[-1].severity == "warn"
    assert "1 x 1 mm" in case.findings[-1].says


def test_every_slice_is_rescaled_by_its_own_line(tmp_path):
    """As PET is stored: the slope follows the activity of each slice."""
    volume = np.full((4, 5, 6), 100, np.uint16)
    for k in range(4):
        place = {"ImagePositionPatient": [0, 0, 3.0 * k], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
        line = {"RescaleSlope": str(k + 0.5), "RescaleIntercept": str(-k), "Modality": "PT", "Units": "BQML"}
        write_dicom(tmp_path / f"{9 - k}.dcm", volume[k], PixelSpacing=[2.0, 3.0], **place, **line)
    (case,) = read(tmp_path, key=b"k" * 32)
    (image,) = case.images.values()
    np.testing.assert_allclose(image.array[:, 0, 0], [50, 149, 248, 347])
    assert image.unit == "Bq/ml"
