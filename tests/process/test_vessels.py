import numpy as np
import pytest
from skimage import data, filters

from radiolucent.core import Grid, Image, InputError
from radiolucent.process.vessels import frangi, sato


def picture(values, spacing_mm=None) -> Image:
    array = np.asarray(values, np.float32)
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :], spacing_mm or (1.0,) * array.ndim))


def tube(shape=(20, 40, 40), spacing_mm=(1.0, 1.0, 1.0), radius_mm=2.0) -> np.ndarray:
    """A bright tube along z through the middle."""
    mm = [(np.arange(n) - (n - 1) / 2) * h for n, h in zip(shape, spacing_mm)]
    away = np.hypot(*np.meshgrid(mm[1], mm[2], indexing="ij"))
    return np.broadcast_to(100 * np.exp(-(away**2) / (2 * radius_mm**2)), shape)


@pytest.mark.parametrize("ridge", [frangi, sato])
@pytest.mark.parametrize("dark", [False, True])
def test_a_real_picture_gives_what_scikit_image_gives(ridge, dark):
    values = data.camera()[64:192, 160:288].astype(np.float32) / 255
    scales = (2.0, 3.0) if ridge is sato else (2.0,)  # their Frangi takes the first scale's structure for all of them
    inside = (slice(16, -16),) * 2
    ours = ridge(picture(values), sigmas_mm=scales, dark=dark).array[inside]
    theirs = {frangi: filters.frangi, sato: filters.sato}[ridge](values, scales, black_ridges=dark)[inside]
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.99
    assert np.abs(ours - theirs).mean() < 0.01 * theirs.max()


@pytest.mark.parametrize("ridge", [frangi, sato])
def test_a_volume_gives_what_scikit_image_gives(ridge):
    values = tube() + np.random.default_rng(0).normal(0, 2, (20, 40, 40))
    ours = ridge(picture(values), sigmas_mm=(2.0,)).array[6:-6, 9:-9, 9:-9]
    peer = {frangi: filters.frangi, sato: filters.sato}[ridge]
    options = {"gamma": 50.0 / 4} if ridge is frangi else {}
    theirs = peer(values, (2.0,), black_ridges=False, **options)[6:-6, 9:-9, 9:-9]
    if ridge is frangi:  # theirs does not scale the Hessian by sigma^2
        ours = frangi(picture(values), sigmas_mm=(2.0,), structure=50.0).array[6:-6, 9:-9, 9:-9]
    np.testing.assert_allclose(ours, theirs, atol=0.03 * theirs.max())


@pytest.mark.parametrize("ridge", [frangi, sato])
@pytest.mark.parametrize("spacing_mm", [(1.0, 1.0, 1.0), (2.0, 1.0, 0.5)])
def test_a_tube_answers_alike_whatever_the_voxels(ridge, spacing_mm):
    shape = tuple(int(size / step) for size, step in zip((24, 32, 32), spacing_mm))
    result = ridge(picture(tube(shape, spacing_mm), spacing_mm), sigmas_mm=(2.0,)).array
    z, y, x = (n // 2 for n in shape)
    cubic = ridge(picture(tube((24, 32, 32))), sigmas_mm=(2.0,)).array[12, 16, 16]
    assert result[z, y, x] == pytest.approx(cubic, rel=0.05)
    assert result[z, 1, 1] < 0.05 * cubic


@pytest.mark.parametrize("ridge", [frangi, sato])
def test_flat_ground_and_the_other_polarity_give_nothing(ridge):
    assert not ridge(picture(np.full((16, 16), 9.0))).array.any()
    result = ridge(picture(tube()), sigmas_mm=(2.0,), dark=True).array
    assert result[10, 20, 20] == 0


def test_a_tube_beats_a_plate_and_a_ball():
    z, y, x = np.mgrid[-10.0:11, -10.0:11, -10.0:11]
    answers = [
        frangi(picture(100 * np.exp(-square / 8)), sigmas_mm=(2.0,), structure=20.0).array[10, 10, 10]
        for square in (y**2 + x**2, x**2, z**2 + y**2 + x**2)
    ]
    assert answers[0] > 0.5
    assert max(answers[1:]) < 0.3 * answers[0]


def test_sato_is_strongest_at_the_scale_of_the_tube():
    answers = [sato(picture(tube(radius_mm=2.0)), sigmas_mm=(s,)).array[10, 20, 20] for s in (0.8, 2.0, 5.0)]
    assert answers[1] == max(answers)


def test_colour_is_refused():
    with pytest.raises(InputError, match="colour"):
        sato(Image(np.zeros((8, 8, 3)), Grid((8, 8), "yx", (1.0, 1.0))))
