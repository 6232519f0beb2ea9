"""Boxes made black in every encoding, and all else left as it was."""

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, RLELossless
from small_dicom import dataset

from radiolucent.deid.blanking import black, blank
from radiolucent.dicom import stored_values
from radiolucent.kernels.lettering import Box

BOX = Box(4, 6, 12, 20)


def picture(dtype=np.uint16, frames=1, colours=0, seed=0):
    shape = (frames, 16, 24) + ((colours,) if colours else ())
    return np.random.default_rng(seed).integers(10, 200, shape).astype(dtype)


def colour(stored, **elements):
    elements = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0, **elements}
    made = dataset(stored[..., 0], **elements)
    made.PixelData = np.ascontiguousarray(stored).tobytes()
    return made


def outcome(made):
    """Decoded before and after, the inside of the box and the outside of it."""
    before = stored_values("phantom", made)
    blank(made, [BOX], before)
    after = stored_values("phantom", made)
    inside = np.zeros(before.shape[1:3], bool)
    inside[BOX.top : BOX.bottom, BOX.left : BOX.right] = True
    assert np.array_equal(before[:, ~inside], after[:, ~inside])
    return after[:, inside], before


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16, np.uint32])
@pytest.mark.parametrize("frames", [1, 3])
def test_grey_becomes_its_least_value(dtype, frames):
    made = dataset(picture(dtype, frames) if frames > 1 else picture(dtype)[0])
    inside, before = outcome(made)
    assert np.all(inside == before.min())


def test_white_is_low_so_black_is_the_greatest_value():
    inside, before = outcome(dataset(picture()[0], PhotometricInterpretation="MONOCHROME1"))
    assert np.all(inside == before.max())


@pytest.mark.parametrize("planar", [0, 1])
def test_colour_becomes_black_in_either_order_of_planes(planar):
    stored = picture(np.uint8, 2, 3)
    made = colour(stored, PlanarConfiguration=planar)
    if planar:
        made.PixelData = np.ascontiguousarray(np.moveaxis(stored, -1, 1)).tobytes()
    inside, before = outcome(made)
    assert np.array_equal(before, stored)
    assert not inside.any()


def test_ybr_becomes_black_and_keeps_its_samples():
    made = colour(picture(np.uint8, 1, 3), PhotometricInterpretation="YBR_FULL")
    raw = np.frombuffer(made.PixelData, np.uint8).reshape(16, 24, 3)
    inside, _ = outcome(made)
    after = np.frombuffer(made.PixelData, np.uint8).reshape(16, 24, 3)
    assert not inside.any()
    assert made.PhotometricInterpretation == "YBR_FULL"
    assert np.array_equal(raw[:4], after[:4])


def test_a_palette_gives_its_darkest_entry():
    stored = picture(np.uint8)[0]
    made = dataset(stored, PhotometricInterpretation="PALETTE COLOR")
    ramp = np.abs(np.arange(256) - 77).astype("<u2") * 200
    for word in ("Red", "Green", "Blue"):
        setattr(made, f"{word}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(made, f"{word}PaletteColorLookupTableData", ramp.tobytes())
    assert np.all(outcome(made)[0] == 77)


def test_lifted_bits_keep_what_lies_below_them():
    made = dataset((picture() << 4).astype(np.uint16)[0], BitsStored=12, HighBit=15)
    inside, before = outcome(made)
    assert np.all(inside == before.min())


def test_single_bits_are_packed_again():
    bits = (picture() % 2).astype(np.uint8)[0]
    made = dataset(bits, BitsAllocated=1, BitsStored=1, HighBit=0)
    made.PixelData = np.packbits(bits.ravel(), bitorder="little").tobytes()
    assert not outcome(made)[0].any()


def test_run_lengths_are_left_uncompressed():
    stored = picture(np.uint8)[0]
    made = dataset(stored)
    made.compress(RLELossless)
    _, before = outcome(made)
    assert np.array_equal(before[0], stored)
    assert made.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert "LossyImageCompression" not in made


def test_big_endian_becomes_little():
    made = dataset(picture()[0])
    made.PixelData = picture()[0].astype(">u2").tobytes()
    made.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    inside, before = outcome(made)
    assert np.array_equal(before[0], picture()[0])
    assert np.all(inside == before.min())


def test_what_is_kept_beside_big_endian_pixels_is_turned_too(tmp_path):
    made = dataset(picture()[0], SmallestImagePixelValue=258)
    made.PixelData = picture()[0].astype(">u2").tobytes()
    table = Dataset()
    table.LUTDescriptor = [4, 0, 16]
    table.add_new("LUTData", "OW", np.array([1, 2, 300, 4], ">u2").tobytes())
    made.VOILUTSequence = [table]
    made.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    made.save_as(tmp_path / "big.dcm", enforce_file_format=True)
    read = pydicom.dcmread(tmp_path / "big.dcm")
    outcome(read)
    read.save_as(tmp_path / "little.dcm", enforce_file_format=True)
    again = pydicom.dcmread(tmp_path / "little.dcm")
    assert again.SmallestImagePixelValue == 258
    assert np.frombuffer(again.VOILUTSequence[0].LUTData, "<u2").tolist() == [1, 2, 300, 4]
    assert np.array_equal(again.pixel_array[12:], picture()[0][12:])


def test_loss_of_the_original_is_said():
    import cv2

    jpeg = cv2.imencode(".jpg", picture(np.uint8)[0])[1].tobytes()
    made = dataset(picture(np.uint8)[0])
    made.PixelData = encapsulate([jpeg])
    made["PixelData"].is_undefined_length = True
    made.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.50"
    outcome(made)
    assert made.LossyImageCompression == "01"
    assert made.LossyImageCompressionMethod == "ISO_10918_1"


def test_without_boxes_nothing_is_touched():
    made = dataset(picture()[0])
    content = made.PixelData
    blank(made, [], stored_values("phantom", made))
    assert made.PixelData is content


def test_black_of_a_signed_picture_is_its_own_least_value():
    stored = picture(np.int16) - 1100
    assert black(dataset(stored[0]), stored) == stored.min()
