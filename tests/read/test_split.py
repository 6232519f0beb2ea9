"""Echoes, b-values, components and time points that lie at one place become images of their own, or one in time."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from small_dicom import write_dicom, write_series

from radiolucent.core import UnreadableError
from radiolucent.read import read

RNG = np.random.default_rng(0)
VOLUME = RNG.integers(0, 1000, (3, 4, 6)).astype(np.uint16)
PLACES = [(0, 0, 2.5 * k) for k in range(3)]
KEY = b"k" * 32


def _case(folder):
    (case,) = read(folder, key=KEY)
    return case


def _write(folder, add, **elements):
    return write_series(folder, VOLUME + add, places=PLACES, **{"Modality": "MR", **elements})


@pytest.mark.parametrize(
    ("elements", "names"),
    [
        ([{"EchoTime": 30.0}, {"EchoTime": 4.5}], ["echo_2", "echo_1"]),
        ([{"DiffusionBValue": 0.0}, {"DiffusionBValue": 1000.0}], ["b_0", "b_1000"]),
        ([{"ImageType": ["ORIGINAL", "PRIMARY", part]} for part in "MP"], ["magnitude", "phase"]),
        ([{"InversionTime": 90.0}, {"InversionTime": 2500.0}], ["inversion_1", "inversion_2"]),
    ],
)
def test_what_differs_names_the_images(tmp_path, elements, names):
    for k, own in enumerate(elements):
        _write(tmp_path / "s" / str(k), k, **own)
    images = _case(tmp_path / "s").images
    assert sorted(images) == sorted(names)
    for k, name in enumerate(names):
        np.testing.assert_array_equal(images[name].array, VOLUME + k)
        assert images[name].grid.axes == "zyx"


def test_two_properties_give_two_words(tmp_path):
    for k, (part, echo) in enumerate([("M", 5.0), ("M", 9.0), ("P", 5.0), ("P", 9.0)]):
        _write(tmp_path / "s" / str(k), k, EchoTime=echo, ImageType=["ORIGINAL", "PRIMARY", part])
    assert sorted(_case(tmp_path / "s").images) == [
        "magnitude_echo_1", "magnitude_echo_2", "phase_echo_1", "phase_echo_2",
    ]  # fmt: skip


def test_a_property_that_varies_from_slice_to_slice_splits_nothing(tmp_path):
    for k in range(3):
        write_series(tmp_path / "s" / str(k), VOLUME[k : k + 1], places=PLACES[k : k + 1], EchoTime=5.0 + k)
    np.testing.assert_array_equal(_case(tmp_path / "s").images["image"].array, VOLUME)


@pytest.mark.parametrize(
    ("elements", "times_s"),
    [
        ([{"AcquisitionTime": f"1200{s:02d}.50"} for s in (8, 0, 2)], (0, 2, 8)),
        ([{"AcquisitionDate": "20200101", "AcquisitionTime": "235959"},
          {"AcquisitionDate": "20200102", "AcquisitionTime": "000001"}], (0, 2)),
        ([{"TriggerTime": 0.0}, {"TriggerTime": 40.0}, {"TriggerTime": 80.0}], (0, 0.04, 0.08)),
        ([{"TemporalPositionIdentifier": 2}, {"TemporalPositionIdentifier": 1}], None),
        ([{"FrameReferenceTime": 500.0}, {"FrameReferenceTime": 2500.0}], (0, 2)),
    ],
)  # fmt: skip
def test_places_that_repeat_in_time_are_one_image_in_time(tmp_path, elements, times_s):
    for k, own in enumerate(elements):
        _write(tmp_path / "s" / str(k), k, **own)
    image = _case(tmp_path / "s").images["image"]
    assert image.grid.axes == "tzyx"
    assert image.grid.times_s == (pytest.approx(times_s) if times_s else None)
    order = np.argsort([list(own.values()) for own in elements], axis=0)[:, 0]
    np.testing.assert_array_equal(image.array[:, 0], [VOLUME[0] + k for k in order])


def test_one_slice_that_repeats_is_a_film_with_a_place(tmp_path):
    for k in range(4):
        write_series(tmp_path / "s" / str(k), VOLUME[:1] + k, places=PLACES[:1], Modality="MR", TriggerTime=25.0 * k)
    grid = _case(tmp_path / "s").images["image"].grid
    assert (grid.axes, grid.shape, grid.origin_mm) == ("tyx", (4, 4, 6), (0, 0, 0))


def test_a_time_point_that_lacks_a_slice_is_refused(tmp_path):
    for k in range(2):
        _write(tmp_path / "s" / str(k), k, TemporalPositionIdentifier=k + 1)
    (tmp_path / "s" / "1" / "001.dcm").unlink()
    with pytest.raises(UnreadableError, match="not complete"):
        read(tmp_path / "s", key=KEY)


def test_copies_are_refused_because_nothing_tells_them_apart(tmp_path):
    for k in range(2):
        _write(tmp_path / "s" / str(k), 0)
    with pytest.raises(UnreadableError, match="copies"):
        read(tmp_path / "s", key=KEY)


def _item(keyword, **elements):
    inner, outer = Dataset(), Dataset()
    for name, value in elements.items():
        setattr(inner, name, value)
    setattr(outer, keyword, [inner])
    return outer


def _frame(height, **groups):
    made = _item("PlanePositionSequence", ImagePositionPatient=[0, 0, height])
    for keyword, elements in groups.items():
        made.update(_item(keyword, **elements))
    return made


def _enhanced(path, frames, **elements):
    shared = _item("PixelMeasuresSequence", PixelSpacing=[0.5, 0.25])
    shared.update(_item("PlaneOrientationSequence", ImageOrientationPatient=[1, 0, 0, 0, 1, 0]))
    stored = np.stack([np.full((4, 6), k, np.uint16) for k in range(len(frames))])
    groups = {"SharedFunctionalGroupsSequence": [shared], "PerFrameFunctionalGroupsSequence": frames}
    return write_dicom(path, stored, **{"Modality": "MR", **elements}, **groups)


def test_enhanced_echoes_are_split_frame_by_frame(tmp_path):
    frames = [_frame(z, MREchoSequence={"EffectiveEchoTime": t}) for t in (8.0, 3.0) for z in (0, 2, 4)]
    images = _case(_enhanced(tmp_path / "a.dcm", frames)).images
    np.testing.assert_array_equal(images["echo_1"].array[:, 0, 0], [3, 4, 5])
    np.testing.assert_array_equal(images["echo_2"].array[:, 0, 0], [0, 1, 2])


def test_enhanced_time_points_are_in_order_with_their_times(tmp_path):
    frames = [
        _frame(z, FrameContentSequence={"TemporalPositionIndex": t, "FrameAcquisitionDateTime": f"2020010112000{t}.5"})
        for z in (2, 0)
        for t in (3, 1)
    ]
    image = _case(_enhanced(tmp_path / "a.dcm", frames)).images["image"]
    np.testing.assert_array_equal(image.array[..., 0, 0], [[3, 1], [2, 0]])
    assert image.grid.times_s == (0, 2)


def test_enhanced_frames_are_rescaled_each_by_its_own_line(tmp_path):
    frames = [
        _frame(
            z,
            PixelValueTransformationSequence={"RescaleSlope": 2.0, "RescaleIntercept": -100.0 * z, "RescaleType": "HU"},
        )
        for z in (0, 1, 2)
    ]
    image = _case(_enhanced(tmp_path / "a.dcm", frames, Modality="CT")).images["image"]
    assert image.unit == "HU"
    np.testing.assert_array_equal(image.array[:, 0, 0], [0, 2 - 100, 4 - 200])
