import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 (its customary name)

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.process import n4


def scene(shape=(32, 36, 28)):
    """A ball within a ball, and a field over it."""
    place = [axis / size - 0.5 for axis, size in zip(np.indices(shape), shape, strict=True)]
    away = sum(one**2 for one in place)
    tissue = 2.0 + 100 * (away < 0.16) + 60 * (away < 0.05)
    field = np.exp(0.5 * place[-1] + 0.4 * place[0] * place[-1])
    noise = np.random.default_rng(0).normal(1, 0.01, shape)
    values = (tissue * field * noise).astype(np.float32)
    return Image(values, Grid(shape, "zyx"[-len(shape) :], (1.0,) * len(shape))), away < 0.05


@pytest.mark.parametrize("shape", [(32, 36, 28), (48, 40)])
@pytest.mark.parametrize("shrink", [2, 4])
def test_it_is_the_correction_of_simple_itk(shape, shrink):
    image, _ = scene(shape)
    picture = sitk.GetImageFromArray(image.array)
    inside = sitk.OtsuThreshold(picture, 0, 1, 200)
    corrector = sitk.N4BiasFieldCorrectionImageFilter()
    corrector.SetMaximumNumberOfIterations([10] * 4)
    steps = [shrink] * len(shape)
    corrector.Execute(sitk.Shrink(picture, steps), sitk.Shrink(inside, steps))
    theirs = sitk.GetArrayFromImage(picture / sitk.Exp(corrector.GetLogBiasFieldAsImage(picture)))
    np.testing.assert_allclose(n4(image, shrink=shrink, iterations=10).array, theirs, rtol=1e-5)


def test_one_tissue_becomes_even_and_its_field_is_found():
    image, core = scene()
    inside = Mask((image.array > 40).astype(np.uint8), image.grid)
    for mask in (None, inside):
        ours = n4(image, mask, shrink=2).array
        assert ours[core].std() / ours[core].mean() < image.array[core].std() / image.array[core].mean() / 3
    field = n4(image, inside, shrink=2, give="field").array
    np.testing.assert_allclose(field * n4(image, inside, shrink=2).array, image.array, rtol=1e-5)


def test_pictures_without_light_and_masks_that_do_not_fit_are_refused():
    image, _ = scene((12, 12))
    with pytest.raises(InputError, match="takes logarithms and the greatest value is -1"):
        n4(image.with_array(image.array - image.array.max() - 1))
    with pytest.raises(InputError, match="the mask is empty"):
        n4(image, Mask(np.zeros((12, 12), np.uint8), image.grid))
    with pytest.raises(InputError, match="does not lie on the picture's grid"):
        n4(image, Mask(np.ones((12, 11), np.uint8), Grid((12, 11), "yx", (1.0, 1.0))))


def test_a_constant_picture_stays():
    image = Image(np.full((9, 9, 9), 7.0), Grid((9, 9, 9), "zyx", (1.0, 1.0, 1.0)))
    np.testing.assert_array_equal(n4(image).array, image.array)
