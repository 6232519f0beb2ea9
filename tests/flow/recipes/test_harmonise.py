import numpy as np
import pandas as pd
import pytest

from radiolucent.cli import main
from radiolucent.measure.harmonise import Combat


@pytest.fixture
def folder(tmp_path):
    random = np.random.default_rng(0)
    site = np.repeat(["north", "south"], 40)
    values = random.normal(size=(80, 6)) + 3 * (site == "south")[:, None]
    table = pd.DataFrame(values, columns=[f"f{k}" for k in range(6)])
    table.insert(0, "site", site)
    table.insert(1, "age", random.integers(30, 80, 80))
    table["split"] = ["train", "test"] * 40
    table.to_csv(tmp_path / "features.csv", index=False)
    return tmp_path


def run(folder, *words):
    return main(
        ["measure", "harmonise", f"{folder}/features.csv", "-o", f"{folder}/out.csv", "--batch", "site", *words]
    )


def test_the_mark_is_told_before_and_after(folder, capsys):
    assert run(folder, "--keep", "age") == 0
    said = capsys.readouterr().out
    assert "site: 2 batches, 80 rows, 6 features" in said
    assert "6 features differ (FDR 5 %)\nafter:  0% of the median feature's variance, 0 features differ" in said
    assert "fit on training rows only" in said


def test_what_is_no_feature_stays_as_it_is(folder):
    run(folder, "--keep", "age")
    before, after = (pd.read_csv(folder / name) for name in ("features.csv", "out.csv"))
    assert before[["site", "age", "split"]].equals(after[["site", "age", "split"]])
    assert list(before) == list(after)


def test_test_rows_do_not_shape_the_fit(folder, capsys):
    run(folder, "--drop", "age", "--fit-on", "split")
    table, made = (pd.read_csv(folder / name) for name in ("features.csv", "out.csv"))
    names, train = [f"f{k}" for k in range(6)], table["split"] == "train"
    fitted = Combat().fit(table.loc[train, names], batch=table.loc[train, "site"])
    assert np.allclose(made[names], fitted.transform(table[names], batch=table["site"]))
    assert "fitted on all rows" not in capsys.readouterr().out


def test_a_feature_with_gaps_is_counted_and_kept(folder, capsys):
    table = pd.read_csv(folder / "features.csv")
    table.loc[3, "f2"] = np.nan
    table.to_csv(folder / "features.csv", index=False)
    assert run(folder, "--drop", "age") == 0
    assert "5 features (1 with gaps stay as they are)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--keep", "aged"], "did you mean 'age'"), (["--fit-on", "site"], "no row of column site says train")],
)
def test_a_column_that_does_not_do_is_named(folder, words, says, capsys):
    assert run(folder, *words) == 2
    assert says in capsys.readouterr().err
