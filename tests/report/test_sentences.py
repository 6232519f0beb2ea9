"""What is said of a result must follow from its figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.report import Study
from radiolucent.report.reading import Reading, read
from radiolucent.report.sentences import answer, how_sure, leaky, what_it_beats
from radiolucent.report.texts import texts


def reading(metrics):
    return Reading(Study(metrics, methods={"metadata_columns": ["age", "sex"]}), texts("en"))


def with_auc(metrics, value, low, high):
    metrics["candidates"]["cnn"]["auc"] = {"value": value, "low": low, "high": high}
    return metrics


def with_difference(metrics, other, value, low, high):
    for row in metrics["differences"]:
        if row["b"] == other:
            row["auc"] = {"value": value, "low": low, "high": high}
    return metrics


def plain(text):
    return text.replace("\u00a0", " ")


def test_the_answer_names_the_task_the_figure_its_interval_and_whom_it_rests_on(metrics):
    said = plain(answer(reading(with_auc(metrics(), 0.74, 0.7, 0.78))))
    assert said == (
        "CNN separates pneumonia from no pneumonia: AUC 0.74 [0.70, 0.78], 1,000 images of 682 patients, 5 patient folds."
    )


def test_an_interval_with_one_half_in_it_is_not_called_a_separation(metrics):
    r = reading(with_auc(metrics(), 0.55, 0.48, 0.62))
    assert "has not been shown to separate" in answer(r)
    assert "has not been shown to work" in how_sure(r)


def test_an_interval_below_one_half_is_the_wrong_way_round(metrics):
    assert "the wrong way round" in answer(reading(with_auc(metrics(), 0.3, 0.2, 0.4)))


def test_an_auc_that_is_not_defined_is_not_praised(studies):
    r = Reading(studies["one class"], texts("en"))
    assert "could not be scored" in answer(r)
    assert "No AUC could be computed" in how_sure(r)
    assert "cannot be compared" in what_it_beats(r)


@given(st.floats(0, 1), st.floats(0, 0.4), st.floats(0, 0.4))
def test_separates_is_said_if_and_only_if_the_whole_interval_lies_above_one_half(value, below, above):
    low, high = max(0.0, value - below), min(1.0, value + above)
    said = answer(reading(with_auc(dict(BASE), value, low, high)))
    assert (" separates " in said) == (low > 0.5)


def test_without_a_patient_column_no_patients_are_claimed(studies):
    r = Reading(studies["official"], texts("en"))
    assert "patients unknown, official split" in answer(r)
    assert "156 test images" in answer(r)
    assert "resamplings of single images" in how_sure(r)


def test_an_allowed_leak_puts_the_twin_free_figure_beside_the_answer(studies):
    said = plain(leaky(Reading(studies["official"], texts("en"))))
    assert "too good to trust" in said
    assert "(117 images)" in said
    assert leaky(Reading(studies["folds"], texts("en"))) == ""


def test_a_wide_interval_and_a_small_class_are_told(metrics):
    found = with_auc(metrics(), 0.75, 0.6, 0.9)
    found["candidates"]["cnn"]["confusion"] = [[800, 100], [20, 30]]
    said = how_sure(reading(found))
    assert "That range is wide" in said
    assert "Only 50 of the evaluated images are pneumonia" in said


def test_predictions_made_elsewhere_are_named_as_such(studies):
    r = Reading(studies["evaluate"], texts("en"))
    assert answer(r).startswith("“score” separates")
    assert "predictions as given" in answer(r)
    assert "came from elsewhere" in how_sure(r)
    assert what_it_beats(r).startswith("Only one set of predictions")


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        ((0.02, -0.02, 0.06), "Age and sex alone, without any picture, do as well"),
        ((0.1, 0.05, 0.15), "It is better than age and sex alone"),
        ((-0.1, -0.15, -0.05), "Age and sex alone, without any picture, do better"),
    ],
)
def test_the_baseline_is_judged_by_the_paired_difference(metrics, difference, expected):
    found = with_difference(metrics(), "metadata", *difference)
    assert plain(what_it_beats(reading(found))).startswith(expected)


def test_without_a_paired_difference_overlapping_intervals_count_as_no_better(metrics):
    found = with_auc(metrics(), 0.7, 0.6, 0.8)
    found["candidates"]["metadata"]["auc"] = {"value": 0.62, "low": 0.55, "high": 0.69}
    found["differences"] = []
    assert "do as well" in what_it_beats(reading(found))
    found["candidates"]["metadata"]["auc"] = {"value": 0.52, "low": 0.45, "high": 0.59}
    assert "It is better than age and sex alone" in what_it_beats(reading(found))


def test_a_baseline_that_is_the_best_or_absent_is_said(metrics):
    found = metrics()
    found["best"] = "metadata"
    assert "saw no picture" in what_it_beats(reading(found))
    found = metrics()
    del found["candidates"]["metadata"]
    assert "No metadata-only baseline was run" in what_it_beats(reading(found))


def test_rivals_within_chance_are_not_called_beaten(metrics):
    found = with_difference(metrics(), "svm", 0.01, -0.01, 0.03)
    found = with_difference(found, "forest", 0.05, 0.02, 0.08)
    found = with_difference(found, "boosting", -0.05, -0.08, -0.02)
    said = what_it_beats(reading(found))
    assert "It is better than Random forest." in said
    assert "Not better than SVM: difference within chance." in said
    assert "It is worse than Gradient boosting" in said


def test_more_classes_are_told_apart(studies):
    said = answer(Reading(studies["multiclass"], texts("en")))
    assert said.startswith("Random forest tells adipose, stroma and tumour <1 cm apart: mean one-against-rest AUC")


BASE = {
    "version": 1,
    "task": {"target": "x", "kind": "binary", "positive": "b"},
    "n": 10,
    "patients": 10,
    "classes": ["a", "b"],
    "class_counts": {"a": 5, "b": 5},
    "design": {"kind": "folds", "folds": 2, "patient_column": "p"},
    "best": "cnn",
    "candidates": {"cnn": {"seconds": 1.0}},
}


@pytest.mark.parametrize(
    ("value", "low", "high", "says"),
    [
        (0.05, 0.02, 0.08, "Recurrence helps: GRU adds 0.05 [0.02, 0.08]"),
        (0.01, -0.02, 0.04, "No difference was shown between GRU and the same net without recurrence (Mean of frames)"),
        (-0.05, -0.08, -0.02, "Recurrence does harm: GRU changes the AUC"),
    ],
)
def test_what_recurrence_adds_is_said_by_the_interval_of_the_paired_difference(metrics, value, low, high, says):
    told = metrics()
    told["recurrence"] = [{"a": "gru", "b": "pooling", "auc": {"value": value, "low": low, "high": high}, "p": 0.1}]
    assert says in plain(what_it_beats(reading(told)))
    assert "ecurrence" not in what_it_beats(reading(metrics()))


def test_a_study_of_sequences_counts_sequences(metrics):
    told = metrics()
    told["task"]["unit"] = "sequence"
    assert "1,000 sequences of 682 patients" in plain(answer(read(Study(told), "en")))
    assert "1,000 images of 682 patients" in plain(answer(read(Study(metrics()), "en")))
