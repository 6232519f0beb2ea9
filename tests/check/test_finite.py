"""Which pixels without a number are a background, and which cut into the data."""

import numpy as np
import pytest

from radiolucent.check.finite import not_finite
from radiolucent.core import Grid, Image


def volume(bad=(), value=np.nan, shape=(5, 12, 12)):
    array = np.random.default_rng(0).normal(100, 5, shape)
    for place in bad:
        array[place] = value
    return Image(array, Grid(shape, "tzyx"[-len(shape) :]))


def severity(image):
    return not_finite(image)[0].severity


def test_whole_numbers_and_finite_ones_are_passed():
    assert not_finite(volume()) == ()
    assert not_finite(Image(np.zeros((4, 4), np.uint8), Grid((4, 4), "yx"))) == ()


@pytest.mark.parametrize(
    "bad",
    [
        [np.s_[:, 0]],
        [np.s_[:, :3], np.s_[:, -2:], np.s_[:, :, :2]],
        [np.s_[2, :2, :2]],
        [np.s_[0]],
    ],
    ids=["an edge", "three margins", "a corner of one plane", "the first plane"],
)
def test_nan_towards_the_border_is_a_background_and_warned_of(bad):
    (finding,) = not_finite(volume(bad))
    assert finding.severity == "warn"
    assert "border" in finding.says


def test_nan_around_a_round_body_is_a_background():
    y, x = np.mgrid[:12, :12] - 5.5
    assert severity(volume([np.s_[:, np.hypot(y, x) > 5]])) == "warn"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([np.s_[2, 5, 6]], "1 places are enclosed"),
        ([np.s_[:, 0], np.s_[1:3, 5, 6]], "2 places are enclosed"),
        ([np.s_[2]], "planes 2 lack"),
        ([np.s_[3, :, :5]], "planes 3 lack"),
        ([np.s_[:]], "none does"),
    ],
    ids=["a pixel", "holes beside a background", "a plane between others", "nearly half of a plane", "everything"],
)
def test_nan_within_the_data_blocks(bad, words):
    (finding,) = not_finite(volume(bad))
    assert finding.severity == "block"
    assert words in finding.says


def test_an_infinity_counts_as_nan_does():
    assert severity(volume([np.s_[:, 0]], np.inf)) == "warn"
    assert severity(volume([np.s_[2, 5, 6]], -np.inf)) == "block"


def test_films_of_volumes_and_colour_are_judged_plane_by_plane():
    assert severity(volume([np.s_[:, :, 0]], shape=(2, 5, 12, 12))) == "warn"
    assert severity(volume([np.s_[1, 2]], shape=(2, 5, 12, 12))) == "block"
    colour = np.ones((6, 6, 3))
    colour[3, 3, 1] = np.nan
    assert severity(Image(colour, Grid((6, 6), "yx"))) == "block"
