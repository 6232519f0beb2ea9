"""What every operation of `process` holds at once beside its input, its result included, in float32 pictures.

`benchmarks/memory.py` measures it in a process of its own: resident memory, so that OpenCV, numba and ITK count too. Here on
a volume that is small enough for a test, where the slabs that an operation works on still count.
"""

import runpy
from dataclasses import dataclass
from pathlib import Path

import pytest

from radiolucent.process import OPS

MEMORY = Path(__file__).parents[1] / "benchmarks" / "memory.py"
SIDE = 96
MOST = 3.5
"""Three arrays, and slabs: half of a picture that is as small as this one."""


@dataclass(frozen=True)
class More:
    """An operation that holds more than three arrays, how much, and why."""

    op: str
    arrays: float
    reason: str


DECLARED = (
    More("total_variation", 5.0, "the dual of a volume has three arrays, and the picture is the fourth"),
)  # fmt: skip


@pytest.fixture(scope="module")
def benchmark():
    monkey = pytest.MonkeyPatch()
    monkey.syspath_prepend(MEMORY.parent)
    yield runpy.run_path(str(MEMORY))
    monkey.undo()


@pytest.fixture(scope="module")
def measured(benchmark):
    return {dtype: benchmark["measured"]("", SIDE, dtype) for dtype in ("float32", "int16")}


@pytest.mark.parametrize("name", [op.__name__ for op in OPS])
def test_three_arrays_are_enough(name, measured, record_property):
    """Of integers one array more is a copy in float32, where an operation works on the whole of them."""
    most = next((one.arrays for one in DECLARED if one.op == name), MOST)
    record_property("arrays", measured["float32"][name])
    assert measured["float32"][name] <= most
    assert measured["int16"][name] <= most + 1


def test_what_takes_more_is_declared_with_a_reason(benchmark):
    assert {one.op for one in DECLARED} == set(benchmark["MORE"])
    assert all(len(one.reason.split()) >= 5 for one in DECLARED)
    assert len(DECLARED) == 1, "an operation that takes more is a decision: change the number together with it"
