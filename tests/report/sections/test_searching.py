from radiolucent.report import Study
from radiolucent.report.page import study_page
from radiolucent.report.reading import Reading
from radiolucent.report.sections.searching import searching
from radiolucent.report.texts import texts


def fold(**changes):
    told = {
        "planned": 24,
        "tried": 24,
        "seconds": 30.0,
        "budget_s": 60.0,
        "exhausted": False,
        "chosen": {"classify__marginsvc__C": 0.01234, "select__how": "mrmr", "select__k": 40},
        "inner_auc": 0.81,
        "inner_auc_default": 0.78,
        "says": "",
    }
    return told | changes


def searched(study, folds):
    metrics = {**study.metrics, "candidates": {name: dict(one) for name, one in study.metrics["candidates"].items()}}
    metrics["candidates"]["svm"]["search"] = folds
    return Study(metrics, study.provenance, study.cohort, (), (), study.methods)


def blocks(study):
    r = Reading(study, texts("en"))
    return searching(r, list(r.candidates))


def test_a_study_without_a_search_shows_none(studies):
    assert blocks(studies["folds"]) == []


def test_what_was_tried_and_chosen_stands_in_two_tables(studies):
    heading, lead, by_candidate, by_fold = blocks(searched(studies["folds"], [fold(), fold(chosen={})]))
    assert heading.text == "What the search chose"
    assert "never on the rows scored here" in lead.text
    assert [cell.text for cell in by_candidate.rows[0]] == ["SVM", "48 of 48", "1 min 0 s", "0.780", "0.810", "1 of 2"]
    assert by_fold.rows[0][1].text == "C = 0.0123; columns: mrmr, at most 40"
    assert by_fold.rows[1][1].text == "as it was"


def test_a_budget_that_ran_out_and_what_was_amiss_are_said(studies):
    amiss = "class 1 has one patient among the training rows: no settings could be compared"
    _, lead, *_ = blocks(searched(studies["folds"], [fold(exhausted=True, tried=3), fold(says=amiss, inner_auc=None)]))
    assert "ran out" in lead.text
    assert amiss in lead.text


def test_the_page_shows_it(studies):
    assert "What the search chose" in study_page(searched(studies["folds"], [fold()]))
