"""Numbers with intervals, and nothing that JSON cannot hold."""

import json

import numpy as np
import pytest
from scipy.stats import binomtest

from radiolucent.evaluate import figure, plain


def test_the_interval_is_the_middle_95_percent_of_the_replicates():
    assert figure(0.5, np.linspace(0, 1, 1001)) == pytest.approx({"value": 0.5, "low": 0.025, "high": 0.975})


def test_too_few_defined_replicates_give_no_bounds():
    samples = np.linspace(0, 1, 100)
    samples[:4] = np.nan
    assert figure(0.5, samples)["low"] is not None
    samples[:6] = np.nan
    assert figure(0.5, samples) == {"value": 0.5, "low": None, "high": None}


def test_20_right_of_20_patients_have_the_exact_binomial_interval():
    for n in (1, 20, 300):
        exact = binomtest(n, n).proportion_ci(method="exact")
        assert figure(1.0, np.ones(50), patients=n) == pytest.approx({"value": 1, "low": exact.low, "high": 1})
        assert figure(0.0, np.zeros(50), patients=n) == pytest.approx({"value": 0, "low": 0, "high": 1 - exact.low})


def test_replicates_that_differ_keep_their_percentiles():
    samples = np.r_[np.ones(90), np.full(10, 0.9)]
    assert figure(1.0, samples, patients=20) == {"value": 1.0, "low": 0.9, "high": 1.0}


def test_an_undefined_value_has_no_bounds_either():
    assert figure(np.nan, [0.1, 0.2]) == figure(None) == {"value": None, "low": None, "high": None}


def test_plain_values_go_through_strict_json():
    value = {
        1: np.float32(0.5),
        "a": np.array([1.0, np.nan]),
        "b": (np.int64(3), np.bool_(True), float("inf"), None, "x"),
    }
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == {
        "1": 0.5,
        "a": [1.0, None],
        "b": [3, True, None, None, "x"],
    }
