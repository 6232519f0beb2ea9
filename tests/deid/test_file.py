"""Text goes out of pixels in every encoding that is decoded here, end to end; what was not blanked keeps its bits."""

import imagecodecs
import numpy as np
import pydicom
import pytest
from PIL import Image, ImageDraw, ImageFont
from pydicom.encaps import encapsulate
from pydicom.pixels import pack_bits
from pydicom.uid import UID
from small_dicom import dataset

from radiolucent.deid.file import Work, deidentify_file
from radiolucent.deid.key import Key
from radiolucent.deid.profile import options
from radiolucent.dicom import read_dataset, stored_values
from radiolucent.dicom.values import meaningful_values

SIDE, MOST = 128, 0.45
"""No more of a picture than this is made black for one line of text."""
NATIVE = {
    "implicit": "1.2.840.10008.1.2", "explicit": "1.2.840.10008.1.2.1", "deflated": "1.2.840.10008.1.2.1.99",
    "big endian": "1.2.840.10008.1.2.2",
}  # fmt: skip


def jpeg(plane, **given):
    return imagecodecs.jpeg8_encode(plane, level=95, **given)


PACKED = {
    "JPEG baseline": ("1.2.840.10008.1.2.4.50", 8, jpeg),
    "JPEG extended": ("1.2.840.10008.1.2.4.51", 12, lambda plane: jpeg(plane, bitspersample=12)),
    "JPEG lossless 14": ("1.2.840.10008.1.2.4.57", 12, imagecodecs.ljpeg_encode),
    "JPEG lossless SV1": ("1.2.840.10008.1.2.4.70", 12, imagecodecs.ljpeg_encode),
    "JPEG-LS": ("1.2.840.10008.1.2.4.80", 12, imagecodecs.jpegls_encode),
    "JPEG-LS near": ("1.2.840.10008.1.2.4.81", 12, lambda plane: imagecodecs.jpegls_encode(plane, level=2)),
    "JPEG 2000 lossless": (
        "1.2.840.10008.1.2.4.90", 12, lambda plane: imagecodecs.jpeg2k_encode(plane, reversible=True, codecformat="j2k"),
    ),
    "JPEG 2000": ("1.2.840.10008.1.2.4.91", 12, lambda plane: imagecodecs.jpeg2k_encode(plane, 60, codecformat="j2k")),
    "HTJ2K lossless": ("1.2.840.10008.1.2.4.201", 12, lambda plane: imagecodecs.htj2k_encode(plane, reversible=True)),
    "HTJ2K RPCL": ("1.2.840.10008.1.2.4.202", 12, lambda plane: imagecodecs.htj2k_encode(plane, reversible=True)),
    "HTJ2K": ("1.2.840.10008.1.2.4.203", 12, lambda plane: imagecodecs.htj2k_encode(plane, 0.001)),
}  # fmt: skip
"""Transfer syntax, bits that are stored, and who packs a plane."""
LOSSY = ("JPEG baseline", "JPEG extended", "JPEG-LS near", "JPEG 2000", "HTJ2K")


def ink():
    """Where the name is written."""
    sheet = Image.new("L", (SIDE, SIDE))
    ImageDraw.Draw(sheet).text((8, 8), "OKAFOR 4711", fill=255, font=ImageFont.load_default(16))
    return np.asarray(sheet) > 90


def written(bits=8, light=True, seed=0):
    """A disc with noise, and a name in it."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    ground = np.where(x**2 + y**2 < 0.7, 70, 14) + np.random.default_rng(seed).normal(0, 2, (SIDE, SIDE))
    grey = np.where(ink(), 240, np.clip(ground, 1, 255)).astype(np.uint8)
    grey = grey if light else 255 - grey
    return grey if bits == 8 else grey.astype(np.uint16) * (2**bits // 256)


def made(stored, syntax, **elements):
    one = dataset(stored, **elements)
    one.file_meta.TransferSyntaxUID = UID(syntax)
    if "PixelData" in one and stored.dtype.itemsize == 1:
        one["PixelData"].VR = "OB"
    return one


def packed(name, frames=1):
    """Frames with the same text and other noise."""
    syntax, bits, pack = PACKED[name]
    stored = np.stack([written(bits, seed=k) for k in range(frames)])
    one = made(stored[0] if frames == 1 else stored, syntax, BitsStored=bits, HighBit=bits - 1)
    one.PixelData = encapsulate([bytes(pack(plane)) for plane in stored])
    one["PixelData"].VR, one["PixelData"].is_undefined_length = "OB", True
    return one


def colour(planar=0, photometric="RGB", dtype=np.uint8):
    """Reddish, so that colours that changed places would be seen."""
    grey = written()
    stored = np.stack([grey, (grey * 0.7).astype(np.uint8), (grey * 0.5).astype(np.uint8)], -1).astype(dtype)
    one = made(stored[..., 0], NATIVE["explicit"])
    one.SamplesPerPixel, one.PhotometricInterpretation, one.PlanarConfiguration = 3, photometric, planar
    one.PixelData = np.ascontiguousarray(np.moveaxis(stored, -1, 0) if planar else stored).tobytes()
    return one, stored


def work(tmp_path):
    (tmp_path / "out").mkdir()
    return Work(tmp_path, tmp_path / "out", Key(b"k" * 32), options((), ["pixels"]))


def cleaned(one, tmp_path):
    """What is decoded of a file before and after it was de-identified, and the record."""
    source = tmp_path / "in.dcm"
    one.save_as(source, enforce_file_format=True)
    record = deidentify_file(source, work(tmp_path))
    assert record["state"] == "done"
    out = read_dataset(tmp_path / "out" / record["out"])
    before, after = stored_values("before", read_dataset(source)), stored_values("after", out)
    return before, after, record | {"header": out}


def assert_blanked(before, after, record):
    """Where the text was there is one value; all that changed has it; the rest is as it was decoded."""
    assert record["boxes"] >= 1
    assert before.shape == after.shape
    inside = after[:, ink()].reshape(-1, *after.shape[3:])
    assert len(np.unique(inside, axis=0)) == 1
    changed = before != after if before.ndim == 3 else (before != after).any(-1)
    assert changed[:, ink()].all()
    assert (after[changed] == inside[0]).all()
    assert changed.mean() < MOST
    assert not changed[:, -SIDE // 4 :].any()
    assert record["header"].BurnedInAnnotation == "NO"


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("name", NATIVE)
def test_uncompressed_files_lose_their_text_and_nothing_else(name, frames, tmp_path):
    stored = np.stack([written(12, seed=k) for k in range(frames)])
    one = made(stored[0] if frames == 1 else stored, NATIVE[name], BitsStored=12, HighBit=11)
    if name == "big endian":
        one.PixelData = stored.astype(">u2").tobytes()
    before, after, record = cleaned(one, tmp_path)
    assert np.array_equal(before, stored)
    assert_blanked(before, after, record)


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("name", PACKED)
def test_compressed_files_lose_their_text_and_stay_as_they_were_decoded(name, frames, tmp_path):
    before, after, record = cleaned(packed(name, frames), tmp_path)
    assert_blanked(before, after, record)
    assert (record["header"].get("LossyImageCompression") == "01") is (name in LOSSY)


@pytest.mark.parametrize("stored", [written(), written(12), np.int16(written(12)) - 1024], ids=str)
def test_run_lengths_lose_their_text(stored, tmp_path):
    one = dataset(stored)
    one.compress("1.2.840.10008.1.2.5")
    before, after, record = cleaned(one, tmp_path)
    assert np.array_equal(before[0], stored)
    assert_blanked(before, after, record)


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("name", NATIVE)
def test_colour_loses_its_text_in_either_order_of_planes(name, planar, tmp_path):
    one, stored = colour(planar)
    one.file_meta.TransferSyntaxUID = UID(NATIVE[name])
    before, after, record = cleaned(one, tmp_path)
    assert np.array_equal(before[0], stored)
    assert_blanked(before, after, record)


def test_luminance_and_colour_lose_their_text_whole_or_halved(tmp_path):
    one, stored = colour(photometric="YBR_FULL")
    ybr = np.asarray(Image.fromarray(stored).convert("YCbCr"))
    one.PixelData = ybr.tobytes()
    (tmp_path / "full").mkdir()
    assert_blanked(*cleaned(one, tmp_path / "full"))
    one.PhotometricInterpretation = "YBR_FULL_422"
    one.PixelData = np.concatenate([ybr[:, ::2, :1], ybr[:, 1::2, :1], ybr[:, ::2, 1:]], -1).tobytes()
    (tmp_path / "halved").mkdir()
    before, after, record = cleaned(one, tmp_path / "halved")
    assert_blanked(before, after, record)
    assert record["header"].PhotometricInterpretation == "RGB"


def test_colour_jpeg_loses_its_text(tmp_path):
    one, stored = colour()
    one.PhotometricInterpretation = "YBR_FULL_422"
    one.PixelData = encapsulate([imagecodecs.jpeg8_encode(stored, level=95, colorspace="RGB", outcolorspace="YCBCR")])
    one["PixelData"].VR, one["PixelData"].is_undefined_length = "OB", True
    one.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.4.50")
    before, after, record = cleaned(one, tmp_path)
    assert np.abs(before[0].astype(int) - stored).mean() < 4
    assert_blanked(before, after, record)


@pytest.mark.parametrize("name", NATIVE)
def test_a_palette_loses_its_text(name, tmp_path):
    one = made(written(), NATIVE[name], PhotometricInterpretation="PALETTE COLOR")
    order = ">u2" if name == "big endian" else "<u2"
    ramp = (np.abs(np.arange(256) - 3) * 257).clip(0, 65535).astype(order)
    for word in ("Red", "Green", "Blue"):
        setattr(one, f"{word}PaletteColorLookupTableDescriptor", [256, 0, 16])
        one.add_new(f"{word}PaletteColorLookupTableData", "OW", ramp.tobytes())
    before, after, record = cleaned(one, tmp_path)
    assert_blanked(before, after, record)
    assert not meaningful_values(after, record["header"])[0][0, ink()].any()


@pytest.mark.parametrize("bits", [8, 12])
def test_white_that_is_low_is_made_black(bits, tmp_path):
    stored = written(bits, light=False)
    before, after, record = cleaned(dataset(stored, PhotometricInterpretation="MONOCHROME1"), tmp_path)
    assert_blanked(before, after, record)
    assert after[0, ink()].min() == before.max()


@pytest.mark.parametrize("name", NATIVE)
@pytest.mark.parametrize("stored", [np.int8(written() // 2), np.int16(written(12)) - 1024], ids=["8 bits", "16 bits"])
def test_signed_samples_lose_their_text(name, stored, tmp_path):
    one = made(stored, NATIVE[name])
    if name == "big endian":
        one.PixelData = stored.astype(stored.dtype.newbyteorder(">")).tobytes()
    before, after, record = cleaned(one, tmp_path)
    assert np.array_equal(before[0], stored)
    assert_blanked(before, after, record)


@pytest.mark.parametrize("name", NATIVE)
def test_single_bits_lose_their_text(name, tmp_path):
    bits = (written() > 128).astype(np.uint8)
    one = made(bits, NATIVE[name], BitsAllocated=1, BitsStored=1, HighBit=0)
    one.PixelData = pack_bits(bits)
    before, after, record = cleaned(one, tmp_path)
    assert np.array_equal(before[0], bits)
    assert_blanked(before, after, record)


@pytest.mark.parametrize("name", NATIVE)
@pytest.mark.parametrize(("word", "kind"), [("FloatPixelData", "f4"), ("DoubleFloatPixelData", "f8")])
def test_samples_with_fractions_lose_their_text(name, word, kind, tmp_path):
    stored = written().astype(kind) / 7
    stored[:, -10:] = np.nan  # parametric maps have no number outside of the body
    stored[0, -11] = np.inf
    one = made(
        written(), NATIVE[name], BitsAllocated=8 * stored.itemsize, PixelData=None, BitsStored=None, HighBit=None
    )
    order = ">" if name == "big endian" else "<"
    setattr(one, word, stored.astype(order + kind).tobytes())
    before, after, record = cleaned(one, tmp_path)
    assert np.array_equal(before[0], stored, equal_nan=True)
    assert word in record["header"]
    assert "PixelData" not in record["header"]
    assert_blanked(np.nan_to_num(before, nan=-1), np.nan_to_num(after, nan=-1), record)


def test_without_text_every_sample_keeps_its_bits_and_its_encoding(tmp_path):
    one = packed("JPEG 2000 lossless")
    one.PixelData = encapsulate([imagecodecs.jpeg2k_encode(np.full((64, 64), 9, np.uint16), reversible=True)])
    one.Rows = one.Columns = 64
    before, after, record = cleaned(one, tmp_path)
    assert (record["boxes"], record["header"].file_meta.TransferSyntaxUID) == (0, "1.2.840.10008.1.2.4.90")
    assert np.array_equal(before, after)


@pytest.mark.parametrize(
    ("syntax", "stream"),
    [
        ("1.2.840.10008.1.2.4.100", b"\0\0\1\xb3" + bytes(200)),  # MPEG-2
        ("1.2.840.10008.1.2.4.102", b"\0\0\0\x18ftypmp42" + bytes(200)),  # MPEG-4
        ("1.2.840.10008.1.2.4.107", b"\0\0\0\1" + bytes(200)),  # HEVC
        ("1.2.840.10008.1.2.4.110", b"\xff\x0a" + bytes(200)),  # JPEG XL
        ("1.2.840.10008.1.2.4.90", b"no code stream at all" * 9),
    ],
)
def test_what_cannot_be_decoded_is_refused_and_nothing_is_written(syntax, stream, tmp_path):
    one = made(written(), "1.2.840.10008.1.2.4.100")
    one.PixelData = encapsulate([stream])
    one["PixelData"].VR, one["PixelData"].is_undefined_length = "OB", True
    source = tmp_path / "in.dcm"
    one.save_as(source, enforce_file_format=True)  # pydicom does not write what it does not know
    source.write_bytes(source.read_bytes().replace(b"1.2.840.10008.1.2.4.100", syntax.encode().ljust(23, b"\0")))
    record = deidentify_file(source, work(tmp_path))
    assert record["state"] == "refused"
    assert "text in them cannot be found" in record["why"]
    assert not list((tmp_path / "out").rglob("*"))


def test_a_file_whose_pixels_lie_on_a_server_is_refused(tmp_path):
    one = made(written(), "1.2.840.10008.1.2.4.94", PixelData=None)
    one.PixelDataProviderURL = "https://pacs.example/okafor"
    one.save_as(tmp_path / "in.dcm", enforce_file_format=True)
    record = deidentify_file(tmp_path / "in.dcm", work(tmp_path))
    assert record["state"] == "refused"
    assert "on a server" in record["why"]


def test_all_that_pydicom_decodes_is_tried_here():
    from pydicom.pixels.decoders.base import _PIXEL_DATA_DECODERS

    tried = {*NATIVE.values(), *(syntax for syntax, _, _ in PACKED.values()), "1.2.840.10008.1.2.5"}
    assert {str(uid) for uid in _PIXEL_DATA_DECODERS} <= tried
    assert pydicom.__version__.startswith("3.")
