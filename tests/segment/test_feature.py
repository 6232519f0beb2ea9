import numpy as np
import pytest
from skimage.filters import threshold_otsu

from radiolucent.core import Grid, Image, InputError
from radiolucent.segment import otsu


def two_classes(shape: tuple[int, ...], dtype: str = "float32") -> Image:
    random = np.random.default_rng(0)
    values = np.where(random.random(shape) < 0.3, random.normal(180, 15, shape), random.normal(60, 20, shape))
    return Image(np.clip(values, 0, 255).astype(dtype), Grid(shape, "tzyx"[-len(shape) :]))


@pytest.mark.parametrize("shape", [(50, 40), (12, 20, 18), (2, 8, 12, 10)])
@pytest.mark.parametrize("dtype", ["float32", "uint8", "int16"])
def test_the_split_is_that_of_scikit_image(shape, dtype):
    image = two_classes(shape, dtype)
    theirs = image.array > threshold_otsu(image.array.astype(float))
    assert (otsu(image).array.astype(bool) == theirs).mean() > 0.999


def test_the_darker_class_is_the_other_one():
    image = two_classes((30, 30))
    bright, dark = otsu(image), otsu(image, bright=False)
    assert ((bright.array + dark.array) == 1).all()
    assert (bright.names[1], dark.names[1]) == ("bright", "dark")


def test_between_two_levels_the_threshold_lies_in_the_middle_of_the_gap():
    image = Image(np.array([[0, 0, 100, 100]], np.float32), Grid((1, 4), "yx"))
    np.testing.assert_array_equal(otsu(image).array, [[0, 0, 1, 1]])


def test_a_constant_picture_has_no_foreground():
    assert not otsu(Image(np.full((5, 5), 3), Grid((5, 5), "yx"))).array.any()


def test_colour_is_refused():
    with pytest.raises(InputError, match="colour"):
        otsu(Image(np.zeros((5, 5, 3)), Grid((5, 5), "yx")))
