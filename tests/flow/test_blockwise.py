"""Blocks equal the whole, for every operation that declares its reach."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image, InputError
from radiolucent.flow.blockwise import _file_backed, applied, slabs
from radiolucent.flow.ops import STAGES, _modules, operation, reach_of
from radiolucent.process import OPS
from radiolucent.process.reach import WHOLE
from radiolucent.testing.specimen import specimen

DECLARED = [
    f"{stage}.{reach.op}" for stage in STAGES for module in _modules(stage) for reach in getattr(module, "REACHES", ())
]
KINDS = ("2-D", "3-D", "anisotropic")
OTHERS = {
    "process.gaussian": [{"sigma_mm": 2.5, "boundary": "mirror"}, {"sigma_mm": 0.7, "boundary": "constant"}],
    "process.mean": [{"width_mm": 7.0, "boundary": "nearest"}],
    "process.median": [{"width_mm": 5.0}, {"width_mm": 3.0, "boundary": "constant"}],
    "process.laws": [{"kernels": "E3", "energy_mm": 4.0}],
    "process.laplacian_of_gaussian": [{"cutoff": 3.0, "boundary": "constant"}],
    "process.perona_malik": [{"edge": 8.0}],
    "process.window": [{"center": 20.0, "width": 80.0}, {"preset": "brain"}],
    "process.lee": [{"speckle": 0.2, "zero": -60.0}, {"speckle": 0.3, "zero": 0.0, "width_mm": 7.0}],
    "process.frost": [{"zero": -60.0}, {"zero": 10.0, "width_mm": 4.0, "damping": 5.0}],
    "process.srad": [{"speckle": 0.2, "zero": -60.0, "steps": 3}],
    "process.bilateral": [{"sigma_value": 20.0}, {"sigma_value": 20.0, "sigma_mm": 1.6}],
    "process.non_local_means": [{"noise": 4.0}, {"noise": 4.0, "patch_mm": 5.0, "search_mm": 2.0}],
    "process.gabor": [{"sigma_mm": 1.0, "boundary": "constant"}, {"by_slice": True}, {"sigma_mm": 1.0, "aspect": 0.5}],
    "process.wavelet_response": [{"wavelet": "db2", "level": 2}, {"wavelet": "bior2.2", "band": "L"}],
    "process.unring": [{"along": "x"}],
    "process.undersample": [{"along": "x", "random_seed": 3}],
    "process.fill_not_finite": [{"method": "value"}],
    "process.invert": [{"low": 0.0, "high": 100.0}],
    "process.temporal": [{"statistic": "mean", "frames": 5}],
}
"""Arguments besides the defaults."""

CASES = [(name, args) for name in DECLARED for args in ({}, *OTHERS.get(name, ()))]


def series() -> Image:
    array = np.random.default_rng(0).normal(0, 50, (11, 12, 14)).astype(np.float32)
    return Image(array, Grid((11, 12, 14), "tyx", (1.0, 1.0), tuple(0.1 * k for k in range(11))), "US", "HU")


@pytest.mark.parametrize(("name", "args"), CASES, ids=[f"{name}-{len(args)}" for name, args in CASES])
def test_blocks_equal_the_whole(name, args):
    op = operation(name)
    complete = op.complete(args)
    worked = 0
    for image in (*(specimen(kind) for kind in KINDS), series()):
        try:
            whole = op.function(image, **complete)
        except InputError:
            continue
        parts = slabs(op, image, complete, block_mb=1e-6)
        if parts is None:
            continue
        assert len(parts) == image.grid.shape[0], "slabs of one index each are the hardest"
        for block_mb in (1e-6, 3 * 4 * 6 * image.array[0].size / 2**20):
            again = applied(op, [image], complete, block_mb=block_mb)
            span = float(np.ptp(whole.array)) or 1.0
            assert np.abs(whole.array - again.array).max() <= 2e-6 * span
            assert again.grid == whole.grid
            assert (again.unit, again.modality, again.array.dtype) == (whole.unit, whole.modality, whole.array.dtype)
        worked += 1
    assert worked or args == {}, "these arguments were never tried"


def test_every_declared_reach_names_an_operation_and_is_tried():
    tried = {name for name, args in CASES if slabs_exist(name, args)}
    assert tried == set(DECLARED)
    assert len(DECLARED) == len(set(DECLARED)) >= 24


def test_every_operation_on_a_picture_declares_its_reach_or_says_why_it_needs_the_whole():
    names = {op.__name__ for op in OPS}
    reaching = {name.partition(".")[2] for name in DECLARED if name.startswith("process.")}
    assert reaching | set(WHOLE) == names
    assert not reaching & set(WHOLE)


def slabs_exist(name, args):
    op = operation(name)
    image = series() if name == "process.temporal" else specimen("3-D")
    return slabs(op, image, op.complete(args), block_mb=1e-6) is not None


def test_what_needs_the_whole_picture_gets_it():
    image = specimen("3-D")
    for name, args in [
        ("process.window", {}),
        ("process.perona_malik", {}),
        ("process.gaussian", {"boundary": "wrap"}),
        ("process.clahe", {}),
    ]:
        op = operation(name)
        complete = op.complete(args)
        assert slabs(op, image, complete, block_mb=1e-6) is None
        applied(op, [image], complete, block_mb=1e-6)


def is_mapped(array):
    while isinstance(array, np.ndarray):
        if isinstance(array, np.memmap):
            return True
        array = array.base
    return False


def test_a_small_picture_is_done_whole_without_being_asked():
    op, image = operation("process.gaussian"), specimen("3-D")
    assert not is_mapped(applied(op, [image], op.complete({})).array)


def test_a_lack_of_memory_calls_for_slabs(monkeypatch):
    class Little:
        available = 20_000

    monkeypatch.setattr("radiolucent.flow.blockwise.psutil.virtual_memory", lambda: Little)
    op, image = operation("process.gaussian"), specimen("3-D")
    again = applied(op, [image], op.complete({}))
    assert is_mapped(again.array)
    np.testing.assert_allclose(again.array, op.function(image).array, atol=1e-4)


def test_a_file_backed_array_outlives_its_file():
    array = _file_backed((3, 4), np.dtype(np.float32))
    array[1] = 7
    assert array.sum() == 28


def test_an_operation_without_a_reach_declares_none():
    assert reach_of(operation("process.clahe")) is None
    assert reach_of(operation("process.gaussian")) is not None
