"""Which machine made a picture: header, numbers, look, and where they differ."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.recognise.modality import PRIOR, modality, seen_as

RNG = np.random.default_rng(0)


def picture(array, **more):
    array = np.asarray(array)
    return Image(array, Grid(array.shape, "tzyx"[-array.ndim :]), **more)


def head_ct():
    z, y, x = np.mgrid[-1:1:8j, -1:1:64j, -1:1:64j]
    r = np.hypot(y / 0.8, x / 0.7) + 0 * z
    return np.where(r < 0.75, 40, np.where(r < 0.85, 900, -1000)).astype(np.int16) + RNG.integers(-5, 5, (8, 64, 64))


def speckle():
    """Grain as of sound: fine in depth, wide across."""
    noise = RNG.rayleigh(1, (128, 128))
    wide = np.apply_along_axis(lambda row: np.convolve(row, np.ones(9) / 9, "same"), 1, noise)
    return (80 * wide / wide.mean() + 20).clip(0, 255).astype(np.uint8)


def codes(found):
    return [one.code for one in found]


def test_a_stack_in_hounsfield_units_is_ct():
    shares, because = seen_as(picture(head_ct()))
    assert shares["CT"] > 0.95
    assert "Hounsfield" in " ".join(because)
    assert sum(shares.values()) == pytest.approx(1)


def test_grain_that_is_wide_and_thin_is_ultrasound():
    assert max(seen_as(picture(speckle()))[0].items(), key=lambda item: item[1])[0] == "US"


def test_the_header_is_told_first_and_a_look_that_agrees_is_no_warning():
    found = modality(picture(head_ct(), modality="CT"))
    assert codes(found) == ["recognise.modality", "recognise.modality_by_look"]
    assert {one.severity for one in found} == {"info"}


def test_a_header_that_says_radiograph_of_a_ct_stack_is_warned_of():
    found = modality(picture(head_ct(), modality="CR"))
    assert codes(found)[-1] == "recognise.modality_differs"
    assert found[-1].severity == "warn"
    assert "CR" in found[-1].says
    assert "CT" in found[-1].says


def test_a_constant_picture_and_a_mask_tell_nothing():
    for array in (np.zeros((32, 32), np.uint8), (RNG.random((32, 32)) > 0.5).astype(np.uint8)):
        shares, because = seen_as(picture(array))
        assert set(shares.values()) == {1 / len(PRIOR)}
        assert because
        assert modality(picture(array))[0].probability is None


def test_what_no_evidence_speaks_of_is_said_to_be_unknown():
    found = modality(picture(speckle()), least=0.999)
    assert len(found) == 1
    assert "do not tell" in found[0].says
