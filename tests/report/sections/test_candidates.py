from radiolucent.report.reading import Reading
from radiolucent.report.sections.candidates import candidates, ranked
from radiolucent.report.texts import texts


def captions(study):
    return [b.caption for b in candidates(Reading(study, texts("en"))) if b.kind == "table"]


def test_the_baseline_is_always_in_view_and_last(studies):
    r = Reading(studies["folds"], texts("en"))
    assert ranked(r)[-1] == "metadata"
    figure = next(block for block in candidates(r) if block.kind == "figure")
    assert "Metadata alone" in figure.drawings[0]
    assert "diamond" in figure.sentence


def test_a_missing_baseline_is_a_warning_where_models_were_fitted(studies):
    found = candidates(Reading(studies["multiclass"], texts("en")))
    assert any(block.kind == "prose" and block.tone == "warn" for block in found)
    given = candidates(Reading(studies["evaluate"], texts("en")))
    assert not any(block.kind == "prose" and block.tone == "warn" for block in given)


def test_cost_and_comparison_tables_appear_only_where_there_is_something_to_compare(studies):
    assert captions(studies["folds"]) == [
        "The differences as numbers",
        "Every score of every candidate",
        "What it cost",
    ]
    assert captions(studies["evaluate"]) == []


def test_the_choice_itself_is_drawn_with_how_often_each_was_picked(studies):
    found = candidates(Reading(studies["folds"], texts("en")))
    [nested] = [b for b in found if b.kind == "figure" and "picked the candidate" in b.sentence]
    assert "4 of 5" in nested.drawings[0]


def test_with_one_split_there_is_no_choice_over_folds_to_score(studies):
    found = candidates(Reading(studies["official"], texts("en")))
    forest = next(block for block in found if block.kind == "figure")
    assert "Choice among them" not in forest.drawings[0]
    assert any(block.kind == "figure" and "the best of them was chosen" in block.sentence for block in found)


def test_candidates_that_could_not_run_are_named_with_the_reason(studies):
    found = candidates(Reading(studies["official"], texts("en")))
    said = [block.text for block in found if block.kind == "prose"]
    assert "Not run: Metadata alone (no group column was given)." in said
