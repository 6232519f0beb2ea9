"""Features of a pixel are what they are called, and do not depend on how fine the grid is."""

import numpy as np
import pytest

from radiolucent.kernels.pixel_features import names, pixel_features


@pytest.mark.parametrize("axes", [2, 3])
def test_there_is_a_name_for_each(axes):
    found = pixel_features(np.zeros((9,) * axes, np.float32), (1.0,) * axes, (1.0, 2.0))
    assert found.shape[-1] == len(names((1.0, 2.0), axes)) == 1 + 2 * (2 + axes)


def test_on_a_parabola_they_are_known():
    y, x = np.indices((61, 61)) - 30.0
    found = pixel_features((x**2 + 3 * y).astype(np.float32), (1.0, 1.0), (2.0,))[30, 30]
    told = dict(zip(names((2.0,), 2), found.tolist()))
    assert told["value"] == 0
    assert told["mean at 2 mm"] == pytest.approx(4, abs=0.1)
    assert told["gradient at 2 mm"] == pytest.approx(6, abs=0.01)
    assert told["bend 1 of 2 at 2 mm"] == pytest.approx(0, abs=0.05)
    assert told["bend 2 of 2 at 2 mm"] == pytest.approx(8, abs=0.1)


def test_a_finer_grid_gives_the_same_in_the_same_place():
    def wave(step):
        x = np.arange(0, 60, step)
        return pixel_features(np.cos(np.add.outer(x, x) / 8).astype(np.float32), (step, step), (2.0,))

    np.testing.assert_allclose(wave(0.5)[20:-20:2, 20:-20:2], wave(1.0)[10:-10, 10:-10], atol=0.03)
