"""MATLAB R2012a: one level of the discrete wavelet transform at every boundary mode (PyWavelets' test data)."""

from functools import cache

import numpy as np
import pytest
from shared import shared

from radiolucent.kernels.wavelet import transform

MODES = {
    "zpd": "constant",
    "sp0": "nearest",
    "sym": "reflect",
    "symw": "mirror",
    "ppd": "wrap",
    "sp1": "smooth",
    "per": "periodization",
    "asym": "antireflect",
    "asymw": "antimirror",
}


@cache
def responses():
    with np.load(shared("reference/filter-pywt/dwt_matlab_dev_db_coif.npz")) as archive:
        return dict(archive)


def rmse(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(ours - theirs))))


@pytest.mark.filterwarnings("ignore:Level value")
@pytest.mark.parametrize("mode", MODES)
def test_every_daubechies_and_coiflet_is_that_of_matlab(mode, record_property):
    data = responses()
    cases = [name.removeprefix("in_") for name in data if name.startswith("in_")]
    worst = 0.0
    for case in cases:
        coarse, detail = transform(data[f"in_{case}"].astype(np.float64), (0,), case.split("_")[0], 1, MODES[mode])
        theirs = data[f"{mode}_{case}_ma"], data[f"{mode}_{case}_md"]
        worst = max(worst, rmse(coarse, theirs[0]), rmse(detail["d"], theirs[1]))
    record_property("difference", worst)
    assert len(cases) == 110
    assert worst <= 5e-5
