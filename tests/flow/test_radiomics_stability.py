import numpy as np
import pandas as pd
import pytest
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.flow.radiomics import features_of
from radiolucent.flow.radiomics_stability import agreement, repeats_of
from radiolucent.measure.perturb import Perturbation
from radiolucent.measure.radiomics import Settings

GRID = Grid((12, 24, 24), "zyx", (2.0, 1.0, 1.0))
GREY = ndimage.gaussian_filter(np.random.default_rng(1).normal(100, 60, GRID.shape), 1).astype(np.float32)
INSIDE = np.zeros(GRID.shape, np.uint8)
INSIDE[3:8, 6:16, 7:17] = 1
IMAGE, MASK = Image(GREY, GRID), Mask(INSIDE, GRID)


def test_the_first_repeat_is_the_region_as_it_is():
    table = repeats_of(IMAGE, MASK, 1, Settings(), changes=(Perturbation(growth=0.1),))
    assert table.iloc[0].to_dict() == features_of(IMAGE, MASK, 1, Settings())[0]
    grown = table["morphology_voxel_volume_mm3"]
    assert grown[1] / grown[0] == pytest.approx(1.1, abs=0.005)


def test_a_feature_that_repeats_is_told_from_one_that_does_not():
    random = np.random.default_rng(0)
    truth = np.repeat(np.arange(20.0), 3)
    table = pd.DataFrame(
        {"who": np.repeat(np.arange(20), 3), "visit": np.tile(["a", "b", "c"], 20),
         "sure": truth + random.normal(0, 0.1, 60), "chance": random.normal(size=60), "word": "x"}
    )  # fmt: skip
    found = agreement(table, subject="who", repeat="visit").set_index("feature")
    assert list(found.index) == ["sure", "chance"]
    assert found["agreement"].tolist() == ["excellent", "poor"]
    assert found["subjects"].tolist() == [20, 20]
    assert found["repeats"].tolist() == [3, 3]


def test_a_subject_with_a_gap_does_not_count_for_that_feature():
    table = pd.DataFrame({"who": [1, 1, 2, 2, 3, 3], "k": [0, 1] * 3, "x": [1.0, 1.1, 2, 2.1, 3, np.nan]})
    assert agreement(table, subject="who", repeat="k")["subjects"].tolist() == [2]


def test_a_repeat_that_stands_twice_is_refused():
    table = pd.DataFrame({"who": [1, 1], "k": [0, 0], "x": [1.0, 2.0]})
    with pytest.raises(InputError, match="who 1 has k 0 twice"):
        agreement(table, subject="who", repeat="k")
