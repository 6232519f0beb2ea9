"""Comments, Exif and boxes inside of compressed frames go where they could tell of a person; samples stay."""

from io import BytesIO

import cv2
import numpy as np
import pydicom
import pytest
from PIL import Image as Picture
from pydicom.encaps import encapsulate, generate_fragments
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit
from small_dicom import dataset

from radiolucent.deid.elements import EXPLICIT
from radiolucent.deid.frames import remarks
from radiolucent.deid.header import deidentify
from radiolucent.deid.key import Key
from radiolucent.deid.profile import options

KEY = Key(b"k" * 32)
PIXELS = np.random.default_rng(0).integers(0, 256, (32, 32), np.uint8)
NAME = b"Hildegard Xylander"


def jpeg(comment=None, *, has_exif=False):
    buffer, picture = BytesIO(), Picture.fromarray(PIXELS)
    exif = picture.getexif()
    exif[0x010E] = NAME.decode()
    said = {"comment": comment} if comment else {}
    picture.save(buffer, "JPEG", quality=95, **said, **({"exif": exif} if has_exif else {}))
    return buffer.getvalue()


def jpeg_2000(*, comment=b"", box=b""):
    """A code stream with a comment, or a whole JP2 file with a box of XML."""
    whole = cv2.imencode(".jp2", PIXELS)[1].tobytes()
    if box:
        at = whole.index(b"jp2c") - 4
        return whole[:at] + (8 + len(box)).to_bytes(4) + b"xml " + box + whole[at:]
    stream = whole[whole.index(b"\xff\x4f\xff\x51") :]
    at = 4 + int.from_bytes(stream[4:6])
    return stream[:at] + b"\xff\x64" + (4 + len(comment)).to_bytes(2) + b"\0\1" + comment + stream[at:]


def file_of(frames, syntax=JPEGBaseline8Bit, **elements):
    made = dataset(PIXELS, NumberOfFrames=len(frames), PixelData=encapsulate(frames), **elements)
    made["PixelData"].VR, made["PixelData"].is_undefined_length = "OB", True
    made.file_meta.TransferSyntaxUID = syntax
    buffer = BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def copied(content):
    return pydicom.dcmread(BytesIO(deidentify(content, KEY, options()).content))


@pytest.mark.parametrize(
    ("frame", "syntax"),
    [
        (jpeg(NAME), JPEGBaseline8Bit),
        (jpeg(has_exif=True), JPEGBaseline8Bit),
        (jpeg().replace(b"\xff\xdb", b"\xff\xe5\0\x14" + NAME + b"\xff\xdb", 1), JPEGBaseline8Bit),
        (jpeg() + NAME, JPEGBaseline8Bit),
        (jpeg_2000(comment=NAME), JPEG2000Lossless),
        (jpeg_2000(box=b"<x>" + NAME + b"</x>"), JPEG2000Lossless),
    ],
    ids=["a comment", "Exif", "another segment", "bytes behind the end", "a JPEG 2000 comment", "a box of XML"],
)
def test_a_name_beside_the_pixels_goes_and_every_sample_and_length_stays(frame, syntax):
    content = file_of([frame, frame], syntax)
    copy, original = copied(content), pydicom.dcmread(BytesIO(content))
    assert NAME in original.PixelData
    assert NAME.split()[1] not in copy.PixelData
    assert len(copy.PixelData) == len(original.PixelData)
    assert (copy.pixel_array == original.pixel_array).all()


def test_what_is_known_of_the_patient_goes_from_comments():
    assert b"Brown" not in copied(file_of([jpeg(b"Brown")], PatientName="Brown^Mia")).PixelData


@pytest.mark.parametrize(
    "signed", [b"LEAD Technologies Inc. V1.01", b"Kakadu-v7.3.3", b"Created by OpenJPEG version 2.5.2"]
)
def test_the_signature_of_a_program_stays(signed):
    content = file_of([jpeg_2000(comment=signed)], JPEG2000Lossless)
    assert copied(content).PixelData == pydicom.dcmread(BytesIO(content)).PixelData


def test_the_report_counts_what_was_overwritten():
    made = deidentify(file_of([jpeg(NAME), jpeg(NAME), jpeg()]), KEY, options())
    assert [n for (_, why), n in made.doubts.items() if "compressed frame" in why] == [2]


def test_damaged_frames_are_passed_as_they_are():
    for frame in (
        b"\xff\xd8\xff\xfe",
        b"\xff\xd8\xff\xfe\xff\xff" + b"x" * 20,
        b"\xff\x4f",
        b"\0\0\0\x0cjP  \0\0\0\1xml ",
    ):
        frame += b"\0" * (len(frame) & 1)
        assert list(generate_fragments(copied(file_of([frame])).PixelData))[1] == frame


def test_native_pixels_hold_no_frames():
    assert remarks(b"\0" * 64, (0x7FE00010, "OW", 0, 0, 64, None), EXPLICIT, bool) == []
