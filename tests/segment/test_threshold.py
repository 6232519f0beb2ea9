"""One threshold, several, or one for each place: as scikit-image has it."""

import numpy as np
import pytest
from skimage import data, filters

from radiolucent.core import Grid, Image, InputError
from radiolucent.segment import multi_otsu, sauvola, threshold


def camera():
    picture = (data.camera()[::2, ::2] + np.random.default_rng(0).random((256, 256))).astype(np.float32)
    return Image(picture, Grid(picture.shape, "yx", (1.0, 1.0)))


@pytest.mark.parametrize("method", ["li", "yen", "triangle", "isodata", "minimum"])
def test_a_threshold_is_scikit_images(method):
    image = camera()
    expected = image.array > getattr(filters, f"threshold_{method}")(image.array.astype(float))
    assert (threshold(image, method=method).array == expected).mean() > 0.995
    dark = threshold(image, method=method, bright=False).array
    assert (dark != threshold(image, method=method).array).all()


def test_several_classes_are_scikit_images():
    image = camera()
    cuts = filters.threshold_multiotsu(image.array.astype(float), 4)
    assert (multi_otsu(image, classes=4).array == np.digitize(image.array, cuts) + 1).mean() > 0.999


@pytest.mark.parametrize("bright", [True, False])
def test_a_local_threshold_is_scikit_images(bright):
    image = camera()
    grey = (image.array - image.array.min()) / np.ptp(image.array)
    grey = 1 - grey if bright else grey
    expected = grey < filters.threshold_sauvola(grey.astype(float), 15, k=0.2, r=0.5)
    assert (sauvola(image, bright=bright).array == expected).mean() > 0.999


def test_a_histogram_with_one_peak_has_no_valley():
    image = camera().with_array(np.sqrt(np.linspace(0, 1, 65536)).reshape(256, 256))
    with pytest.raises(InputError, match="no two peaks"):
        threshold(image, method="minimum")


def test_a_constant_picture_has_no_foreground_and_is_one_class():
    flat = Image(np.full((6, 6), 3), Grid((6, 6), "yx", (1.0, 1.0)))
    assert not threshold(flat).array.any()
    assert not sauvola(flat, width_mm=3.0).array.any()
    assert (multi_otsu(flat).array == 1).all()


@pytest.mark.parametrize("method", ["li", "yen", "triangle", "isodata", "minimum"])
def test_grey_values_may_be_scaled_and_shifted(method):
    image = camera()
    turned = image.with_array(image.array * 4 - 100)
    assert (threshold(image, method=method).array == threshold(turned, method=method).array).mean() > 0.999


def test_colour_is_refused():
    with pytest.raises(InputError, match="colour"):
        threshold(Image(np.zeros((5, 5, 3)), Grid((5, 5), "yx")))
