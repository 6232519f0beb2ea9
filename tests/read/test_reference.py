"""One reference, one picture."""

import nibabel
import numpy as np
import pytest
from PIL import Image as Pillow
from small_dicom import write_dicom

from radiolucent.core import InputError, UnreadableError
from radiolucent.read import pixels


def test_a_path_is_a_reference(tmp_path):
    Pillow.fromarray(np.eye(5, dtype=np.uint8)).save(tmp_path / "a.png")
    np.testing.assert_array_equal(pixels(str(tmp_path / "a.png")).array, np.eye(5))


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_volume_of_one_slice_is_a_picture_in_its_place(tmp_path, axis):
    shape = [7, 6, 5]
    shape[axis] = 1
    values = np.arange(np.prod(shape), dtype=np.int16).reshape(shape)
    nibabel.save(nibabel.Nifti1Image(values, np.diag([2.0, 3.0, 4.0, 1.0])), tmp_path / "a.nii")
    image = pixels(tmp_path / "a.nii")
    np.testing.assert_array_equal(image.array, np.squeeze(values.T))
    assert image.grid.spacing_mm == tuple(s for k, s in reversed(list(enumerate((2.0, 3.0, 4.0)))) if k != axis)


def test_volumes_and_videos_are_refused_with_their_size(tmp_path):
    nibabel.save(nibabel.Nifti1Image(np.zeros((4, 5, 6), np.int16), np.eye(4)), tmp_path / "a.nii")
    with pytest.raises(UnreadableError, match=r"volume or video \(zyx: 6 x 5 x 4\)"):
        pixels(tmp_path / "a.nii")
    with pytest.raises(UnreadableError, match="volume or video"):
        pixels(write_dicom(tmp_path / "a.dcm", np.zeros((3, 4, 4), np.uint8), Modality="US", FrameTime="40"))


def test_several_images_are_refused(tmp_path):
    for name in "ab":
        write_dicom(tmp_path / "s" / name, np.zeros((4, 4), np.uint8), Modality="DX")
    with pytest.raises(InputError, match="holds 2 images, one is needed"):
        pixels(tmp_path / "s")
