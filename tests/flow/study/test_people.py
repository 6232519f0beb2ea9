import numpy as np
import pandas as pd

from radiolucent.flow.study.design import patient_folds
from radiolucent.flow.study.people import described, kinds


def test_numbers_and_words_are_told_apart():
    groups = pd.DataFrame({"sex": ["F", "M"], "age": [40.0, 61.0]})
    assert kinds(groups) == {"numeric": ["age"], "categorical": ["sex"]}


def test_counts_add_up_over_the_folds_and_missing_values_are_counted():
    y = np.tile([0, 1], 20)
    groups = pd.DataFrame({"sex": ["F", "M", "M", None] * 10})
    design = patient_folds(y, np.arange(40), np.ones(40, bool), n_folds=4, seed=0)
    told = described(np.array(["no", "yes"])[y], groups, design, skipped=2)
    assert told["missing"] == [{"column": "sex", "n": 10}]
    target, sex = told["demographics"]
    assert [row["value"] for row in target["rows"]] == ["no", "yes"]
    for row in [*target["rows"], *sex["rows"]]:
        assert sum(row["folds"]) == row["all"]
    assert sum(row["all"] for row in sex["rows"]) == 40
    assert {"label": "left out: the image cannot be read", "n": 2, "out": True} in told["flow"]
