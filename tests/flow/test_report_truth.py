"""What a column says of a label."""

import pandas as pd
import pytest

from radiolucent.core import InputError
from radiolucent.flow.report_truth import share, truth_of


def truth(cells, label="Pneumonia", positive=None):
    return truth_of(pd.Series(cells, dtype="string", name="column"), label, positive).tolist()


@pytest.mark.parametrize(
    "cells",
    [["1", "0", None], ["yes", "No", None], ["pneumonia", "normal", None], ["Pneumonia", "effusion", None]],
)
def test_common_words_are_understood_and_missing_cells_stay_missing(cells):
    assert truth(cells) == [True, False, pd.NA]


def test_the_positive_class_may_have_any_name():
    assert truth(["ill", "well"], positive="ill") == [True, False]


def test_a_doubt_in_the_column_is_no_truth():
    assert truth(["1", "0", "-1"]) == [True, False, pd.NA]


def test_a_word_that_is_neither_is_named():
    with pytest.raises(InputError, match="'north'"):
        truth(["north", "south"])


def test_a_share_of_nothing_is_undefined():
    assert share(0, 0)["value"] is None
    assert share(1, 2)["low"] < 0.5 < share(1, 2)["high"]
