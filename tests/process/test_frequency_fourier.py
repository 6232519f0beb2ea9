import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiolucent.core import Grid, Image, InputError
from radiolucent.process import fourier, inverse_fourier


def picture(shape=(12, 15), spacing_mm=None, axes="", colours=0) -> Image:
    values = np.random.default_rng(8).normal(100, 30, shape + ((colours,) if colours else ())).astype(np.float32)
    spatial = sum(axis != "t" for axis in axes or shape)
    place = {"origin_mm": (1.0, 2.0, 3.0), "direction": ((0, 0, 1.0), (0, 1.0, 0), (1.0, 0, 0))} if spatial == 3 else {}
    return Image(values, Grid(shape, axes or "zyx"[-len(shape) :], spacing_mm, **place), "MR", "1")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=3))
def test_the_inverse_restores_pictures_of_any_shape(shape):
    image = picture(tuple(shape))
    parts = fourier(image)
    restored = inverse_fourier(parts["magnitude"], parts["phase"])
    np.testing.assert_allclose(restored.array, image.array, atol=1e-3)


def test_the_inverse_restores_the_grid_and_the_unit():
    image = picture((6, 7, 8), (3.0, 0.5, 0.5))
    parts = fourier(image)
    restored = inverse_fourier(parts["magnitude"], parts["phase"])
    assert restored.grid.spacing_mm == pytest.approx(image.grid.spacing_mm)
    assert (restored.grid.origin_mm, restored.grid.direction) == (image.grid.origin_mm, image.grid.direction)
    assert (restored.unit, restored.modality) == (image.unit, image.modality)


def test_squared_magnitudes_sum_to_squared_pixels():
    image = picture()
    energy = float((fourier(image)["magnitude"].array.astype(float) ** 2).sum())
    assert energy == pytest.approx(float((image.array.astype(float) ** 2).sum()), rel=1e-6)


def test_a_wave_is_found_at_its_frequency_in_cycles_per_mm():
    x = np.arange(40) * 0.5
    wave = Image(np.broadcast_to(np.cos(2 * np.pi * 0.3 * x), (8, 40)), Grid((8, 40), "yx", (1.0, 0.5)))
    magnitude = fourier(wave)["magnitude"]
    peak = np.abs(np.argwhere(magnitude.array > 1) - [4, 20]) * magnitude.grid.spacing_mm
    np.testing.assert_allclose(peak, [[0, 0.3], [0, 0.3]])


def test_frames_and_colours_are_transformed_apart():
    image = picture((3, 8, 9), axes="tyx", colours=2)
    magnitude = fourier(image)["magnitude"].array
    alone = fourier(Image(image.array[1, ..., 0], Grid((8, 9), "yx")))["magnitude"].array
    np.testing.assert_allclose(magnitude[1, ..., 0], alone, rtol=1e-4, atol=1e-3)


def test_parts_of_two_pictures_are_refused():
    with pytest.raises(InputError, match="give the two of one picture"):
        inverse_fourier(fourier(picture())["magnitude"], fourier(picture((12, 16)))["phase"])
