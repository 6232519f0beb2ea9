import pytest

from radiolucent.report import Study
from radiolucent.report.reading import Reading, differs
from radiolucent.report.texts import texts


def reading(metrics):
    return Reading(Study(metrics), texts("en"))


@pytest.mark.parametrize(
    ("classes", "positive", "labels"),
    [
        (["0", "1"], "1", ["no pneumonia", "pneumonia"]),
        (["no", "yes"], "yes", ["no pneumonia", "pneumonia"]),
        (["benign", "malignant"], "malignant", ["benign", "malignant"]),
        (["1", "2"], "2", ["pneumonia = 1", "pneumonia = 2"]),
    ],
)
def test_classes_are_called_by_words_a_clinician_reads(metrics, classes, positive, labels):
    found = metrics() | {"classes": classes, "class_counts": dict.fromkeys(classes, 500)}
    found["task"] = found["task"] | {"positive": positive}
    r = reading(found)
    assert list(r.labels.values()) == labels
    assert (r.negative_label, r.positive_label) == tuple(labels)


def test_counts_of_classes_are_those_that_were_scored(studies):
    r = Reading(studies["official"], texts("en"))
    assert sum(r.true_counts.values()) == 156


def test_predictions_without_any_cost_were_made_elsewhere(studies):
    assert Reading(studies["evaluate"], texts("en")).is_given
    assert not Reading(studies["official"], texts("en")).is_given


def test_a_difference_counts_only_with_an_interval_that_leaves_zero_out():
    assert differs({"value": 0.1, "low": 0.01, "high": 0.2})
    assert not differs({"value": 0.1, "low": -0.01, "high": 0.2})
    assert not differs({"value": 0.1, "low": None, "high": None})
    assert not differs(None)
