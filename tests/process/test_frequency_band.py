import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import band_pass, high_pass, homomorphic, low_pass, notch

BOUNDARIES = ("reflect", "mirror", "nearest", "constant", "wrap")
SHAPES = ("ideal", "butterworth", "gaussian")


def picture(shape=(20, 22), spacing_mm=None) -> Image:
    values = np.random.default_rng(5).normal(100, 20, shape).astype(np.float32)
    return Image(values, Grid(shape, "zyx"[-len(shape) :], spacing_mm or (1.0,) * len(shape)))


def wave(per_mm: float, spacing_mm: float = 0.5, size: int = 80) -> Image:
    x = np.arange(size) * spacing_mm
    values = np.broadcast_to(np.cos(2 * np.pi * per_mm * x), (size, size))
    return Image(values, Grid((size, size), "yx", (spacing_mm, spacing_mm)))


def explicit(image: Image, gain) -> np.ndarray:
    """The periodic filter by numpy's transform in doubles."""
    spectrum = np.fft.fftn(image.array.astype(float))
    axes = [np.fft.fftfreq(n, d) for n, d in zip(image.grid.shape, image.grid.spacing_mm, strict=True)]
    radius = np.sqrt(sum(f**2 for f in np.meshgrid(*axes, indexing="ij")))
    return np.fft.ifftn(spectrum * gain(radius)).real


@pytest.mark.parametrize(
    ("shape", "gain"),
    [
        ("ideal", lambda f: f <= 0.21),
        ("butterworth", lambda f: 1 / (1 + (f / 0.21) ** 4)),
        ("gaussian", lambda f: np.exp(-(f**2) / (2 * 0.21**2))),
    ],
)
@pytest.mark.parametrize("size", [(20, 21), (9, 10, 12)])
def test_low_pass_is_its_formula_on_anisotropic_voxels(shape, gain, size):
    image = picture(size, (2.0, 0.8, 0.5)[-len(size) :])
    ours = low_pass(image, cutoff_per_mm=0.21, shape=shape, boundary="wrap").array
    np.testing.assert_allclose(ours, explicit(image, gain), atol=1e-4)


@pytest.mark.parametrize(("boundary", "mode"), [("reflect", "symmetric"), ("mirror", "reflect")])
def test_a_mirrored_boundary_is_the_periodic_filter_of_the_mirrored_picture(boundary, mode):
    image = picture((14, 15))
    more = 0 if boundary == "reflect" else -2
    wide = np.pad(image.array, [(0, 14 + more), (0, 15 + more)], mode=mode)
    whole = low_pass(Image(wide, Grid(wide.shape, "yx", (1.0, 1.0))), boundary="wrap").array
    np.testing.assert_allclose(low_pass(image, boundary=boundary).array, whole[:14, :15], atol=1e-4)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shape", SHAPES)
def test_low_and_high_pass_sum_to_the_picture(shape, boundary):
    image = picture()
    both = (
        low_pass(image, shape=shape, boundary=boundary).array + high_pass(image, shape=shape, boundary=boundary).array
    )
    np.testing.assert_allclose(both, image.array, atol=1e-3)


@pytest.mark.parametrize("boundary", ["reflect", "wrap"])
def test_means_are_kept_or_taken_out(boundary):
    image = picture()
    mean = float(image.array.mean())
    assert float(low_pass(image, boundary=boundary).array.mean()) == pytest.approx(mean, rel=1e-5)
    assert float(notch(image, boundary=boundary).array.mean()) == pytest.approx(mean, rel=1e-5)
    assert abs(float(high_pass(image, boundary=boundary).array.mean())) < 1e-3
    assert abs(float(band_pass(image, boundary=boundary).array.mean())) < 1e-3


def test_a_band_keeps_the_wave_within_it_only():
    kept = [
        np.ptp(band_pass(wave(f), low_per_mm=0.15, high_per_mm=0.25, order=8, boundary="wrap").array)
        for f in (0.05, 0.2, 0.5)
    ]
    assert kept[1] == pytest.approx(2, rel=0.1)
    assert max(kept[0], kept[2]) < 0.01


def test_a_notch_along_x_takes_out_stripes_that_repeat_along_x_and_leaves_those_along_y():
    stripes = wave(0.2)
    across = stripes.with_array(stripes.array.T)
    assert np.ptp(notch(stripes, frequency_per_mm=0.2, along="x", boundary="wrap").array) < 1e-3
    np.testing.assert_allclose(
        notch(across, frequency_per_mm=0.2, along="x", boundary="wrap").array, across.array, atol=1e-3
    )
    assert np.ptp(notch(across, frequency_per_mm=0.2, boundary="wrap").array) < 1e-3


def test_homomorphic_filtering_evens_out_illumination():
    y, x = np.indices((64, 64))
    detail = 1 + 0.2 * np.cos(2 * np.pi * x / 4)
    image = Image(100 * (1 + y / 16) * detail, Grid((64, 64), "yx", (1.0, 1.0)))
    before, after = (np.ptp(one.array.mean(axis=1)) / one.array.mean() for one in (image, homomorphic(image)))
    assert after < 0.8 * before


def test_homomorphic_filtering_with_gains_of_one_changes_nothing():
    image = picture()
    np.testing.assert_allclose(homomorphic(image, low_gain=1, high_gain=1).array, image.array, rtol=1e-4)


def test_cut_offs_beyond_the_pixels_or_in_the_wrong_order_are_refused():
    with pytest.raises(InputError, match=r"highest frequency, 0\.5 cycles/mm"):
        low_pass(picture(), cutoff_per_mm=0.7)
    with pytest.raises(InputError, match="low_per_mm below high_per_mm"):
        band_pass(picture(), low_per_mm=0.3, high_per_mm=0.2)
    with pytest.raises(InputError, match="not among the picture's axes 'yx'"):
        notch(picture(), along="z")


@pytest.mark.parametrize("operation", [low_pass, high_pass, band_pass, notch])
def test_frames_of_a_series_are_filtered_apart(operation):
    values = picture((3, 16, 18)).array
    together = operation(Image(values, Grid(values.shape, "tyx", (1.0, 1.0)))).array
    alone = operation(Image(values[1], Grid((16, 18), "yx", (1.0, 1.0)))).array
    np.testing.assert_allclose(together[1], alone, atol=1e-4)
