import numpy as np
import pytest
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.flow.radiomics import features_of, filters_of
from radiolucent.measure import intensity, radiomics
from radiolucent.measure.radiomics import Settings

GRID = Grid((10, 16, 18), "zyx", (2.0, 1.0, 1.0))
GREY = ndimage.gaussian_filter(np.random.default_rng(1).normal(100, 60, GRID.shape), 1).astype(np.float32)
INSIDE = np.zeros(GRID.shape, np.uint8)
INSIDE[3:7, 4:12, 5:13] = 1
IMAGE, MASK = Image(GREY, GRID), Mask(INSIDE, GRID)


def test_without_a_filter_the_features_are_those_of_the_operation():
    found, remarks = features_of(IMAGE, MASK, 1, Settings())
    assert found == radiomics(IMAGE, MASK)
    assert remarks == ()


def test_names_of_features_carry_the_filter():
    found, _ = features_of(IMAGE, MASK, 1, Settings(), filters_of(["log:sigma_mm=1.5"]))
    assert "log_sigma_mm_1p5_glcm_contrast" in found
    assert not [name for name in found if name.startswith("log") and "morphology" in name]


def test_a_filtered_feature_is_that_of_the_filtered_picture():
    (one,) = filters_of(["mean:width_mm=6"])
    found, _ = features_of(IMAGE, MASK, 1, Settings(), [one])
    assert found["mean_width_mm_6_intensity_variance"] == intensity(one.response(IMAGE), MASK)["variance"]


def test_re_segmentation_goes_by_the_grey_values_before_the_filter():
    settings = Settings(range_low=100.0)
    (one,) = filters_of(["mean:width_mm=6"])
    found, _ = features_of(IMAGE, MASK, 1, settings, [one])
    kept = Mask(INSIDE * (GREY >= 100), GRID)
    assert found["mean_width_mm_6_intensity_mean"] == intensity(one.response(IMAGE), kept)["mean"]


def test_a_filter_after_resampling_sees_the_whole_picture():
    settings = Settings(spacing_mm=2.0)
    (one,) = filters_of(["log:sigma_mm=2"])
    found, _ = features_of(IMAGE, MASK, 1, settings, [one])
    assert np.isfinite(list(found.values())).all()
    assert found["log_sigma_mm_2_intensity_range"] > 0


def test_a_wavelet_without_a_band_means_seven_bands():
    names = [one.name for one in filters_of(["wavelet:wavelet=coif1"])]
    assert len(names) == 7
    assert "wavelet_coif1_HHL" in names


def test_what_is_undefined_of_a_response_is_told():
    flat = Image(np.full(GRID.shape, 5.0, np.float32), GRID)
    found, remarks = features_of(flat, MASK, 1, Settings(), filters_of(["log:sigma_mm=1.5"]))
    assert len(remarks) == 2
    assert "log_sigma_mm_1p5" in remarks[1].says
    assert np.isfinite(list(found.values())).all()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["log:sigma_mm"], "no filter; write NAME:ARGUMENT=VALUE"),
        (["logg:sigma_mm=3"], "did you mean"),
        (["log:sigma=3"], "did you mean"),
        (["log:sigma_mm=-3"], "greater than 0"),
        (["resample_mask:spacing_mm=2"], "is no filter"),
        (["log:sigma_mm=3", "log:sigma_mm=3"], "asked for twice"),
    ],
)
def test_a_word_that_is_no_filter_says_what_one_looks_like(words, says):
    with pytest.raises(InputError, match=says):
        filters_of(words)


def test_an_operation_that_changes_the_grid_is_no_filter():
    with pytest.raises(InputError, match="same grid"):
        features_of(IMAGE, MASK, 1, Settings(), filters_of(["resample:spacing_mm=3"]))
