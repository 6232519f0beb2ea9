"""Compressed DICOM: lossless bit for bit by readers that are not ours, loss marked, what cannot be held refused."""

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.pixels import get_decoder
from small_dicom import dataset

from radiolucent.core import InputError
from radiolucent.dicom.encapsulate import SYNTAXES, encapsulate, mark_loss

LOSSLESS = [name for name, syntax in SYNTAXES.items() if syntax.lossless]
LOSSY = [name for name, syntax in SYNTAXES.items() if syntax.lossy]


def smooth(kind, low, high, shape=(48, 52)):
    wave = np.add.outer(np.sin(np.arange(shape[0]) / 5), np.cos(np.arange(shape[1]) / 7))
    wave += np.random.default_rng(0).normal(0, 0.03, shape)
    return (low + (wave - wave.min()) / np.ptp(wave) * (high - low)).astype(kind)


def written(values, tmp_path, **how):
    made = dataset(values)
    ratio = encapsulate(made, values, **how)
    made.save_as(tmp_path / "x.dcm", enforce_file_format=True)
    return pydicom.dcmread(tmp_path / "x.dcm"), ratio


@pytest.mark.parametrize("codec", LOSSLESS)
@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("uint8", 0, 255), ("uint16", 0, 4095), ("uint16", 0, 65535), ("int16", -1024, 3071), ("int16", -32768, 32767)],
)
def test_pydicom_reads_back_every_bit(codec, kind, low, high, tmp_path):
    values = smooth(kind, low, high)
    back, _ = written(values, tmp_path, codec=codec)
    assert back.file_meta.TransferSyntaxUID == SYNTAXES[codec].lossless
    decoded = get_decoder(back.file_meta.TransferSyntaxUID).as_array(back)[0]
    np.testing.assert_array_equal(decoded.reshape(values.shape), values)
    assert "LossyImageCompression" not in back


@pytest.mark.parametrize("codec", LOSSY)
def test_loss_is_marked_with_method_and_ratio(codec, tmp_path):
    values = smooth("uint16", 0, 4000)
    back, ratio = written(values, tmp_path, codec=codec, ratio=8)
    assert ratio >= 8
    assert back.LossyImageCompression == "01"
    assert float(back.LossyImageCompressionRatio) == pytest.approx(ratio, rel=1e-5)
    assert back.LossyImageCompressionMethod == SYNTAXES[codec].method
    assert back.DerivationCodeSequence[0].CodeValue == "113040"
    assert back.BitsStored == (12 if codec == "jpeg" else 16)


def test_a_ratio_that_needs_no_loss_is_not_marked(tmp_path):
    values = np.zeros((64, 64), np.uint16)
    back, ratio = written(values, tmp_path, codec="j2k", ratio=4)
    assert ratio > 4
    assert "LossyImageCompression" not in back
    assert back.file_meta.TransferSyntaxUID == SYNTAXES["j2k"].lossless


def test_an_earlier_loss_stays_said():
    made = dataset(smooth("uint8", 0, 255), LossyImageCompressionRatio="3", LossyImageCompressionMethod="ISO_10918_1")
    mark_loss(made, "ISO_15444_1", 12.0)
    assert [float(value) for value in made.LossyImageCompressionRatio] == [3, 12]
    assert list(made.LossyImageCompressionMethod) == ["ISO_10918_1", "ISO_15444_1"]


@pytest.mark.parametrize(
    ("kind", "high", "how", "words"),
    [
        ("uint16", 8191, {"codec": "jpeg", "ratio": 4}, "jpeg holds 12 bits and the values need 13"),
        ("int16", 900, {"codec": "jpegls", "ratio": 4}, "without a sign"),
        ("int32", 900, {"codec": "j2k"}, "8 or 16 bits, got int32"),
        ("uint8", 255, {"codec": "jpeg"}, "always loses"),
        ("uint8", 255, {"codec": "rle", "ratio": 3}, "never loses"),
        ("uint8", 255, {"codec": "wavelet", "ratio": 3}, "no transfer syntax for codec 'wavelet'"),
        ("uint8", 255, {"codec": "jpeg", "ratio": 900}, "at most, not 900"),
    ],
)
def test_what_cannot_be_held_is_said(kind, high, how, words):
    values = smooth(kind, 0, high)
    with pytest.raises(InputError, match=words):
        encapsulate(dataset(values), values, **how)


def test_a_second_decoder_agrees_on_lossy_jpeg_2000(tmp_path):
    values = smooth("uint16", 0, 4000)
    back, _ = written(values, tmp_path, codec="j2k", ratio=10)
    stream = next(pydicom.encaps.generate_frames(back.PixelData, number_of_frames=1))
    away = imagecodecs.jpeg2k_decode(stream).astype(int) - back.pixel_array
    assert np.abs(away).max() <= 1
