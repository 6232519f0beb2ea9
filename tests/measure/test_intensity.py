import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.measure import intensity
from radiolucent.measure.intensity import IBSI_CODES, first_order

VALUES = np.random.default_rng(0).gamma(2, 30, (6, 9, 8)).astype(np.float32)
GRID = Grid(VALUES.shape, "zyx", (2.0, 1.0, 1.0))


def test_the_moments_equal_scipy():
    found = intensity(Image(VALUES, GRID))
    assert found["mean"] == pytest.approx(VALUES.mean(dtype=float))
    assert found["variance"] == pytest.approx(VALUES.var(dtype=float))
    assert found["skewness"] == pytest.approx(stats.skew(VALUES.ravel().astype(float)))
    assert found["excess_kurtosis"] == pytest.approx(stats.kurtosis(VALUES.ravel().astype(float)))
    assert found["interquartile_range"] == pytest.approx(stats.iqr(VALUES.astype(float)), rel=1e-6)


def test_entropy_and_uniformity_are_those_of_the_histogram():
    counts, _ = np.histogram(VALUES, 16)
    found = intensity(Image(VALUES, GRID), bins=16)
    assert found["entropy"] == pytest.approx(stats.entropy(counts, base=2))
    assert found["uniformity"] == pytest.approx(((counts / counts.sum()) ** 2).sum())


def test_only_the_label_counts():
    labels = np.zeros(VALUES.shape, np.uint8)
    labels[:2], labels[2:4] = 1, 5
    found = intensity(Image(VALUES, GRID), Mask(labels, GRID), label=5)
    assert found["mean"] == pytest.approx(VALUES[2:4].mean(dtype=float))


def test_a_constant_region_has_numbers_and_no_nan():
    found = intensity(Image(np.zeros((4, 4)), Grid((4, 4), "yx")))
    assert found["variance"] == found["skewness"] == found["excess_kurtosis"] == found["entropy"] == 0
    assert found["uniformity"] == 1
    assert "coefficient_of_variation" not in found


@given(hnp.arrays(np.float32, st.integers(1, 12), elements=st.floats(-1e4, 1e4, width=32)))
@settings(max_examples=100, deadline=None)
def test_every_number_is_finite_for_any_values(values):
    found = first_order(values)
    assert set(found) <= set(IBSI_CODES)
    assert np.isfinite(list(found.values())).all()


def test_an_absent_label_is_refused_with_those_that_are_there():
    labels = np.full(VALUES.shape, 3, np.uint8)
    with pytest.raises(InputError, match=r"label 2 has no pixel in the mask; labels present: \[3\]"):
        intensity(Image(VALUES, GRID), Mask(labels, GRID), label=2)


def test_an_empty_mask_is_said_to_be_empty():
    with pytest.raises(InputError, match="it is empty"):
        intensity(Image(VALUES, GRID), Mask(np.zeros(VALUES.shape, np.uint8), GRID))


def test_a_mask_of_another_place_is_refused_with_the_distance():
    place = {"origin_mm": (0.0, 0.0, 0.0), "direction": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0))}
    here = Grid(VALUES.shape, "zyx", (2.0, 1.0, 1.0), **place)
    there = Grid(VALUES.shape, "zyx", (2.0, 1.0, 1.0), **(place | {"origin_mm": (5.0, 0.0, 0.0)}))
    with pytest.raises(InputError, match="5 mm apart"):
        intensity(Image(VALUES, here), Mask(np.ones(VALUES.shape, np.uint8), there))


def test_missing_pixels_are_counted():
    holed = VALUES.copy()
    holed[0, 0, :3] = np.nan
    with pytest.raises(InputError, match="3 of 432 pixels"):
        intensity(Image(holed, GRID))


def test_a_range_and_an_outlier_filter_say_which_values_count():
    flat = VALUES.ravel().astype(float)
    low, high = np.percentile(flat, [20, 70])
    found = intensity(Image(VALUES, GRID), range_low=float(low), range_high=float(high), outlier_sigma=1.0)
    kept = flat[(flat >= low) & (flat <= high) & (np.abs(flat - flat.mean()) <= flat.std())]
    assert found["mean"] == pytest.approx(kept.mean())
    assert found["variance"] == pytest.approx(kept.var())


def test_a_range_without_a_value_is_refused():
    with pytest.raises(InputError, match="widen the range"):
        intensity(Image(VALUES, GRID), range_low=1e8)
