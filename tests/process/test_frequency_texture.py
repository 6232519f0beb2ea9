import numpy as np
import pytest
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import gabor, laplacian_of_gaussian, laws

BY_TURN = {laws: {}, gabor: {"sigma_mm": 2.0, "wavelength_mm": 3.0, "step_deg": 90.0}, laplacian_of_gaussian: {}}


def picture(shape=(12, 13, 14), spacing_mm=None, axes="") -> Image:
    values = np.random.default_rng(2).normal(50, 20, shape).astype(np.float32)
    return Image(values, Grid(shape, axes or "zyx"[-len(shape) :], spacing_mm or (1.0,) * len(shape)))


@pytest.mark.parametrize("boundary", ["reflect", "mirror", "nearest", "constant", "wrap"])
def test_the_laplacian_of_gaussian_is_that_of_scipy_but_for_the_rest_of_the_cut_kernel(boundary):
    image = picture((30, 28))
    expected = ndimage.gaussian_laplace(image.array.astype(float), 1.5, mode=boundary)
    ours = laplacian_of_gaussian(image, sigma_mm=1.5, boundary=boundary).array
    assert np.abs(ours - expected).max() <= 0.005 * np.ptp(expected) + 0.01 * 50 * (boundary != "constant")


def test_the_laplacian_of_a_constant_is_zero():
    flat = Image(np.full((20, 20), 1000, np.int16), Grid((20, 20), "yx", (1.0, 1.0)))
    assert np.abs(laplacian_of_gaussian(flat).array).max() < 1e-3


def test_the_laplacian_of_a_parabola_is_its_curvature_per_mm_on_any_spacing():
    """The second derivative of z^2 is 2 wherever the kernel does not reach the edge."""
    shape, spacing_mm = (40, 24, 24), (0.5, 1.0, 1.0)
    parabola = np.broadcast_to((np.arange(40) * 0.5)[:, None, None] ** 2, shape)
    result = laplacian_of_gaussian(Image(parabola, Grid(shape, "zyx", spacing_mm)), sigma_mm=1.5, per="mm", cutoff=5)
    assert result.array[20, 12, 12] == pytest.approx(2.0, rel=0.01)


def test_a_blob_answers_most_at_its_own_size_when_the_scale_is_normalised():
    """A Gaussian blob of deviation s answers most at sigma = s in two dimensions."""
    y, x = np.indices((81, 81)) - 40
    blob = Image(np.exp(-(x**2 + y**2) / (2 * 4.0**2)), Grid((81, 81), "yx", (1.0, 1.0)))
    answers = {
        s: -laplacian_of_gaussian(blob, sigma_mm=s, per="sigma").array[40, 40] for s in (2.0, 3.0, 4.0, 5.0, 6.0)
    }
    assert max(answers, key=answers.get) == 4.0


def test_laws_kernels_name_x_first():
    step = np.zeros((9, 9), np.float32)
    step[:, 5:] = 1
    image = Image(step, Grid((9, 9), "yx", (1.0, 1.0)))
    along_x = laws(image, kernels="E3L3", rotation_invariant=False).array
    along_y = laws(image, kernels="L3E3", rotation_invariant=False).array
    assert np.abs(along_x).max() > 1
    np.testing.assert_allclose(along_y, 0, atol=1e-6)


def test_laws_energy_is_the_mean_of_the_absolute_response():
    image = picture((20, 20))
    response = np.abs(laws(image).array)
    expected = ndimage.uniform_filter(response, 5, mode="reflect")
    np.testing.assert_allclose(laws(image, energy_mm=5.0).array, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("kernels", "says"), [("E5L5", "each of the 3 axes"), ("XX", "must give"), ("Q5", "no Laws kernel")]
)
def test_a_wrong_name_of_kernels_is_said(kernels, says):
    with pytest.raises(InputError, match=says):
        laws(picture(), kernels=kernels)


def test_gabor_answers_to_stripes_of_its_length_and_direction():
    x = np.arange(64) * 0.5
    stripes = np.broadcast_to(np.cos(2 * np.pi * x / 4.0), (64, 64))
    image = Image(stripes, Grid((64, 64), "yx", (0.5, 0.5)))
    answers = {
        (length, angle): gabor(image, sigma_mm=4, wavelength_mm=length, angle_deg=angle, step_deg=None).array[32, 32]
        for length in (3.0, 4.0, 6.0)
        for angle in (0.0, 45.0, 90.0)
    }
    assert max(answers, key=answers.get) == (4.0, 0.0)


def test_gabor_is_the_sum_over_its_kernel():
    """Against the definition, written out for one pixel."""
    image = picture((41, 41), (1.0, 1.0))
    sigma, length, aspect, angle = 3.0, 5.0, 1.5, np.deg2rad(30)
    y, x = np.mgrid[-12:13, -12:13].astype(float)
    a, b = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    kernel = np.exp(-(a**2 + aspect**2 * b**2) / (2 * sigma**2) + 2j * np.pi * a / length)
    expected = abs((image.array[8:33, 8:33] * kernel[::-1, ::-1]).sum())
    ours = gabor(image, sigma_mm=sigma, wavelength_mm=length, aspect=aspect, angle_deg=30, step_deg=None)
    assert ours.array[20, 20] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("operation", BY_TURN)
def test_a_quarter_turn_of_the_picture_turns_the_answer(operation):
    image = picture((13, 13, 13))
    turned = image.with_array(np.rot90(image.array, axes=(0, 2)))
    ours = operation(turned, **BY_TURN[operation]).array
    expected = np.rot90(operation(image, **BY_TURN[operation]).array, axes=(0, 2))
    np.testing.assert_allclose(ours, expected, atol=1e-3)


@pytest.mark.parametrize("operation", BY_TURN)
def test_slice_by_slice_is_what_frames_of_a_series_get(operation):
    volume = picture((4, 15, 16), (1.0, 1.0, 1.0))
    series = Image(volume.array, Grid((4, 15, 16), "tyx", (1.0, 1.0)))
    sliced = operation(volume, by_slice=True, **BY_TURN[operation]).array
    np.testing.assert_allclose(sliced, operation(series, **BY_TURN[operation]).array, atol=1e-4)
