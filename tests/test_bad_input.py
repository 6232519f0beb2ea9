"""Input that cannot be worked on gets one clear sentence from every operation, never a crash and never a guess."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.flow.ops import operations
from radiolucent.testing.specimen import ball, given, specimen

STAGES = ("process", "segment", "measure")
ON_IMAGES = {name: op for name, op in operations().items() if op.stage in STAGES and op.inputs[0].kind is Image}
LENGTHS = [
    (name, parameter.name)
    for name, op in ON_IMAGES.items()
    for parameter in op.parameters
    if parameter.name in ("sigma_mm", "width_mm") and parameter.default is not None
]

every_operation = pytest.mark.parametrize("name", ON_IMAGES)


def refusal(name, image, args=None):
    """What the operation says of the image, or `None` where it works on it, which must then give finite results."""
    op = ON_IMAGES[name]
    labels = ball(specimen("3-D" if image.grid.axes == "zyx" else "2-D"))
    mask = labels.with_array(np.resize(labels.array, image.grid.shape), grid=image.grid)
    said = []
    for values in given(op, image, mask):
        try:
            op.function(*values, **op.complete(args or {}))
        except InputError as error:
            said.append(str(error))
    return said[0] if said else None


def clear(words):
    return words is not None and len(words.split()) >= 4 and "Traceback" not in words


@every_operation
def test_an_empty_picture_is_refused(name):
    for shape in ((0, 12), (0, 12, 12), (4, 0, 12)):
        axes = "zyx"[-len(shape) :]
        assert clear(refusal(name, Image(np.zeros(shape, np.float32), Grid(shape, axes, (1.0,) * len(shape)))))


@every_operation
def test_pixels_that_are_not_finite_are_counted_or_worked_around(name):
    image = specimen("3-D")
    array = image.array.copy()
    array[2, 3, 4], array[5, 6, 7] = np.nan, np.inf
    words = refusal(name, image.with_array(array))
    assert words is None or clear(words)


@every_operation
def test_complex_values_are_refused_or_worked_on(name):
    image = specimen("2-D")
    words = refusal(name, image.with_array(image.array.astype(np.complex64) * (1 + 1j)))
    assert words is None or clear(words)


@every_operation
@pytest.mark.parametrize("dtype", ["bool", "uint8", "int16", "uint16", "int32", "int64", "float16", "float64"])
def test_every_kind_of_number_is_taken_or_refused(name, dtype):
    image = specimen("2-D")
    words = refusal(name, image.with_array(np.clip(image.array, 0, 120).astype(dtype)))
    assert words is None or clear(words)


@pytest.mark.parametrize(("name", "parameter"), LENGTHS)
def test_a_length_larger_than_the_picture_is_refused(name, parameter):
    words = refusal(name, specimen("2-D"), {parameter: 5000.0})
    assert clear(words)
    assert "mm" in words


@pytest.mark.parametrize("spacing_mm", [(0.0, 1.0), (-1.0, 1.0), (np.nan, 1.0), (np.inf, 1.0)])
def test_spacing_that_is_none_is_refused(spacing_mm):
    with pytest.raises(InputError, match="spacing in mm must be positive"):
        Grid((4, 4), "yx", spacing_mm)


def test_what_is_no_number_makes_no_picture():
    with pytest.raises(InputError, match="a picture holds numbers, got"):
        Image(np.array([["a", "b"]]), Grid((1, 2), "yx"))
