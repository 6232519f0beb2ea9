import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from radiolucent.kernels.order_statistic import median_size

FINITE = st.floats(-(2.0**100), 2.0**100, width=32)


@given(arrays(np.float32, st.integers(1, 60), elements=FINITE), st.integers(1, 60))
def test_the_median_of_parts_is_numpys_of_the_whole(values, cut):
    found = median_size(lambda: [values[:cut], values[cut:]])
    assert found == pytest.approx(float(np.median(np.abs(values))), rel=1e-6)


def test_of_no_values_it_is_0():
    assert median_size(list) == 0
    assert median_size(lambda: [np.empty((0, 3), np.float32)]) == 0


def test_parts_need_not_lie_together_in_memory():
    values = np.random.default_rng(0).normal(size=(40, 30)).astype(np.float32)
    assert median_size(lambda: [values.T[::2], values.T[1::2]]) == np.float32(np.median(np.abs(values)))
