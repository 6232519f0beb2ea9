import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure.local import RADIUS_MM, local_intensity

VOLUME = np.random.default_rng(2).normal(size=(9, 14, 16))
SPACING = (3.0, 1.5, 1.2)


def image(spacing=SPACING) -> Image:
    return Image(VOLUME, Grid(VOLUME.shape, "zyx"[-VOLUME.ndim :], spacing))


def ball_mean(place):
    away = np.sqrt((((np.indices(VOLUME.shape).T - place) * SPACING) ** 2).sum(-1)).T
    return VOLUME[away <= RADIUS_MM].mean()


def test_the_local_peak_is_the_mean_of_a_cubic_centimetre_around_the_brightest_voxel():
    brightest = np.unravel_index(np.argmax(VOLUME), VOLUME.shape)
    assert local_intensity(image())["local_peak"] == pytest.approx(ball_mean(brightest))


def test_the_global_peak_is_the_highest_around_any_voxel_of_the_region():
    inside = np.zeros(VOLUME.shape, np.uint8)
    inside[3:6, 4:8, 5:9] = 1
    found = local_intensity(image(), Mask(inside, image().grid))
    assert found["global_peak"] == pytest.approx(max(ball_mean(place) for place in np.argwhere(inside)))


def test_a_picture_without_spacing_is_refused():
    with pytest.raises(InputError, match="--spacing-mm"):
        local_intensity(image(None))
