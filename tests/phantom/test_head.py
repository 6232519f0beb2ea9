"""A drawn head: its parts lie where they should, in either modality."""

import numpy as np
import pytest

from radiolucent.phantom.head import head

COARSE = (6.0, 4.0, 4.0)


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_brain_and_face_do_not_meet(modality):
    image, brain, face = head(modality=modality, spacing_mm=COARSE)
    assert not ((brain.array > 0) & (face.array > 0)).any()
    assert 1.0e6 < brain.array.sum() * np.prod(COARSE) < 2.2e6
    assert image.array.shape == brain.array.shape == face.array.shape


def test_the_face_lies_before_and_below_the_brain():
    _, brain, face = head(spacing_mm=COARSE)
    places = [np.argwhere(mask.array).mean(0) for mask in (face, brain)]
    assert places[0][0] < places[1][0]
    assert places[0][1] < places[1][1]


def test_bone_surrounds_the_brain_of_a_ct():
    image, brain, _ = head(spacing_mm=COARSE)
    assert abs(image.array[brain.array > 0].mean() - 35) < 1
    assert image.array.max() > 800
    assert image.unit == "HU"


def test_a_larger_head_is_larger_and_a_seed_gives_the_same_head():
    small, large = (head(spacing_mm=COARSE, size=size)[1].array.sum() for size in (0.8, 1.1))
    assert large / small == pytest.approx((1.1 / 0.8) ** 3, rel=0.05)
    assert np.array_equal(head(spacing_mm=COARSE, seed=3)[0].array, head(spacing_mm=COARSE, seed=3)[0].array)
