import nibabel
import numpy as np
import pytest
from shared import shared
from skimage import data, metrics

from radiolucent.core import Grid, Image, InputError
from radiolucent.process.compress import compress

LOSSLESS = ("j2k", "htj2k", "jpegls", "rle", "deflate", "png")
LOSSY = ("j2k", "htj2k", "jpegls", "jpeg", "wavelet")


def picture(values) -> Image:
    array = np.asarray(values)
    return Image(array, Grid(array.shape, "tzyx"[-array.ndim :]), "CT", "HU")


def smooth(dtype, low=0, high=255, shape=(40, 44)) -> np.ndarray:
    wave = np.add.outer(np.sin(np.arange(shape[-2]) / 5), np.cos(np.arange(shape[-1]) / 7))
    noise = np.random.default_rng(0).normal(0, 0.02, shape)
    values = wave + noise
    return (low + (values - values.min()) / np.ptp(values) * (high - low)).astype(dtype)


@pytest.mark.parametrize("codec", LOSSLESS)
@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [
        *[("uint8", 0, 255), ("uint8", 0, 1), ("bool", 0, 2), ("int32", -5, 900)],
        *[("uint16", 0, 4095), ("uint16", 0, 65535), ("int16", -1024, 3071), ("int16", -32768, 32767)],
    ],
)
def test_without_loss_integers_come_back_bit_for_bit(codec, dtype, low, high):
    values = smooth(dtype, low, high, (3, 24, 26))
    result = compress(picture(values), codec=codec)
    np.testing.assert_array_equal(result["image"].array, values)
    assert result["image"].array.dtype == (np.uint8 if dtype == "bool" else dtype), "a picture holds numbers"
    assert result["max_error"] == 0
    assert "psnr_db" not in result


@pytest.mark.parametrize("codec", LOSSLESS)
def test_a_real_volume_comes_back_bit_for_bit(codec):
    folder = shared("data/msd-hippocampus")
    path = next(file for file in sorted(folder.rglob("*.nii.gz")) if not file.name.startswith("."))
    values = np.asarray(nibabel.load(path).dataobj).T
    values = values.astype(np.uint16) if values.dtype.kind == "f" and (values == np.rint(values)).all() else values
    np.testing.assert_array_equal(compress(picture(values), codec=codec)["image"].array, values)


@pytest.mark.parametrize("codec", LOSSLESS)
def test_fractions_lose_half_a_step_of_sixteen_bits(codec):
    values = smooth("float32", -3.0, 5.0)
    result = compress(picture(values), codec=codec)
    assert 0 < result["max_error"] <= 8 / 65535 / 2 + 1e-6
    assert result["image"].array.dtype == np.float32


@pytest.mark.parametrize("codec", LOSSY)
@pytest.mark.parametrize("ratio", [5, 12])
def test_the_ratio_is_reached_and_not_overdone(codec, ratio):
    values = data.camera()[:256, :256]
    result = compress(picture(values), codec=codec, ratio=ratio)
    assert ratio <= result["ratio"] < 1.25 * ratio
    assert result["bits_per_pixel"] == pytest.approx(8 / result["ratio"])


@pytest.mark.parametrize("codec", LOSSY)
def test_the_loss_is_what_scikit_image_measures(codec):
    values = data.camera()[100:228, 100:260]
    result = compress(picture(values), codec=codec, ratio=6)
    span = int(np.ptp(values))
    decoded = result["image"].array
    assert result["psnr_db"] == pytest.approx(metrics.peak_signal_noise_ratio(values, decoded, data_range=span))
    assert result["ssim"] == pytest.approx(metrics.structural_similarity(values, decoded, data_range=span), abs=1e-6)
    assert result["psnr_db"] > 24


@pytest.mark.parametrize("codec", LOSSY)
def test_twelve_bits_survive_a_loss(codec):
    values = smooth("int16", -1024, 3071, (64, 66))
    result = compress(picture(values), codec=codec, ratio=8)
    assert result["ratio"] >= 8
    assert result["psnr_db"] > 25


def test_a_codec_that_cannot_hold_the_depth_says_so():
    with pytest.raises(InputError, match=r"jpeg holds 12 bits .* need 13; use j2k"):
        compress(picture(smooth("uint16", 0, 8191)), codec="jpeg", ratio=4)
    with pytest.raises(InputError, match=r"j2k holds 16 bits .* need 17"):
        compress(picture(smooth("int32", 0, 70_000)))


def test_loss_and_none_are_asked_of_codecs_that_can():
    with pytest.raises(InputError, match="jpeg always loses"):
        compress(picture(smooth("uint8")), codec="jpeg")
    with pytest.raises(InputError, match="png never loses"):
        compress(picture(smooth("uint8")), codec="png", ratio=3)


def test_a_ratio_out_of_reach_says_what_is_in_reach():
    noise = np.random.default_rng(0).integers(0, 255, (32, 32)).astype(np.uint8)
    with pytest.raises(InputError, match=r"reaches a ratio of .* not 900"):
        compress(picture(noise), codec="jpeg", ratio=900)


@pytest.mark.parametrize("codec", ["j2k", "htj2k", "jpegls"])
def test_a_ratio_within_reach_of_lossless_coding_loses_nothing(codec):
    values = np.zeros((64, 64), np.uint16)
    values[20:40, 20:40] = 900
    result = compress(picture(values), codec=codec, ratio=3)
    assert result["max_error"] == 0
    assert result["ratio"] > 3


@pytest.mark.parametrize("codec", ["j2k", "htj2k", "wavelet"])
def test_more_bits_bring_more_quality(codec):
    values = data.camera()[:256, :256]
    psnr_db = [compress(picture(values), codec=codec, ratio=ratio)["psnr_db"] for ratio in (24, 12, 6, 3)]
    assert psnr_db == sorted(psnr_db)
    assert psnr_db[-1] > 42


@pytest.mark.parametrize("near", [0, 1, 5])
def test_near_lossless_jpeg_ls_is_off_by_no_more_than_told(near):
    values = np.random.default_rng(0).integers(-200, 1800, (2, 40, 44)).astype(np.int16)
    image = Image(values, Grid(values.shape, "zyx", (1.0, 1.0, 1.0)))
    made = compress(image, codec="jpegls", near=near)
    assert made["max_error"] == near
    assert np.abs(made["image"].array.astype(int) - values).max() == near
    assert near == 0 or made["ratio"] > compress(image, codec="jpegls")["ratio"]


def test_an_error_that_only_jpeg_ls_can_bound_is_refused_elsewhere():
    image = Image(np.zeros((8, 9), np.uint8), Grid((8, 9), "yx", (1.0, 1.0)))
    with pytest.raises(InputError, match="near=2 bounds the error of jpegls, and the codec is j2k"):
        compress(image, codec="j2k", near=2)
    with pytest.raises(InputError, match="give it or a ratio"):
        compress(image, codec="jpegls", near=2, ratio=4.0)
