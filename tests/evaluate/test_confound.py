"""Columns that know the answer are found; columns that do not are left in peace."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats.contingency import association

from radiolucent.evaluate import alone, confounding, cramers_v, explained, giveaways, is_confounder

RNG = np.random.default_rng(0)
N = 600
Y = RNG.integers(0, 2, N)


@pytest.fixture
def rng():
    return np.random.default_rng(1)


def column(values, name="c"):
    return pd.Series(values, name=name)


@pytest.mark.parametrize(
    "values",
    [
        np.where(Y == 1, "pneumonia", "normal"),
        Y * 3 + 0.5,
        Y == 1,
        Y + RNG.normal(0, 0.05, N),
        -(Y * 1000.0) + np.arange(N) / 10,
        np.where(Y == 1, np.nan, 7.0),
    ],
    ids=["copy", "number", "truth", "noisy", "reversed", "missing"],
)
def test_a_copy_of_the_target_gives_it_away_whatever_its_type(values):
    assert list(giveaways(pd.DataFrame({"c": values}), Y)) == ["c"]


def test_ids_given_class_by_class_give_the_target_away(rng):
    y = np.repeat([0, 1], [380, 220])
    ids = [f"case{i}" for i in range(1, 601)]
    mixed = rng.permutation(600)
    table = pd.DataFrame({"id": ids, "accession": np.arange(600) + 9000})
    assert set(giveaways(table, y)) == {"id", "accession"}
    assert not giveaways(table.iloc[mixed], y)


def test_an_u_shaped_column_is_seen_too(rng):
    values = rng.normal(0, 1, N) + np.where(Y == 1, rng.choice([-8, 8], N), 0)
    assert alone(column(values), Y) > 0.95


def test_harmless_columns_reach_about_one_half(rng):
    for values in (rng.choice(["F", "M"], N), rng.integers(20, 90, N), [f"p{i}" for i in rng.permutation(N)]):
        assert alone(column(values), Y) == pytest.approx(0.5, abs=0.08)


def test_ignored_columns_are_not_looked_at(rng):
    assert not giveaways(pd.DataFrame({"path": Y, "noise": rng.random(N)}), Y, ignore=["path"])


def test_a_patient_number_gives_nothing_away_when_folds_respect_patients(rng):
    patients = rng.permutation(np.repeat(np.arange(120), 5))
    y = rng.integers(0, 2, 120)[patients]
    names = column([f"name{hash((int(p), 7)) % 997}" for p in patients])
    assert alone(names, y, patients) < 0.7


def test_one_value_or_one_patient_of_a_class_has_no_auc():
    assert alone(column(["x"] * N), Y) is None
    assert alone(column(np.arange(4)), [0, 0, 0, 1]) is None


def test_several_classes_are_told_apart_too(rng):
    y = rng.integers(0, 4, N)
    assert alone(column(np.array(list("abcd"))[y]), y) == 1
    assert alone(column(rng.random(N)), y) == pytest.approx(0.5, abs=0.06)


def test_cramers_v_equals_scipys(rng):
    counts = rng.integers(1, 50, (3, 4))
    assert cramers_v(counts) == pytest.approx(association(counts, method="cramer"))
    assert cramers_v(np.array([[10, 0], [0, 20]])) == pytest.approx(1)
    assert cramers_v(np.array([[10, 20]])) is None
    assert cramers_v(np.array([[10, 20], [0, 0]])) is None


def test_a_confounded_view_is_counted_measured_and_said(rng):
    view = np.where(rng.random(N) < np.where(Y == 1, 0.68, 0.45), "AP", "PA")
    found = confounding(column(view, "view"), Y, classes=["no finding", "pneumonia"], target="pneumonia")
    assert found["table"]["AP"]["pneumonia"] == np.sum((view == "AP") & (Y == 1))
    assert 0.1 < found["cramers_v"] < 0.4
    assert found["p"] < 0.001
    assert found["auc_alone"] == pytest.approx(0.61, abs=0.06)
    assert is_confounder(found)
    assert found["says"].startswith("view goes with pneumonia: AP is ")
    assert "% of pneumonia" in found["says"]


def test_of_a_number_the_share_of_its_variance_is_told_and_no_auc(rng):
    sex = rng.integers(0, 2, N)
    number = 3.0 * sex + rng.normal(0, 1.5, N)  # variances 9 / 4 and 9 / 4: half is explained
    bands = np.searchsorted(np.quantile(number, [0.25, 0.5, 0.75]), number)
    names = ["a", "b", "c", "d"]
    found = confounding(column(np.where(sex, "F", "M"), "sex"), bands, classes=names, number=number, target="dose")
    assert found["auc_alone"] is None
    assert found["r2_alone"] == pytest.approx(0.5, abs=0.06)
    assert f"sex alone explains {100 * found['r2_alone']:.0f} % of its variance" in found["says"]
    assert "AUC" not in found["says"]


def test_what_has_nothing_to_do_with_a_number_explains_nothing_of_it(rng):
    number = rng.normal(0, 1, N)
    assert explained(column(rng.choice(["F", "M"], N)), number, number > 0) == pytest.approx(0, abs=0.02)
    assert explained(column(["PA"] * N), number, number > 0) is None


def test_a_harmless_column_is_said_to_be_harmless(rng):
    found = confounding(column(rng.choice(["F", "M"], N), "sex"), Y, classes=["no", "yes"])
    assert not is_confounder(found)
    assert "not clearly related" in found["says"]


def test_p_counts_a_patient_once():
    patients = np.repeat(np.arange(30), 20)
    y = np.repeat(np.arange(30) % 2, 20)
    view = np.where(patients < np.where(y == 1, 20, 10), "AP", "PA")
    rows = confounding(column(view), y, classes=["a", "b"])
    clustered = confounding(column(view), y, classes=["a", "b"], groups=patients)
    assert clustered["table"] == rows["table"]
    assert clustered["p"] > rows["p"]


def test_a_slight_relation_is_said_to_be_slight():
    y = np.repeat([0, 1], 2000)
    sex = np.where(np.arange(4000) % 100 < np.repeat([46, 54], 2000), "F", "M")
    found = confounding(column(sex, "sex"), y, classes=["no", "yes"])
    assert not is_confounder(found)
    assert "sex goes slightly with the target: F is 46 % of no, 54 % of yes" in found["says"]


def test_a_column_of_one_value_is_said_to_tell_nothing():
    found = confounding(column(["PA"] * N, "view"), Y, classes=["no", "yes"])
    assert found["cramers_v"] is None
    assert found["p"] is None
    assert "one value" in found["says"]


def test_a_class_that_does_not_occur_has_a_column_of_noughts(rng):
    found = confounding(column(rng.choice(["F", "M"], N)), Y, classes=["a", "b", "c"])
    assert all(row["c"] == 0 for row in found["table"].values())
