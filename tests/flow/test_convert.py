"""From any form to any other, without losing what the other can hold."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from small_dicom import write_series

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.flow.convert import convert
from radiolucent.read import mask, read
from radiolucent.write import write

VOLUME = np.arange(60, dtype=np.int16).reshape(3, 4, 5) - 20
PLACES = [(1.0, 2.0, 3.0 * k) for k in range(3)]
KEY = b"k" * 32


@pytest.fixture
def series(tmp_path):
    return write_series(
        tmp_path / "s", VOLUME, places=PLACES, RescaleIntercept="-7", RescaleSlope="1", FrameOfReferenceUID="1.5"
    )


def _image(path):
    (case,) = read(path, key=KEY)
    return case.images["image"]


def test_there_and_back_through_every_form_is_the_same_picture_in_the_same_place(tmp_path, series):
    convert(series, tmp_path / "a.nii.gz")
    convert(tmp_path / "a.nii.gz", tmp_path / "a.nrrd")
    (tmp_path / "back").mkdir()
    convert(tmp_path / "a.nrrd", tmp_path / "back", like=series)
    first, last = _image(series), _image(tmp_path / "back")
    np.testing.assert_array_equal(last.array, first.array)
    np.testing.assert_allclose(last.grid.affine, first.grid.affine, atol=1e-5)


def test_a_series_made_from_dicom_keeps_its_patient_and_frame_of_reference(tmp_path, series):
    (tmp_path / "back").mkdir()
    convert(series, tmp_path / "back")
    old, new = (pydicom.dcmread(next(folder.iterdir())) for folder in (series, tmp_path / "back"))
    assert (new.PatientID, new.StudyInstanceUID, new.FrameOfReferenceUID) == ("P1", "1.2.3", "1.5")
    assert new.SeriesInstanceUID != old.SeriesInstanceUID
    assert new.RescaleType == "HU"


def test_one_of_several_is_chosen_by_name(tmp_path, series):
    write_series(series / "b", VOLUME + 1, places=PLACES, SeriesInstanceUID="1.2.9", SeriesNumber=2)
    with pytest.raises(InputError, match="--image with one of image, image_2"):
        convert(series, tmp_path / "a.nii")
    with pytest.raises(InputError, match="did you mean 'image_2'"):
        convert(series, tmp_path / "a.nii", name="image_3")
    convert(series, tmp_path / "a.nii", name="image_2")
    np.testing.assert_array_equal(_image(tmp_path / "a.nii").array, VOLUME + 1)


def test_one_slice_is_one_file_and_a_volume_is_not(tmp_path, series):
    write(Image(VOLUME[0], Grid((4, 5), "yx")), tmp_path / "flat.nrrd")
    convert(tmp_path / "flat.nrrd", tmp_path / "flat.dcm")
    np.testing.assert_array_equal(_image(tmp_path / "flat.dcm").array, VOLUME[0])
    with pytest.raises(InputError, match="3 slices"):
        convert(series, tmp_path / "a.dcm")
    assert not (tmp_path / "a.dcm").exists()


def test_masks_keep_their_names_and_are_no_series(tmp_path):
    grid = Grid((3, 4, 5), "zyx", (1.0, 1.0, 1.0), None, (0.0, 0.0, 0.0), ((0, 0, 1), (0, 1, 0), (1, 0, 0)))
    write(Mask((VOLUME > 0).astype(np.uint8), grid, {1: "liver"}), tmp_path / "a.seg.nrrd")
    convert(tmp_path / "a.seg.nrrd", tmp_path / "b.seg.nrrd")
    assert dict(mask(tmp_path / "b.seg.nrrd").names) == {1: "liver"}
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="mask"):
        convert(tmp_path / "a.seg.nrrd", tmp_path / "folder")


def test_labels_of_a_nifti_file_become_a_segmentation_of_the_series(tmp_path, series):
    convert(series, tmp_path / "a.nii.gz")
    image = _image(tmp_path / "a.nii.gz")
    write(Mask((image.array > 0).astype(np.uint8), image.grid), tmp_path / "m.nii.gz")
    line = '    1   255    0    0        1  1  1    "liver"\n'
    (tmp_path / "m.label").write_text("# ITK-SnAP Label Description File\n" + line)
    convert(tmp_path / "m.nii.gz", series / "seg.dcm", like=series, as_mask=True)
    (case,) = read(series, key=KEY)
    np.testing.assert_array_equal(case.masks["mask"].array, image.array > 0)
    assert dict(case.masks["mask"].names) == {1: "liver"}
    convert(series, tmp_path / "again.seg.nrrd", name="mask")
    assert dict(mask(tmp_path / "again.seg.nrrd").names) == {1: "liver"}


def test_a_segmentation_needs_its_series_and_is_one_file_without_a_codec(tmp_path, series):
    write(Mask((VOLUME > 0).astype(np.uint8), _image(series).grid), tmp_path / "m.nii.gz")
    with pytest.raises(InputError, match="--like"):
        convert(tmp_path / "m.nii.gz", tmp_path / "seg.dcm", as_mask=True)
    with pytest.raises(InputError, match="codec"):
        convert(tmp_path / "m.nii.gz", tmp_path / "seg.dcm", like=series, as_mask=True, codec="rle")
    with pytest.raises(InputError, match="no mask in"):
        convert(tmp_path / "m.nii.gz", tmp_path / "n.nii.gz", name="liver", as_mask=True)


def test_a_suffix_that_nobody_writes_is_refused_before_reading(tmp_path):
    with pytest.raises(InputError, match=r"no writer .*\.nrrd"):
        convert(tmp_path / "absent", tmp_path / "a.xyz")


def test_what_was_remarked_in_reading_is_told(tmp_path):
    write(Image(VOLUME[0], Grid((4, 5), "yx")), tmp_path / "a.nrrd")
    (remark,) = convert(tmp_path / "a.nrrd", tmp_path / "b.nrrd", spacing_mm=0.5)
    assert remark.startswith("info: The spacing 0.5 x 0.5 mm was given")


CT = Path(get_testdata_file("CT_small.dcm"))


@pytest.mark.parametrize("codec", ["j2k", "htj2k", "jpegls", "rle", "deflate"])
def test_dicom_is_compressed_without_loss(codec, tmp_path):
    convert(CT, tmp_path / "x.dcm", codec=codec)
    again = next(iter(read(tmp_path / "x.dcm")[0].images.values()))
    assert np.array_equal(again.array, next(iter(read(CT)[0].images.values())).array)


@pytest.mark.parametrize("codec", ["j2k", "htj2k", "jpegls", "jpeg"])
def test_lossy_dicom_is_a_new_derived_picture_that_says_so(codec, tmp_path):
    convert(CT, tmp_path / "x.dcm", codec=codec, ratio=6)
    made, source = pydicom.dcmread(tmp_path / "x.dcm"), pydicom.dcmread(CT)
    assert made.LossyImageCompression == "01"
    assert float(made.LossyImageCompressionRatio) >= 6
    assert made.ImageType[0] == "DERIVED"
    assert made.SOPInstanceUID != source.SOPInstanceUID
    assert made.SeriesInstanceUID != source.SeriesInstanceUID
    assert made.StudyInstanceUID == source.StudyInstanceUID
    assert made.SourceImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert "Lossy compression" in made.DerivationDescription
    before, after = (next(iter(read(path)[0].images.values())).array for path in (CT, tmp_path / "x.dcm"))
    assert np.abs(before.astype(float) - after).mean() < 30, "the intercept carries the shift"


def test_loss_of_the_source_stays_marked_in_what_is_derived(tmp_path):
    convert(CT, tmp_path / "once.dcm", codec="j2k", ratio=6)
    convert(tmp_path / "once.dcm", tmp_path / "plain.dcm")
    assert pydicom.dcmread(tmp_path / "plain.dcm").LossyImageCompression == "01"
    convert(tmp_path / "once.dcm", tmp_path / "twice.dcm", codec="jpegls", ratio=10)
    assert list(pydicom.dcmread(tmp_path / "twice.dcm").LossyImageCompressionMethod) == ["ISO_15444_1", "ISO_14495_1"]


def test_codecs_are_for_dicom_and_a_ratio_is_for_codecs(tmp_path):
    with pytest.raises(InputError, match="codecs compress DICOM"):
        convert(CT, tmp_path / "x.nii.gz", codec="j2k")
    with pytest.raises(InputError, match="say --codec"):
        convert(CT, tmp_path / "x.dcm", ratio=6)
    with pytest.raises(InputError, match="no transfer syntax"):
        convert(CT, tmp_path / "x.dcm", codec="png")
    assert not list(tmp_path.iterdir())
