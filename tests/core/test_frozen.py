"""Values do not change, and equal values have equal fingerprints."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from radiolucent.core import Case, FrozenMap, Grid, Image, InputError, Step, fingerprint, freeze, read_only


def test_the_callers_array_stays_writeable_and_the_value_does_not_change():
    array = np.zeros((2, 3))
    image = Image(array, Grid((2, 3), "yx"))
    array[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        image.array[0, 0] = 2


def test_what_is_frozen_is_frozen_all_the_way_down():
    frozen = freeze({"a": [1, {"b": [2]}]})
    assert frozen == {"a": (1, {"b": (2,)})}
    with pytest.raises(TypeError):
        frozen["a"] = 1
    assert pickle.loads(pickle.dumps(frozen)) == frozen
    assert repr(FrozenMap({"a": 1})) == "{'a': 1}"


@given(st.sampled_from(["f2", "f4", ">i2", "c8", "c16", "?", "u1", "i8"]), hnp.array_shapes(max_dims=3, max_side=4))
def test_equal_content_has_the_equal_fingerprint_whatever_the_layout(kind, shape):
    array = (np.arange(np.prod(shape)) % 2).astype(kind).reshape(shape)
    assert fingerprint(array) == fingerprint(np.asfortranarray(array)) == fingerprint(read_only(array.copy()))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.zeros(2), np.zeros((2, 1))),
        (np.zeros(2, "f4"), np.zeros(2, "i4")),
        ({"a": 1}, {"b": 1}),
        (["ab", "c"], ["a", "bc"]),
        (1, 1.0),
        (Step("a"), Step("b")),
        ([[1], 2], [[1, 2]]),
    ],
)
def test_other_content_has_another_fingerprint(a, b):
    assert fingerprint(a) != fingerprint(b)


def test_the_order_of_a_mapping_does_not_matter():
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


def test_a_fingerprint_is_the_same_in_another_process():
    case = Case("k", facts={"sex": "F", "age_years": 40}, features={"b": 1.5, "a": 2.0})
    code = (
        "from radiolucent.core import Case;"
        "print(Case('k', facts={'age_years': 40, 'sex': 'F'}, features={'a': 2.0, 'b': 1.5}).fingerprint())"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == case.fingerprint()


def test_a_fact_that_could_identify_has_no_place():
    with pytest.raises(InputError, match="the list is closed"):
        Case("k", facts={"name": "A"})
