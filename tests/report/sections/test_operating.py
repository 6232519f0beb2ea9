import pytest

from radiolucent.report.reading import Reading
from radiolucent.report.sections.operating import counts, operating, predictive_values, useful_range
from radiolucent.report.texts import texts


def told(study):
    return " ".join(b.text for b in operating(Reading(study, texts("en"))) if b.kind == "prose")


def test_predictive_values_follow_bayes_rule():
    ppv, npv = predictive_values(0.9, 0.9, 0.01)
    assert ppv == pytest.approx(0.0833, abs=1e-4)
    assert npv == pytest.approx(0.99888, abs=1e-5)
    assert predictive_values(0.0, 1.0, 0.5) == (None, 0.5)


def test_the_counts_follow_the_place_of_the_positive_class(studies):
    r = Reading(studies["folds"], texts("en"))
    c, matrix = counts(r), r.best["confusion"]
    assert (c["tn"], c["fp"], c["fn"], c["tp"]) == (*matrix[0], *matrix[1])


def test_use_is_claimed_only_where_the_model_beats_both_simple_ways():
    def rows(pairs):
        return [{"threshold": t, "model": m, "all": a} for t, m, a in pairs]

    good = rows([(0.1, 0.4, 0.4), (0.2, 0.35, 0.3), (0.3, 0.3, 0.1), (0.4, 0.0, -0.1), (0.5, 0.1, -0.2)])
    assert useful_range(good) == (0.2, 0.3)
    assert useful_range(rows([(0.1, 0.3, 0.4), (0.6, -0.1, -0.5)])) is None
    assert useful_range([]) is None


def test_the_threshold_is_told_with_its_origin(studies):
    assert "chosen on tuning rows inside the training folds" in told(studies["folds"])
    assert "highest probability" in told(studies["multiclass"])
    assert "chosen" not in told(studies["evaluate"])


def test_natural_frequencies_need_cases_of_both_classes(studies):
    assert "were recognised" in told(studies["folds"])
    assert "were recognised" not in told(studies["one class"])
