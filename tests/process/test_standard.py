import numpy as np
import pytest
from scipy import stats

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.process.standard import PERCENTILES, hu_clip, nyul, nyul_landmarks, white_stripe, z_score


def image(values, unit="HU") -> Image:
    array = np.asarray(values)
    return Image(array, Grid(array.shape, "zyx"[-array.ndim :]), unit=unit)


def mask(values) -> Mask:
    array = np.asarray(values).astype(np.uint8)
    return Mask(array, Grid(array.shape, "zyx"[-array.ndim :]))


def brain(gain=1.0, ground=0.0, seed=0) -> Image:
    """Background, grey matter at 60 and white matter at 100."""
    rng = np.random.default_rng(seed)
    tissue = rng.choice([0.0, 60.0, 100.0], (20, 30, 30), p=[0.5, 0.3, 0.2])
    return image(gain * (tissue + rng.normal(0, 3, tissue.shape)) + ground, "1")


def test_the_z_score_is_that_of_scipy():
    values = np.random.default_rng(0).normal(40, 9, (5, 6, 7))
    result = z_score(image(values))
    np.testing.assert_allclose(result.array, stats.zscore(values, axis=None), atol=1e-5)
    assert result.array.dtype == np.float32
    assert result.unit == "1"


def test_within_a_mask_the_z_score_is_that_of_its_pixels():
    values = np.random.default_rng(0).normal(40, 9, (20, 20))
    inside = values > 35
    result = z_score(image(values), mask(inside)).array[inside]
    assert result.mean() == pytest.approx(0, abs=1e-5)
    assert result.std() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("standard", [z_score, nyul, white_stripe])
def test_an_empty_mask_and_one_of_another_grid_are_refused(standard):
    with pytest.raises(InputError, match="mask is empty"):
        standard(image(np.eye(4)), mask(np.zeros((4, 4))))
    with pytest.raises(InputError, match="shape"):
        standard(image(np.eye(4)), mask(np.ones((4, 5))))


def test_hounsfield_units_are_cut():
    result = hu_clip(image(np.array([[-3024, -500, 9000]], np.int16)), high_hu=2000)
    np.testing.assert_array_equal(result.array, [[-1024, -500, 2000]])
    assert result.unit == "HU"


def test_hu_need_hu_and_an_order():
    with pytest.raises(InputError, match="unit is '1', not HU"):
        hu_clip(image([[1, 2]], "1"))
    with pytest.raises(InputError, match="got 5 and 3"):
        hu_clip(image([[1, 2]]), low_hu=5, high_hu=3)


def test_pictures_of_other_gain_become_alike_by_landmarks():
    set_of = [brain(gain, ground, seed) for seed, (gain, ground) in enumerate([(1, 0), (2.5, 40), (0.3, -7)])]
    landmarks = nyul_landmarks(set_of)
    results = [nyul(one, landmarks=landmarks).array for one in set_of]
    for result in results:
        np.testing.assert_allclose(np.percentile(result, PERCENTILES), landmarks, atol=1e-2)


def test_landmarks_of_one_picture_bring_it_to_nought_and_a_hundred():
    one = brain()
    low, high = np.percentile(one.array, [1, 99])
    expected = (one.array - low) / (high - low) * 100
    np.testing.assert_allclose(nyul(one, landmarks=nyul_landmarks([one])).array, expected, atol=1e-3)
    np.testing.assert_allclose(nyul(one).array, expected, atol=1e-3)


def test_a_gamma_curve_is_undone_at_the_landmarks():
    values = np.random.default_rng(0).uniform(0, 1, (40, 50))
    landmarks = nyul_landmarks([image(values)])
    result = nyul(image(values**2), landmarks=landmarks).array
    straight = nyul(image(values), landmarks=landmarks).array
    assert np.abs(result - straight).max() < 3


def test_much_background_at_one_value_does_no_harm():
    values = np.r_[np.zeros(600), np.linspace(1, 100, 400)].reshape(20, 50)
    result = nyul(image(values), landmarks=tuple(np.linspace(0, 100, 11))).array
    assert np.isfinite(result).all()
    assert (np.diff(result.ravel()) >= 0).all()


def test_falling_landmarks_and_a_constant_set_are_refused():
    with pytest.raises(InputError, match="must not fall"):
        nyul(brain(), landmarks=tuple(np.linspace(9, 0, 11)))
    with pytest.raises(InputError, match="got 1 pictures"):
        nyul_landmarks([image(np.ones((3, 3)))])


@pytest.mark.parametrize(("gain", "ground"), [(1, 0), (3.7, 0), (0.2, 500)])
def test_white_matter_becomes_nought_whatever_the_gain(gain, ground):
    one = brain(gain, ground)
    result = white_stripe(one).array
    white = one.array > gain * 90 + ground
    assert np.median(result[white]) == pytest.approx(0, abs=0.5)
    np.testing.assert_allclose(result, white_stripe(brain()).array, atol=0.5 + 0.02 * np.abs(result).max())
