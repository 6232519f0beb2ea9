"""Text in pixels is told, with its place; anatomy and small pictures are left in peace."""

import numpy as np
from rendered_text import rendered

from radiolucent.check.lettering import lettering
from radiolucent.core import Grid, Image


def picture(shape=(96, 160), *, text=""):
    planes = np.random.default_rng(0).normal(100, 4, shape).astype(np.float32)
    if text:
        ink = rendered(text, None, 16)
        planes[..., 30 : 30 + ink.shape[0], 20 : 20 + ink.shape[1]] += 100 * ink
    return Image(planes, Grid(shape, "zyx"[-len(shape) :]))


def test_text_is_told_with_its_place():
    (finding,) = lettering(picture(text="ROE 1951"))
    assert finding.code == "intensity.lettering"
    assert finding.severity == "info"
    assert finding.where.startswith("rows ")
    assert finding.unit == "places"


def test_text_in_every_plane_is_told_once():
    (finding,) = lettering(picture((7, 96, 160), text="ROE 1951"))
    assert finding.value >= 1


def test_a_picture_without_text_raises_no_alarm():
    assert lettering(picture()) == ()
    assert lettering(picture((3, 96, 160))) == ()


def test_pictures_too_small_to_hold_a_name_are_not_looked_at():
    assert lettering(picture((40, 160))) == ()


def test_stricter_limits_tell_less():
    assert lettering(picture(text="ROE 1951"), blocks=10_000) == ()
