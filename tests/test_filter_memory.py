"""What a filter holds at once beside the picture it was given, its result included, in multiples of a float32 picture."""

import tracemalloc

import numpy as np
import pytest

from radiolucent import process
from radiolucent.core import Grid, Image

MOST = 3.3
"""Three arrays, and buffers that do not grow with the picture."""
SHAPE = (96, 96, 96)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("gaussian", {}), ("mean", {}), ("median", {"width_mm": 5.0}), ("unsharp_mask", {}),
        ("laplacian_of_gaussian", {}), ("low_pass", {}), ("high_pass", {}), ("notch", {}), ("suppress_ringing", {}),
        ("deconvolve", {}), ("bilateral", {"sigma_value": 100.0}), ("white_top_hat", {}), ("z_score", {}),
        ("resample", {"spacing_mm": 1.2}), ("n4", {"iterations": 1, "levels": 1, "shrink": 16}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dtype", ["float32", "int16"])
def test_three_arrays_are_enough(name, given, dtype, record_property):
    values = np.random.default_rng(0).normal(1000, 200, SHAPE).clip(1, 4000).astype(dtype)
    image = Image(values, Grid(SHAPE, "zyx", (1.0, 1.0, 1.0)))
    op = getattr(process, name)
    op(Image(values[:8, :8, :8], Grid((8, 8, 8), "zyx", (1.0, 1.0, 1.0))), **given)  # compiles
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    op(image, **given)
    most = (tracemalloc.get_traced_memory()[1] - before) / (4 * values.size)
    tracemalloc.stop()
    record_property("arrays", most)
    assert most <= MOST
