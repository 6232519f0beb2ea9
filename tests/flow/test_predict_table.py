"""Models of measured features on the rows of a table."""

import numpy as np
import pandas as pd
import pytest

from radiolucent.core import InputError
from radiolucent.evaluate.calibrate import Calibrator
from radiolucent.flow.describe import SITE, Description
from radiolucent.flow.predict import predict
from radiolucent.flow.study.worker import estimator
from radiolucent.learn import save

COLUMNS = ("glcm_contrast", "morphology_volume")


def cases(n=60, seed=0):
    random = np.random.default_rng(seed)
    y = np.arange(n) % 2
    return pd.DataFrame({COLUMNS[0]: random.normal(size=n) + 2 * y, COLUMNS[1]: random.normal(size=n)}), y


def saved(folder, *, site=None, **manifest):
    """A model of the candidate `features`, fitted on 60 rows."""
    description = Description(site=site, sites=("north", "south") if site else ())
    X, y = cases()
    X = X.assign(**{SITE: np.arange(60) // 2 % 2}) if site else X
    model = estimator("features", seed=0, threads=1, description=description).fit(X, y)
    told = {
        "candidate": "features",
        "classes": ["no", "yes"],
        "threshold": 0.5,
        "calibrator": Calibrator().fit(model.predict_proba(X), y).to_dict(),
        "described": description.told(),
        "features": list(X.columns),
    }
    return save(folder / "model", estimator=model, manifest=told | manifest)


def judged(model, table, folder, suffix="csv"):
    path = folder / f"new.{suffix}"
    table.to_csv(path, index=False) if suffix == "csv" else table.to_parquet(path)
    said = predict(model, str(path), folder / "out", threads=1, shown=False)
    return said, pd.read_csv(folder / "out" / "predictions.csv")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_every_row_is_judged_whatever_the_order_of_columns(tmp_path, suffix):
    X, y = cases(20, seed=1)
    said, told = judged(saved(tmp_path), X[list(COLUMNS[::-1])].assign(name="x"), tmp_path, suffix)
    assert said.startswith("20 rows judged")
    assert ((told["predicted"] == "yes") == (y == 1)).mean() > 0.8
    assert told["row"].tolist() == list(range(1, 21))
    assert told["key"].is_unique
    assert "name" not in told


def test_a_gap_is_filled_and_a_row_without_any_feature_is_refused(tmp_path):
    X, _ = cases(4)
    X.loc[1, COLUMNS[1]] = np.nan
    X.loc[2] = np.nan
    said, told = judged(saved(tmp_path), X, tmp_path)
    assert "3 rows judged, 1 refused" in said
    assert told["refused"].notna().tolist() == [False, False, True, False]
    assert told["predicted"].isna().tolist() == [False, False, True, False]


def test_columns_that_are_missing_are_named(tmp_path):
    X, _ = cases(4)
    with pytest.raises(InputError, match=r"lacks 1 of the 2 columns .*morphology_volume.*same names"):
        judged(saved(tmp_path), X[[COLUMNS[0]]], tmp_path)
    assert not (tmp_path / "out").exists()


def test_words_among_features_and_a_table_without_rows_are_refused(tmp_path):
    X, _ = cases(4)
    model = saved(tmp_path)
    with pytest.raises(InputError, match=r"'glcm_contrast' of .* holds words"):
        judged(model, X.assign(glcm_contrast=["a", "b", "c", "d"]), tmp_path)
    with pytest.raises(InputError, match="no row"):
        judged(model, X.iloc[:0], tmp_path)


def test_what_is_no_table_is_refused(tmp_path):
    model = saved(tmp_path)
    (tmp_path / "picture.png").touch()
    for source in (tmp_path / "picture.png", tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(InputError, match="is no table; give a CSV"):
            predict(model, str(source), tmp_path / "out", threads=1, shown=False)


def test_rows_of_an_unknown_site_are_counted(tmp_path):
    X, _ = cases(4)
    said, told = judged(saved(tmp_path, site="clinic"), X.assign(clinic=["north", "west", "south", None]), tmp_path)
    assert "2 of 4 are of no known clinic and were not harmonised" in said
    assert told["predicted"].notna().all()


def test_a_model_from_before_descriptions_says_its_columns_itself(tmp_path):
    X, _ = cases(4)
    model = saved(tmp_path, features=None, described=None)
    assert judged(model, X, tmp_path)[1]["predicted"].notna().all()
