import pytest

from radiolucent.report import summary

KINDS = ("folds", "multiclass", "official", "evaluate", "one class", "chance", "clean")


@pytest.mark.parametrize("kind", KINDS)
def test_a_terminal_of_eighty_columns_holds_every_sentence(studies, kind):
    told, table = summary(studies[kind], width=80).rsplit("\n\n", 1)
    assert max(map(len, told.splitlines())) <= 80
    assert all(name in told for name in ("How sure:", "What is wrong with it:", "What it beats:"))
    assert len(table.splitlines()) >= 1 + len(studies[kind].metrics["candidates"])
    assert "\u00a0" not in told + table


def test_the_best_is_marked_and_the_baseline_stands_last(studies):
    lines = summary(studies["folds"]).splitlines()
    assert any(line.startswith("CNN *") for line in lines)
    assert lines[-2].startswith("Metadata alone")


def test_serious_problems_are_marked(studies):
    assert "  ! The leak check would have stopped this run" in summary(studies["official"])


def test_given_predictions_have_no_cost(studies):
    assert "peak MB" not in summary(studies["evaluate"])
