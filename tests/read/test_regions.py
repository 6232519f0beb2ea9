"""SEG and RTSTRUCT become masks on the grid of the image they were drawn on."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import pack_bits
from small_dicom import write_dicom, write_series

from radiolucent.core import UnreadableError
from radiolucent.read import read

KEY = b"k" * 32
VOLUME = np.zeros((4, 8, 8), np.uint16)
PLACES = [(10.0, 20.0, 3.0 * k) for k in range(4)]
TRUTH = np.zeros((2, 4, 8, 8), bool)
TRUTH[0, 1:3, 2:5, 1:4] = True
TRUTH[1, 2:4, 4:8, 3:6] = True


def _items(**elements):
    made = Dataset()
    for name, value in elements.items():
        setattr(made, name, value)
    return [made]


def _seg(path, regions, *, labels=("liver", "tumour"), **elements):
    """Frames of what is not empty, last slice first."""
    at = [(n, k) for n in range(len(regions)) for k in reversed(range(4)) if regions[n, k].any()]
    frames = [
        _items(
            PlanePositionSequence=_items(ImagePositionPatient=list(PLACES[k])),
            SegmentIdentificationSequence=_items(ReferencedSegmentNumber=n + 1),
        )[0]
        for n, k in at
    ]
    shared = _items(
        PixelMeasuresSequence=_items(PixelSpacing=[2.0, 3.0]),
        PlaneOrientationSequence=_items(ImageOrientationPatient=[1, 0, 0, 0, 1, 0]),
    )
    stored = np.stack([regions[n, k] for n, k in at]).astype(np.uint8)
    defaults = {
        "Modality": "SEG", "SegmentationType": "BINARY", "BitsAllocated": 1, "BitsStored": 1, "HighBit": 0,
        "PixelData": pack_bits(stored), "SharedFunctionalGroupsSequence": shared, "PerFrameFunctionalGroupsSequence": frames,
        "SegmentSequence": [_items(SegmentNumber=k, SegmentLabel=name)[0] for k, name in enumerate(labels, start=1)],
        "SeriesInstanceUID": "1.9", "SeriesNumber": 9,
    }  # fmt: skip
    return write_dicom(path, stored, **{**defaults, **elements})


def _case(path):
    (case,) = read(path, key=KEY)
    return case


def test_a_segmentation_lies_on_the_grid_of_the_image_beside_it(tmp_path):
    write_series(tmp_path / "s", VOLUME, places=PLACES)
    apart = TRUTH & ~TRUTH[::-1]
    _seg(tmp_path / "s" / "seg.dcm", apart)
    case = _case(tmp_path / "s")
    (mask,) = case.masks.values()
    assert mask.grid is case.images["image"].grid or mask.grid == case.images["image"].grid
    assert dict(mask.names) == {1: "liver", 2: "tumour"}
    np.testing.assert_array_equal(mask.array, apart[0] + 2 * apart[1])


def test_segments_that_overlap_are_several_masks(tmp_path):
    write_series(tmp_path / "s", VOLUME, places=PLACES)
    _seg(tmp_path / "s" / "seg.dcm", TRUTH)
    masks = _case(tmp_path / "s").masks
    assert [dict(mask.names) for mask in masks.values()] == [{1: "liver"}, {2: "tumour"}]
    for label, (mask, truth) in enumerate(zip(masks.values(), TRUTH, strict=True), start=1):
        np.testing.assert_array_equal(mask.array, label * truth)


def test_a_segmentation_alone_has_a_grid_of_its_own_which_fits_the_image(tmp_path):
    grid = _case(write_series(tmp_path / "s", VOLUME, places=PLACES)).images["image"].grid
    (mask,) = _case(_seg(tmp_path / "seg.dcm", TRUTH[:1], labels=("liver",))).masks.values()
    assert mask.grid.spacing_mm == grid.spacing_mm
    assert mask.grid.origin_mm == PLACES[1]
    np.testing.assert_array_equal(mask.array, TRUTH[0, 1:3])


def test_probabilities_count_from_one_half(tmp_path):
    stored = np.where(TRUTH[0, 1:3], 128, 127).astype(np.uint8)
    path = _seg(
        tmp_path / "seg.dcm", TRUTH[:1], labels=("liver",), SegmentationType="FRACTIONAL", MaximumFractionalValue=255,
        BitsAllocated=8, BitsStored=8, HighBit=7, PixelData=stored[::-1].tobytes(),
    )  # fmt: skip
    (mask,) = _case(path).masks.values()
    np.testing.assert_array_equal(mask.array, TRUTH[0, 1:3])


def test_a_labelmap_holds_its_labels_as_values(tmp_path):
    stored = np.where(TRUTH[0, 1:3], 2, 0).astype(np.uint8)
    path = _seg(
        tmp_path / "seg.dcm", TRUTH[:1], SegmentationType="LABELMAP", BitsAllocated=8, BitsStored=8, HighBit=7,
        PixelData=stored[::-1].tobytes(),
    )  # fmt: skip
    (mask,) = _case(path).masks.values()
    assert dict(mask.names) == {2: "tumour"}
    np.testing.assert_array_equal(mask.array, 2 * TRUTH[0, 1:3])


def test_a_segmentation_in_which_nothing_was_found_is_an_empty_mask(tmp_path):
    (mask,) = _case(_seg(tmp_path / "seg.dcm", TRUTH[:1], PixelData=bytes(32))).masks.values()
    assert not mask.array.any()


def _structures(path, contours, kind="CLOSED_PLANAR"):
    rois = [_items(ROINumber=number, ROIName=name)[0] for number, name in ((1, "ring"), (2, "lid"))]
    drawn = [
        _items(
            ReferencedROINumber=number,
            ContourSequence=[
                _items(ContourGeometricType=kind, ContourData=np.ravel(points).tolist())[0] for points in polygons
            ],
        )[0]
        for number, polygons in contours.items()
    ]
    return write_dicom(
        path, VOLUME[0], PixelData=None, Modality="RTSTRUCT", StructureSetROISequence=rois, ROIContourSequence=drawn,
        SeriesInstanceUID="1.8",
    )  # fmt: skip


def _box(slice_, low, high):
    """The border around the centres of samples `low` to `high` in both directions."""
    (x, y, z), ends = (
        PLACES[slice_],
        ((low - 0.5, low - 0.5), (low - 0.5, high + 0.5), (high + 0.5, high + 0.5), (high + 0.5, low - 0.5)),
    )
    return [(x + 3.0 * j, y + 2.0 * i, z) for i, j in ends]


def test_contours_fill_the_samples_whose_centres_they_enclose(tmp_path):
    write_series(tmp_path / "s", VOLUME, places=PLACES)
    _structures(tmp_path / "s" / "rt.dcm", {1: [_box(1, 1, 6), _box(1, 3, 4)], 2: [_box(1, 0, 1), _box(2, 5, 7)]})
    ring, lid = _case(tmp_path / "s").masks.values()
    truth = np.zeros((4, 8, 8), bool)
    truth[1, 1:7, 1:7] = True
    truth[1, 3:5, 3:5] = False
    assert (dict(ring.names), dict(lid.names)) == ({1: "ring"}, {2: "lid"})
    np.testing.assert_array_equal(ring.array, truth)
    assert lid.array[1, :2, :2].all()
    assert lid.array[2, 5:, 5:].all()
    assert (lid.array == 2).sum() == 4 + 9


def test_a_disc_has_the_area_of_its_circle(tmp_path):
    write_series(
        tmp_path / "s",
        np.zeros((3, 100, 100), np.uint16),
        places=[(0, 0, 3.0 * k) for k in range(3)],
        PixelSpacing=[1, 1],
    )
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    circle = np.c_[50 + 30 * np.cos(angle), 50 + 30 * np.sin(angle), np.full(400, 3.0)]
    _structures(tmp_path / "s" / "rt.dcm", {1: [circle]})
    (mask,) = _case(tmp_path / "s").masks.values()
    assert mask.array.sum() == pytest.approx(np.pi * 900, rel=0.01)


def test_contours_without_their_images_are_refused(tmp_path):
    with pytest.raises(UnreadableError, match="images it was drawn on"):
        read(_structures(tmp_path / "rt.dcm", {1: [_box(1, 1, 6)]}), key=KEY)


def test_contours_that_fit_no_image_leave_a_blocking_finding(tmp_path):
    write_series(tmp_path / "s", VOLUME, places=PLACES)
    _structures(tmp_path / "s" / "rt.dcm", {1: [np.add(_box(1, 1, 6), (0, 0, 500))]})
    case = _case(tmp_path / "s")
    assert not case.masks
    assert case.findings[0].severity == "block"
