"""Masks keep the names that their programs gave them."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image, Mask, UnreadableError
from radiolucent.read import label_names, mask, masks
from radiolucent.write import write

GRID = Grid((2, 3, 4), "zyx", (3.0, 2.0, 1.0), None, (0.0, 0.0, 0.0), ((0, 0, 1), (0, 1, 0), (1, 0, 0)))
LABELS = np.arange(24, dtype=np.uint8).reshape(2, 3, 4) % 3
ITK_SNAP = """################################################
# ITK-SnAP Label Description File
# File format:
    0     0    0    0        0  0  0    "Clear Label"
    1   255    0    0        1  1  1    "left hippocampus"
    2     0  255    0      0.5  1  1    "right hippocampus"
    9     0  255    0        1  1  1    "absent here"
"""


def test_names_go_through_nrrd_as_segments_of_slicer(tmp_path):
    write(Mask(LABELS, GRID, {1: "liver", 2: "spleen"}), tmp_path / "a.seg.nrrd")
    back = mask(tmp_path / "a.seg.nrrd")
    assert dict(back.names) == {1: "liver", 2: "spleen"}
    assert back.grid == GRID
    np.testing.assert_array_equal(back.array, LABELS)


@pytest.mark.parametrize("name", ["a.nii.gz", "a.nrrd"])
def test_an_itk_snap_label_file_beside_the_mask_names_its_labels(tmp_path, name):
    write(Mask(LABELS, GRID), tmp_path / name)
    assert dict(mask(tmp_path / name).names) == {}
    (tmp_path / "a.txt").write_text(ITK_SNAP)
    assert dict(mask(tmp_path / name).names) == {1: "left hippocampus", 2: "right hippocampus"}


def test_a_note_beside_the_mask_is_no_label_file_but_one_that_was_named_must_be(tmp_path):
    write(Mask(LABELS, GRID), tmp_path / "a.nii.gz")
    (tmp_path / "a.txt").write_text("read me")
    assert dict(mask(tmp_path / "a.nii.gz").names) == {}
    for file, words in (("a.txt", "no ITK-SNAP"), ("none.txt", "does not exist")):
        with pytest.raises(UnreadableError, match=words):
            mask(tmp_path / "a.nii.gz", labels=tmp_path / file)
    (tmp_path / "other.txt").write_text(ITK_SNAP)
    assert len(mask(tmp_path / "a.nii.gz", labels=tmp_path / "other.txt").names) == 2


def test_label_files_name_every_label_but_the_background(tmp_path):
    (tmp_path / "a.label").write_text(ITK_SNAP)
    assert set(label_names(tmp_path / "a.label")) == {1, 2, 9}


def test_a_picture_of_fractions_or_colours_is_no_mask(tmp_path):
    write(Image(LABELS + 0.5, GRID), tmp_path / "a.nrrd")
    with pytest.raises(UnreadableError, match="fractions"):
        mask(tmp_path / "a.nrrd")


def test_a_picture_of_whole_numbers_is_one_mask(tmp_path):
    write(Image(LABELS.astype(np.float32) * 127.5, GRID), tmp_path / "a.nrrd")
    write(Image((LABELS > 0).astype(np.uint8) * 255, GRID), tmp_path / "b.nrrd")
    assert list(masks(tmp_path / "b.nrrd")) == ["mask"]
    assert mask(tmp_path / "b.nrrd").array.max() == 1
