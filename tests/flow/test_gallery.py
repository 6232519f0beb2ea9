"""The gallery: every kind of result becomes a picture, a refusal a sentence."""

import numpy as np
import pytest
from skimage import data

from radiolucent.core import Grid, Image
from radiolucent.flow.gallery import SENSIBLE, drawn, plane, shots
from radiolucent.flow.ops import operation, operations

FLAT = Image(data.camera()[:160:2, 160:320:2].copy(), Grid((80, 80), "yx", (1.0, 1.0)), "DX")
DEEP = Image(np.stack([FLAT.array] * 4), Grid((4, 80, 80), "zyx", (2.0, 1.0, 1.0)), "CT")
PNG = b"\x89PNG"


@pytest.mark.parametrize(
    "name",
    [
        *("process.gaussian", "process.compress", "process.fourier", "process.inverse_fourier", "process.crop"),
        *("process.match_histogram", "segment.otsu", "segment.watershed", "measure.sift"),
    ],
)
def test_an_operation_is_shown_before_and_after(name):
    for one in shots({"flat": FLAT, "deep": DEEP}, [name]):
        assert one.before.startswith(PNG), one.remark
        assert one.after.startswith(PNG)
        assert one.seconds >= 0
        assert one.command.startswith(f"radiolucent {name.replace('.', ' ')} IN OUT")


def test_numbers_are_shown_as_numbers():
    (one,) = shots({"flat": FLAT}, ["measure.intensity"])
    assert one.after is None
    assert len(one.numbers) > 5


def test_what_an_operation_refuses_is_told():
    (one,) = shots({"flat": FLAT}, ["process.temporal"])
    assert one.before is None
    assert "frames over time" in one.remark


def test_what_takes_one_slice_gets_the_middle_one():
    (one,) = shots({"deep": DEEP}, ["measure.orb"])
    assert one.after is not None


def test_a_constant_result_is_remarked():
    constant = FLAT.with_array(np.full((80, 80), 7, np.uint8))
    (one,) = shots({"flat": constant}, ["process.gaussian"])
    assert one.remark == "the picture is constant"


def test_the_plane_of_a_volume_is_its_middle_slice_and_of_complex_values_their_size():
    assert plane(DEEP).shape == (80, 80)
    spectrum = FLAT.with_array(np.full((80, 80), 3 + 4j))
    assert plane(spectrum)[0, 0] == 5
    assert drawn(FLAT, spectrum).startswith(PNG)


def test_sensible_arguments_are_accepted():
    for name, args in SENSIBLE.items():
        assert name in operations()
        operation(name).complete(args)
