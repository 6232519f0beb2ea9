import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import make_pipeline

from radiolucent.core import InputError
from radiolucent.learn import KerasClassifier, Rows, boosting, forest, load, metadata, save, size_mb, svm
from radiolucent.learn.model import _seal
from radiolucent.measure.words import Words

TOLD = {"classes": ["no", "yes"], "threshold": 0.31, "calibrator": {"kind": "logistic", "slope": 1.2, "offset": -0.1}}

AGAIN = """
import sys, numpy as np
from radiolucent.learn import load
model = load(sys.argv[1])
np.save(sys.argv[3], model.estimator.predict_proba(np.load(sys.argv[2])))
"""


class Foreign(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self


def table(n=80):
    random = np.random.default_rng(0)
    y = np.arange(n) % 2
    return random.normal(size=(n, 6)) + y[:, None], y


def rows(n=80):
    random = np.random.default_rng(0)
    made = np.zeros(n, [("descriptors", "u1", (4, 128)), ("statistics", "f4", (3,))])
    made["descriptors"] = random.integers(0, 255, (n, 4, 128))
    made["statistics"] = random.normal(size=(n, 3))
    return made, np.arange(n) % 2


def in_a_fresh_process(folder, X, tmp_path):
    np.save(tmp_path / "X.npy", X)
    arguments = [str(folder), str(tmp_path / "X.npy"), str(tmp_path / "p.npy")]
    subprocess.run([sys.executable, "-c", AGAIN, *arguments], check=True)
    return np.load(tmp_path / "p.npy")


@pytest.fixture
def saved(tmp_path):
    return save(tmp_path / "model", estimator=svm().fit(*table()), manifest=TOLD)


@pytest.mark.parametrize("make", [svm, forest, boosting])
def test_a_loaded_model_predicts_the_same(make, tmp_path):
    X, y = table()
    fitted = make(seed=1).fit(X, y)
    model = load(save(tmp_path / "model", estimator=fitted, manifest=TOLD))
    np.testing.assert_array_equal(model.estimator.predict_proba(X), fitted.predict_proba(X))
    assert {name: model.manifest[name] for name in TOLD} == TOLD


def test_rows_words_and_classifier_predict_the_same_in_a_fresh_process(tmp_path):
    X, y = rows()
    fitted = make_pipeline(Rows(Words(8), statistics=("a", "b", "c")), forest(seed=1)).fit(X, y)
    folder = save(tmp_path / "model", estimator=fitted, manifest=TOLD)
    np.testing.assert_array_equal(in_a_fresh_process(folder, X, tmp_path), fitted.predict_proba(X))


def test_the_metadata_baseline_can_be_saved(tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"age": np.arange(80.0), "sex": np.tile(["F", "M", None, "F"], 20)})
    fitted = metadata(numeric=("age",), categorical=("sex",)).fit(frame, table()[1])
    model = load(save(tmp_path / "model", estimator=fitted, manifest=TOLD))
    np.testing.assert_array_equal(model.estimator.predict_proba(frame), fitted.predict_proba(frame))


@pytest.mark.deep
def test_a_net_predicts_the_same_in_a_fresh_process(tmp_path):
    pytest.importorskip("tensorflow")
    X = np.random.default_rng(0).integers(0, 255, (40, 24, 24)).astype(np.uint8)
    fitted = KerasClassifier(width=4, blocks=1, steps=3, members=2, threads=1).fit(X, np.arange(40) % 2)
    folder = save(tmp_path / "model", estimator=fitted, manifest=TOLD)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "net.json", "weights.npz"]
    np.testing.assert_allclose(in_a_fresh_process(folder, X, tmp_path), fitted.predict_proba(X), atol=1e-6)


def test_there_is_no_pickle_in_a_model(saved):
    for path in saved.iterdir():
        with pytest.raises(pickle.UnpicklingError):
            pickle.loads(path.read_bytes())


def test_the_size_is_that_of_the_files(saved):
    assert size_mb(saved) == pytest.approx(sum(path.stat().st_size for path in saved.iterdir()) / 1e6)


def test_a_changed_byte_is_refused(saved):
    path = saved / "estimator.skops"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match="SHA-256 differs"):
        load(saved)


def test_a_changed_threshold_is_refused(saved):
    path = saved / "manifest.json"
    path.write_text(path.read_text().replace("0.31", "0.91"))
    with pytest.raises(InputError, match="was changed"):
        load(saved)


def resealed(folder, **changes):
    told = json.loads((folder / "manifest.json").read_text()) | changes
    told["seal"] = _seal(told)
    (folder / "manifest.json").write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"format": 99}, "format 99"), ({"kind": "pickle"}, "was changed"), ({"files": {}}, "SHA-256 differs")],
)
def test_an_unknown_format_or_kind_is_refused(saved, changes, says):
    resealed(saved, **changes)
    with pytest.raises(InputError, match=says):
        load(saved)


def test_a_missing_file_and_a_folder_that_is_no_model_are_refused(saved, tmp_path):
    (saved / "estimator.skops").unlink()
    with pytest.raises(InputError, match="lacks"):
        load(saved)
    with pytest.raises(InputError, match="not a saved model"):
        load(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "null"])
def test_a_manifest_that_is_no_manifest_is_refused(saved, text):
    (saved / "manifest.json").write_text(text)
    with pytest.raises(InputError):
        load(saved)


def test_an_unknown_type_is_refused_when_saving_and_nothing_is_left(tmp_path):
    with pytest.raises(InputError, match="does not trust"):
        save(tmp_path / "model", estimator=Foreign().fit(*table()), manifest=TOLD)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_empty_is_left_alone(saved):
    before = sorted(path.read_bytes() for path in saved.iterdir())
    with pytest.raises(InputError, match="not empty"):
        save(saved, estimator=svm().fit(*table()), manifest={})
    assert sorted(path.read_bytes() for path in saved.iterdir()) == before


def test_a_manifest_that_is_not_json_leaves_nothing_behind(tmp_path):
    with pytest.raises((TypeError, ValueError)):
        save(tmp_path / "model", estimator=svm().fit(*table()), manifest={"threshold": float("nan")})
    assert list(tmp_path.iterdir()) == []
