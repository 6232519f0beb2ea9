"""What classical candidates see in a study, how their settings are searched for, and how sites are evened out."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from radiolucent.core import InputError
from radiolucent.flow.predict import predict
from radiolucent.flow.study import material
from radiolucent.flow.study.features import measured_features, search_of
from radiolucent.flow.study.from_text import cohort_of
from radiolucent.flow.study.job import learn
from radiolucent.flow.study.question import Question
from radiolucent.learn import load
from radiolucent.phantom import radiographs


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Phantoms with two features of a table, made at two sites of which one stretches and shifts them."""
    path = radiographs(tmp_path_factory.mktemp("phantoms") / "cohort", patients=20, size=48, seed=2)
    rows = pd.read_csv(path)
    random = np.random.default_rng(0)
    number = pd.factorize(rows["patient"])[0]
    rows["site"] = np.where(number % 3 == 0, "north", "south")
    signal = (rows["nodule"] == rows["nodule"].max()) * 2.0 + random.normal(size=len(rows))
    rows["glcm_contrast"] = np.where(rows["site"] == "north", signal * 3 + 20, signal)
    rows["glcm_noise"] = random.normal(size=len(rows))
    rows.loc[3, "glcm_noise"] = np.nan
    rows.to_csv(path, index=False)
    return path


def question(table, **changes):
    asked = {"target": "nodule", "patient": "patient", "folds": 2, "replicates": 20, "features": ("glcm_*",)}
    return Question(source=str(table), **(asked | {"candidates": ("logistic",)} | changes))


def metrics(run):
    return json.loads((run / "metrics.json").read_text())


@pytest.fixture(scope="module")
def searched(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("searched") / "run"
    asked = question(table, describe=("columns", "hog"), search=True, budget_s=4.0, harmonise="site")
    learn(asked, out, threads=1, shown=False)
    return out


def test_a_searched_candidate_says_what_it_tried_and_chose_in_each_fold(searched):
    told = metrics(searched)["candidates"]["logistic"]["search"]
    assert len(told) == 2
    for fold in told:
        assert fold["tried"] >= 1
        assert fold["budget_s"] == pytest.approx(4.0 / 3), "two folds and the model that is kept share the time"
        assert set(fold["chosen"]) <= {"select__how", "select__k", "classify__logisticregression__C"}


def test_it_is_said_how_many_tested_rows_could_not_be_harmonised(searched):
    told = metrics(searched)["design"]["harmonised"]
    assert told == {"column": "site", "sites": ["north", "south"], "left_as_they_are": 0}


def test_a_search_needs_classes(table):
    with pytest.raises(InputError, match="compares settings by AUC"):
        search_of(question(table, search=True), ("svm",), fits=3, kind="number")


def test_the_budget_is_shared_evenly_among_all_searches(table):
    told = search_of(question(table, search=True, budget_s=60.0), ("svm", "cnn", "forest"), fits=6)
    assert told == {"budget_s": 5.0, "settings": 24}


def test_the_report_says_what_was_seen_searched_and_harmonised(searched):
    page = (searched / "report.html").read_text()
    assert "gradient histograms" in page
    assert "harmonised by site" in page
    assert "What the search chose" in page


def test_the_saved_model_holds_the_search_and_judges_rows_of_a_table(searched, table, tmp_path):
    saved = load(searched / "model")
    assert saved.manifest["described"]["sites"] == ["north", "south"]
    said = predict(searched / "model", str(table), tmp_path / "out", threads=1, heat=False, shown=False)
    assert "rows judged" in said
    told = pd.read_csv(tmp_path / "out/predictions.csv")
    assert (told["p_0"] + told["p_1"]).round(3).eq(1).all()


def test_what_the_table_measured_is_seen_by_any_family_and_applied_to_new_rows(table, tmp_path):
    learn(question(table, describe=("columns",), harmonise="site"), tmp_path / "run", threads=1, shown=False)
    assert metrics(tmp_path / "run")["candidates"]["logistic"]["auc"]["value"] > 0.6
    rows = pd.read_csv(table)[["glcm_noise", "glcm_contrast"]]
    rows.to_csv(tmp_path / "new.csv", index=False)
    said = predict(tmp_path / "run/model", str(tmp_path / "new.csv"), tmp_path / "out", threads=1, shown=False)
    assert "no row says its site, so none was harmonised" in said
    assert len(pd.read_csv(tmp_path / "out/predictions.csv")) == len(rows)
    rows.drop(columns="glcm_noise").to_csv(tmp_path / "less.csv", index=False)
    with pytest.raises(InputError, match=r"lacks 1 of the 2 columns.*glcm_noise"):
        predict(tmp_path / "run/model", str(tmp_path / "less.csv"), tmp_path / "none", threads=1, shown=False)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"describe": ("hogg",)}, "did you mean 'hog'"),
        ({"describe": ("columns",), "features": ()}, "name them with --features"),
        ({"describe": ("embedding",)}, "with --embed"),
        ({"harmonise": "sit"}, "did you mean 'site'"),
        ({"harmonise": "nodule_only"}, "no column"),
        ({"candidates": ("metadata",), "groups": ("sex",), "search": True}, "name one of svm"),
        ({"embed": "nowhere"}, "not a saved model"),
    ],
)
def test_bad_input_is_one_clear_line(table, tmp_path, changes, says):
    with pytest.raises(InputError, match=says) as told:
        learn(question(table, **changes), tmp_path / "run", threads=1, shown=False)
    assert "\n" not in str(told.value)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("budget_s", [0.0, -1.0])
def test_a_budget_of_nothing_is_refused(table, budget_s):
    with pytest.raises(InputError, match="leaves no time to search"):
        question(table, search=True, budget_s=budget_s)


def test_an_empty_column_is_one_of_numbers(table, tmp_path):
    rows = pd.read_csv(table)
    rows["glcm_empty"], rows["file"] = np.nan, [str(table.parent / file) for file in rows["file"]]
    rows.to_csv(tmp_path / "table.csv", index=False)
    asked = question(tmp_path / "table.csv", harmonise="site")
    found = measured_features(asked, cohort_of(asked))
    assert found["glcm_empty"].isna().all()


def test_a_class_of_one_patient_is_named_before_anything_is_learned(table, tmp_path):
    rows = pd.read_csv(table)
    rows["file"] = [str(table.parent / file) for file in rows["file"]]
    rows["rare"] = (rows["patient"] == rows["patient"].iloc[0]).astype(int)
    rows.to_csv(tmp_path / "table.csv", index=False)
    with pytest.raises(InputError, match=r"class 1 has 1 patient|1 patient"):
        learn(question(tmp_path / "table.csv", target="rare", search=True), tmp_path / "run", threads=1, shown=False)


def test_a_candidate_whose_package_is_missing_says_how_to_get_it(table, tmp_path, monkeypatch):
    monkeypatch.setattr(material, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"radiolucent\[lightgbm\]"):
        learn(question(table, candidates=("lightgbm",)), tmp_path / "run", threads=1, shown=False)


@pytest.mark.deep
def test_a_net_of_another_cohort_describes_pictures_and_travels_with_the_model(table, tmp_path):
    pytest.importorskip("tensorflow")
    from radiolucent.learn import KerasClassifier, save

    random = np.random.default_rng(0)
    net = KerasClassifier(steps=2, members=1, width=4, size=16, threads=1)
    net.fit(random.integers(0, 256, (8, 16, 16), dtype=np.uint8), np.arange(8) % 2)
    save(tmp_path / "net", estimator=net, manifest={"training": {"cohort_sha256": "another"}})
    asked = question(table, describe=("embedding",), embed=str(tmp_path / "net"), features=())
    learn(asked, tmp_path / "run", threads=1, shown=False)
    shutil.rmtree(tmp_path / "net")
    predict(
        tmp_path / "run/model", str(next((table.parent / "images").iterdir())), tmp_path / "out", threads=1, shown=False
    )
    assert len(pd.read_csv(tmp_path / "out/predictions.csv")) == 1
