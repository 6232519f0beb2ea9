import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.phantom.lung import lung


@pytest.mark.parametrize("diameter_mm", [5.0, 7.0, 12.0])
def test_the_nodule_has_its_size_and_density(diameter_mm):
    image, mask = lung(diameter_mm=diameter_mm, spacing_mm=(0.5, 0.5, 0.5), side_mm=30)
    volume_mm3 = np.count_nonzero(mask.array) * 0.5**3
    assert volume_mm3 == pytest.approx(np.pi / 6 * diameter_mm**3, rel=0.06)
    assert image.array[mask.array == 1].mean() == pytest.approx(0, abs=80)
    assert np.median(image.array) == pytest.approx(-850, abs=3)


def test_a_nodule_that_does_not_fit_is_refused():
    with pytest.raises(InputError, match="has no place in 20 mm of lung"):
        lung(diameter_mm=9, side_mm=20)


def test_the_same_seed_gives_the_same_picture():
    assert np.array_equal(lung(seed=3)[0].array, lung(seed=3)[0].array)
