"""Level sets find a disc on its ground, from nothing or from a first guess."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.segment import chan_vese, level_sets


def scene(noise=5.0, spacing=(1.0, 1.0)):
    y, x = np.indices((64, 64))
    truth = np.hypot((y - 31.5) * spacing[0], (x - 31.5) * spacing[1]) < 14
    values = np.where(truth, 120, 60) + np.random.default_rng(0).normal(0, noise, truth.shape)
    return Image(values.astype(np.float32), Grid(truth.shape, "yx", spacing)), truth


def dice(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


@pytest.mark.parametrize("bright", [True, False])
def test_chan_and_vese_tell_the_disc_from_its_ground(bright):
    image, truth = scene(noise=15.0)
    assert dice(chan_vese(image, bright=bright).array == 1, truth if bright else ~truth) > 0.95


def test_a_surface_shrinks_onto_the_disc_or_grows_from_within():
    image, truth = scene()
    assert dice(level_sets(image).array == 1, truth) > 0.95
    seed = np.zeros(truth.shape, np.uint8)
    seed[28:36, 28:36] = 3
    assert dice(level_sets(image, Mask(seed, image.grid), balloon=1.5).array == 1, truth) > 0.95


def test_millimetres_count_on_an_anisotropic_grid():
    image, truth = scene(spacing=(0.6, 1.2))
    assert dice(level_sets(image).array == 1, truth) > 0.93


def test_a_constant_picture_has_no_foreground_for_chan_and_vese():
    image = Image(np.ones((16, 16)), Grid((16, 16), "yx", (1.0, 1.0)))
    assert not chan_vese(image).array.any()


def test_an_empty_start_is_refused():
    image, truth = scene()
    with pytest.raises(InputError, match="the start is empty"):
        level_sets(image, Mask(np.zeros(truth.shape, np.uint8), image.grid))
