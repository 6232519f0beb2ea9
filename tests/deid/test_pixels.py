"""Text burnt into a file is made black, and the file says so."""

from io import BytesIO

import cv2
import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)
from rendered_text import rendered
from small_dicom import dataset

from radiolucent.core import UnreadableError
from radiolucent.deid.pixels import CLEAN_PIXEL_DATA, add_method, clean, find
from radiolucent.dicom import stored_values
from radiolucent.kernels.lettering import Box, covered


def written(frames=1, dtype=np.uint16, scale=8):
    noise = np.random.default_rng(0).normal(100, 6, (frames, 120, 200))
    ink = rendered("ROE^RICHARD", None, 18)
    mask = np.zeros((120, 200), bool)
    mask[50 : 50 + ink.shape[0], 20 : 20 + ink.shape[1]] = ink > 0.3
    noise[:, mask] = 250
    return (noise.clip(0, 255) * scale).astype(dtype), mask


@pytest.mark.parametrize("frames", [1, 5])
def test_text_becomes_black_and_nothing_else_changes(frames):
    stored, ink = written(frames)
    made = clean(dataset(stored if frames > 1 else stored[0], BurnedInAnnotation="YES"))
    after = stored_values("phantom", made.dataset)
    inside = np.zeros(ink.shape, bool)
    for box in made.boxes:
        inside[box.top : box.bottom, box.left : box.right] = True
    assert inside[ink].mean() > 0.9
    assert np.array_equal(after[:, ~inside], stored[:, ~inside])
    assert np.all(after[:, inside] == stored.min())


def test_the_file_says_what_was_done_once():
    made = clean(clean(dataset(written()[0][0])).dataset).dataset
    assert made.BurnedInAnnotation == "NO"
    items = made.DeidentificationMethodCodeSequence
    assert [(item.CodeValue, item.CodingSchemeDesignator) for item in items] == [("113101", "DCM")]


def test_other_methods_are_kept():
    made = dataset(written()[0][0])
    add_method(made, ("113100", "Basic Application Confidentiality Profile"))
    add_method(made, CLEAN_PIXEL_DATA)
    assert [item.CodeValue for item in made.DeidentificationMethodCodeSequence] == ["113100", "113101"]


def test_boxes_of_the_user_are_blanked_as_well_and_cut_to_the_picture():
    made = clean(
        dataset(np.arange(4096, dtype=np.uint16).reshape(64, 64)), also=[Box(60, 60, 99, 99), Box(80, 80, 90, 90)]
    )
    after = stored_values("phantom", made.dataset)
    assert np.all(after[:, 60:, 60:] == 0)
    assert all(box.bottom <= 64 and box.area for box in made.boxes)


def test_a_suspect_file_without_text_is_said_to_need_a_look():
    blank = np.random.default_rng(0).normal(100, 5, (64, 64)).astype(np.uint8)
    assert "look at the picture" in clean(dataset(blank, Modality="US")).remarks[0]
    assert clean(dataset(blank, Modality="CT")).remarks == ()


def test_remarks_name_neither_file_nor_text():
    made = clean(dataset(written()[0][0]), name="/secret/roe.dcm")
    assert made.remarks
    assert not any("roe" in remark.lower() for remark in made.remarks)


def test_damaged_pixels_are_refused():
    broken = dataset(written()[0][0])
    broken.PixelData = broken.PixelData[:-100]
    with pytest.raises(UnreadableError, match="truncated"):
        clean(broken)


def test_find_gives_boxes_of_colour_frames():
    stored, _ = written(dtype=np.uint8, scale=1)
    assert find(np.repeat(stored[..., None], 3, axis=-1))


GREY = (RLELossless, JPEGLSLossless, JPEG2000Lossless)
"""Encodings that the pydicom here can write."""


def coloured(frames=1):
    stored, mask = written(frames, np.uint8, 1)
    made = dataset(stored, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    made.PixelData = np.repeat(stored[..., None], 3, axis=-1).tobytes()
    return made, mask


def in_syntax(made, syntax):
    """Written in that transfer syntax and read again."""
    if UID(syntax).is_encapsulated:
        made.compress(syntax)
    elif not UID(syntax).is_little_endian and made.BitsAllocated == 16:
        made.PixelData = np.frombuffer(made.PixelData, "<u2").astype(">u2").tobytes()
    made.file_meta.TransferSyntaxUID = syntax
    content = BytesIO()
    made.save_as(content, enforce_file_format=True)
    return pydicom.dcmread(BytesIO(content.getvalue()))


def check_hidden(made, mask, is_dark):
    before = stored_values("phantom", made)
    cleaned = clean(made)
    content = BytesIO()
    cleaned.dataset.save_as(content, enforce_file_format=True)
    after = stored_values("phantom", pydicom.dcmread(BytesIO(content.getvalue())))
    hidden = covered(list(cleaned.boxes), mask.shape)
    assert hidden[mask].mean() > 0.9
    assert np.array_equal(after[:, ~hidden], before[:, ~hidden])
    assert is_dark(after[:, hidden], before)


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    "syntax",
    [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, *GREY],
)
def test_text_is_found_and_blanked_in_every_encoding(syntax, photometric, frames):
    stored, mask = written(frames)
    made = in_syntax(dataset(stored, PhotometricInterpretation=photometric, NumberOfFrames=frames), syntax)
    darkest = np.max if photometric == "MONOCHROME1" else np.min
    check_hidden(made, mask, lambda inside, before: np.all(inside == darkest(before)))


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless, JPEG2000Lossless])
def test_text_is_found_and_blanked_in_colour(syntax, frames):
    made, mask = coloured(frames)
    made.NumberOfFrames = frames
    check_hidden(in_syntax(made, syntax), mask, lambda inside, _: not inside.any())


def test_text_in_a_jpeg_of_colours_is_blanked_and_the_loss_is_marked():
    made, mask = coloured()
    picture = np.frombuffer(made.PixelData, np.uint8).reshape(120, 200, 3)
    made.PixelData = encapsulate([cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()])
    made["PixelData"].is_undefined_length = True
    made.PhotometricInterpretation, made.file_meta.TransferSyntaxUID = "YBR_FULL_422", JPEGBaseline8Bit
    check_hidden(made, mask, lambda inside, _: not inside.any())
    assert made.LossyImageCompression == "01"
