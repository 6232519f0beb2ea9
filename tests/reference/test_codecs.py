"""Codecs against the streams and raw pictures of cornerstone's codecs (CT, MR, NM; JPEG 2000, JPEG-LS, JPEG)."""

import numpy as np
import pytest
from shared import shared

from radiolucent.core import Grid, Image
from radiolucent.kernels.codec import CODECS
from radiolucent.process import compress

STREAMS = {
    "CT1": ("j2k", "openjpeg/test/fixtures/j2k/CT1.j2k", "openjphjs/test/fixtures/raw/CT1.RAW"),
    "MR3": ("j2k", "openjpeg/test/fixtures/j2k/MR3.j2k", "openjphjs/test/fixtures/raw/MR3.RAW"),
    "NM1": ("j2k", "openjpeg/test/fixtures/j2k/NM1.j2k", "openjphjs/test/fixtures/raw/NM1.RAW"),
    "CT2": ("jpegls", "charls/test/fixtures/CT2.JLS", "charls/test/fixtures/CT2.RAW"),
    "jpeg400jfif": (
        "jpeg",
        "libjpeg-turbo-8bit/test/fixtures/jpeg/jpeg400jfif.jpg",
        "libjpeg-turbo-8bit/test/fixtures/raw/jpeg400jfif.raw",
    ),
}


def stream_and_picture(name: str) -> tuple[str, bytes, np.ndarray, np.ndarray]:
    """Codec, stream, what we decode of it, and the raw picture."""
    codec, stream_path, raw_path = STREAMS[name]
    stream = shared(f"reference/codec-cornerstone/{stream_path}").read_bytes()
    decoded = CODECS[codec].decode(stream)
    raw = np.fromfile(shared(f"reference/codec-cornerstone/{raw_path}"), decoded.dtype)
    return codec, stream, decoded, raw.reshape(decoded.shape)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_decodes_to_the_raw_picture(name, record_property):
    _, _, decoded, raw = stream_and_picture(name)
    worst = int(np.abs(decoded.astype(int) - raw.astype(int)).max())
    record_property("difference", worst / max(1, int(np.ptp(raw))))
    assert worst == 0


@pytest.mark.parametrize("codec", ["j2k", "jpegls", "png"])
@pytest.mark.parametrize("name", STREAMS)
def test_the_raw_picture_survives_our_lossless_coding(name, codec, record_property):
    _, _, _, raw = stream_and_picture(name)
    result = compress(Image(raw, Grid(raw.shape, "yx")), codec=codec)
    record_property("difference", float(result["max_error"]))
    np.testing.assert_array_equal(result["image"].array, raw)
    assert result["ratio"] > 1


@pytest.mark.parametrize("name", ["CT1", "MR3", "NM1", "CT2"])
def test_our_lossless_stream_is_as_short_as_theirs(name):
    codec, stream, _, raw = stream_and_picture(name)
    result = compress(Image(raw, Grid(raw.shape, "yx")), codec=codec)
    assert raw.nbytes / result["ratio"] <= 1.05 * len(stream)
