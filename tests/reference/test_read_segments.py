"""DICOM SEG against pydicom's frames, on highdicom's test files."""

import numpy as np
import pydicom
import pytest
from shared import shared

from radiolucent.core import UnreadableError
from radiolucent.read import read

FOLDER = "reference/read-highdicom/test_files"


@pytest.mark.parametrize(
    "name", ["binary", "binary_fractional", "binary_overlap", "true_fractional", "binary_single_frame"]
)
def test_every_frame_is_a_slice_of_its_segments_mask(name):
    path = shared(FOLDER) / f"seg_image_ct_{name}.dcm"
    (case,) = read(path, key=b"k" * 32)
    dataset = pydicom.dcmread(path)
    frames = dataset.pixel_array.reshape(-1, dataset.Rows, dataset.Columns)
    half = (dataset.get("MaximumFractionalValue") or 1) / 2
    by_label = {label: mask for mask in case.masks.values() for label in mask.names}
    assert set(by_label) == {item.SegmentNumber for item in dataset.SegmentSequence}
    shared_groups = dataset.SharedFunctionalGroupsSequence[0]
    for frame, group in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        label = group.get("SegmentIdentificationSequence", shared_groups.get("SegmentIdentificationSequence"))
        mask = by_label[label[0].ReferencedSegmentNumber]
        place = (group.get("PlanePositionSequence") or shared_groups.PlanePositionSequence)[0].ImagePositionPatient
        ours = mask.array == label[0].ReferencedSegmentNumber
        if ours.ndim == 3:
            spots = [(mask.grid.affine @ [k, 0, 0, 1])[:3] for k in range(len(ours))]
            ours = ours[int(np.argmin(np.linalg.norm(np.subtract(spots, place), axis=1)))]
        np.testing.assert_array_equal(ours, frame >= half)


def test_tiles_of_slides_are_refused_by_name():
    for path in shared(FOLDER).glob("seg_image_sm_*.dcm"):
        with pytest.raises(UnreadableError, match="microscopy"):
            read(path)


def test_a_segmented_radiograph_is_a_flat_mask():
    (case,) = read(shared(FOLDER) / "seg_image_cr_binary.dcm")
    assert case.masks["mask"].grid.axes == "yx"
    assert dict(case.masks["mask"].names) == {1: "first segment"}
