import numpy as np

from radiolucent.flow.answers import answers, decided, words
from radiolucent.learn.model import Model


class Fixed:
    def __init__(self, told):
        self.told = np.asarray(told, float)

    def predict(self, X):
        return self.told[: len(X), 0]

    def predict_proba(self, X):
        return self.told[: len(X)]


PLATT = {"kind": "platt", "classes": 2, "slope": 1.0, "bias": [0.0]}


def test_two_classes_are_decided_by_the_threshold():
    told = {"classes": ["no", "yes"], "threshold": 0.2, "calibrator": PLATT}
    model = Model(Fixed([[0.7, 0.3], [0.9, 0.1]]), told)
    p = answers(model, [0, 1])
    assert decided(model, p).tolist() == [1, 0]
    assert words(model, p[0]) == {"predicted": "yes", "p_no": 0.7, "p_yes": 0.3}


def test_a_grade_is_the_nearest_to_the_mean():
    calibrator = {"kind": "temperature", "classes": 3, "slope": 1.0, "bias": [0, 0, 0]}
    told = {"target_kind": "ordinal", "classes": ["0", "1", "2"], "threshold": None, "calibrator": calibrator}
    model = Model(Fixed([[0.4, 0.25, 0.35]]), told)
    assert words(model, answers(model, [0])[0])["predicted"] == "1"


def test_a_number_comes_with_its_interval_and_labels_with_their_names():
    told = {
        "target_kind": "number",
        "classes": ["age"],
        "threshold": None,
        "calibrator": {"kind": "reach", "half": 8, "level": 0.95},
    }
    model = Model(Fixed([[50.0]]), told)
    assert words(model, answers(model, [0])[0]) == {"predicted": 50.0, "predicted_low": 42.0, "predicted_high": 58.0}
    told = {"target_kind": "labels", "classes": ["mass", "effusion"], "threshold": [0.5, 0.2],
            "calibrator": {"kind": "labels", "each": [PLATT, PLATT]}}  # fmt: skip
    model = Model(Fixed([[0.6, 0.3], [0.1, 0.1]]), told)
    p = answers(model, [0, 1])
    assert [words(model, row)["predicted"] for row in p] == ["mass|effusion", "none"]
    assert words(model, p[0])["p_mass"] == 0.6
