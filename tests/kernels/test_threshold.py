"""Each rule's threshold is scikit-image's for the same histogram, and Otsu's several are the best of all."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data, filters

from radiolucent.kernels import threshold as rules


@pytest.fixture(scope="module")
def picture():
    return data.camera()[::2, ::2] + np.random.default_rng(0).random((256, 256))


@given(st.integers(0, 2**32 - 1), st.integers(2, 300), st.sampled_from(["float32", "float64", "uint8", "int16"]))
def test_counts_and_edges_are_numpys(seed, bins, dtype):
    values = (np.random.default_rng(seed).normal(size=200) * 40 + 120).astype(dtype)
    expected, edges = np.histogram(values, bins, (float(values.min()), float(values.max())))
    counts, found = rules.histogram(values, bins, float(values.min()), float(values.max()))
    np.testing.assert_allclose(found, edges)
    np.testing.assert_array_equal(counts, expected)


def histogram(picture, bins=256):
    counts, edges = np.histogram(picture, bins)
    return counts, (edges[1:] + edges[:-1]) / 2


@pytest.mark.parametrize("name", ["yen", "triangle", "isodata", "minimum"])
@pytest.mark.parametrize("turned", [1, -1])
def test_a_rule_is_scikit_images(picture, name, turned):
    found = getattr(rules, name)(*histogram(turned * picture))
    assert found == pytest.approx(getattr(filters, f"threshold_{name}")(turned * picture), abs=1e-6)


def test_least_cross_entropy_is_scikit_images_up_to_the_bins(picture):
    counts, middles = histogram(picture, 4096)
    assert rules.li(counts, middles, 1e-3) == pytest.approx(filters.threshold_li(picture), abs=0.1)


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_several_thresholds_are_scikit_images(picture, classes):
    found = rules.several(*histogram(picture), classes)
    np.testing.assert_allclose(found, filters.threshold_multiotsu(picture, classes))


@given(st.lists(st.integers(0, 20), min_size=6, max_size=9), st.integers(2, 4))
def test_no_other_thresholds_part_better(counts, classes):
    counts, level = np.array(counts), np.arange(len(counts), dtype=float)
    if (counts > 0).sum() <= classes:
        return

    def between(cuts):
        label = np.digitize(level, cuts, right=True)
        size, total = np.bincount(label, counts), np.bincount(label, counts * level)
        return (total[size > 0] ** 2 / size[size > 0]).sum()

    best = max(between(cuts) for cuts in combinations(level[:-1], classes - 1))
    assert between(rules.several(counts, level, classes)) == pytest.approx(best)
