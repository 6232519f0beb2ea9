import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import inverse_wavelet_transform, wavelet_scales, wavelet_transform


def picture(shape=(16, 24), axes="") -> Image:
    values = np.random.default_rng(4).normal(50, 20, shape).astype(np.float32)
    return Image(values, Grid(shape, axes or "zyx"[-len(shape) :]), "CT", "HU")


@pytest.mark.filterwarnings("ignore:Level value")
@pytest.mark.parametrize("wavelet", ["haar", "db2", "sym4", "coif1"])
def test_the_transform_keeps_the_energy_and_its_inverse_restores_the_picture(wavelet):
    image = picture((8, 16, 24))
    there = wavelet_transform(image, wavelet=wavelet, levels=2)
    energy = float((image.array.astype(float) ** 2).sum())
    assert float((there.array.astype(float) ** 2).sum()) == pytest.approx(energy, rel=1e-5)
    back = inverse_wavelet_transform(there, wavelet=wavelet, levels=2)
    np.testing.assert_allclose(back.array, image.array, atol=1e-3)


def test_the_coarse_level_lies_first():
    flat = Image(np.full((8, 8), 3.0), Grid((8, 8), "yx"))
    coefficients = wavelet_transform(flat, levels=2).array
    np.testing.assert_allclose(coefficients[:2, :2], 12, rtol=1e-6)
    assert np.abs(coefficients).sum() == pytest.approx(48, rel=1e-6)


def test_frames_are_transformed_apart():
    series = picture((3, 8, 8), "tyx")
    alone = wavelet_transform(Image(series.array[2], Grid((8, 8), "yx"))).array
    np.testing.assert_allclose(wavelet_transform(series).array[2], alone, atol=1e-5)


def test_sides_that_do_not_divide_are_refused_with_the_remedy():
    with pytest.raises(InputError, match="divide by 4, and the picture has 18; crop or pad"):
        wavelet_transform(picture((18, 16)), levels=2)


@pytest.mark.parametrize("boundary", ["reflect", "mirror", "nearest", "constant", "wrap"])
def test_scales_sum_to_the_picture(boundary):
    image = picture((9, 14, 15))
    parts = wavelet_scales(image, levels=2, boundary=boundary)
    assert list(parts) == ["scale_1", "scale_2", "rest"]
    np.testing.assert_allclose(sum(part.array for part in parts.values()), image.array, atol=1e-4)


def test_a_constant_has_no_detail():
    parts = wavelet_scales(Image(np.full((12, 12), 5.0), Grid((12, 12), "yx")))
    np.testing.assert_allclose(parts["scale_1"].array, 0, atol=1e-5)
    np.testing.assert_allclose(parts["rest"].array, 5, rtol=1e-6)
