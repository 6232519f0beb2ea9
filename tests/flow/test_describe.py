import json

import numpy as np
import pandas as pd
import pytest

from radiolucent.core import InputError
from radiolucent.flow.describe import SAYS, Description, described, parts_of, refuse_own_cohort


def test_nothing_asked_is_what_is_usual():
    assert parts_of(()) == ("words", "statistics")
    assert parts_of(("lbp", "hog", "lbp")) == ("lbp", "hog")


def test_a_part_that_is_none_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'texture'"):
        parts_of(("textur",))


@pytest.mark.parametrize("part", ["words", "statistics", "hog", "lbp", "texture"])
def test_every_part_fills_its_place_in_a_row(part):
    description = Description((part,))
    points, numbers = described(np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8), (part,))
    assert len(numbers) == len(description.names) == description.dtype["statistics"].shape[0]
    assert (points is not None) == (part == "words") == ("descriptors" in description.dtype.names)


def test_a_description_goes_through_json_and_an_older_model_sees_what_is_usual():
    told = Description(("hog", "columns"), ("a", "b"), 3, "site", ("x", "y"))
    assert Description.from_dict(json.loads(json.dumps(told.told()))) == told
    assert Description.from_dict({}) == Description()


def test_rows_hold_what_the_table_knows():
    description = Description(("columns",), ("a", "b"), site="clinic", sites=("north", "south"))
    table = pd.DataFrame({"b": [1.0, np.nan], "a": [3, 4]})
    rows = description.filled(2, columns=table, sites=pd.Series(["south", "elsewhere"]))
    np.testing.assert_array_equal(rows["columns"], [[3, 1], [4, np.nan]])
    assert rows["site"].tolist() == [1, -1]


def test_it_is_said_in_words():
    assert Description().says == "keypoint words and statistics"
    assert Description(("hog", "lbp", "texture")).says == "gradient histograms, local binary patterns and texture"
    assert all(SAYS.values())


def test_a_net_trained_on_the_same_cohort_is_refused():
    refuse_own_cohort({"training": {"cohort_sha256": "a"}}, "b")
    with pytest.raises(InputError, match="know the rows that would test them"):
        refuse_own_cohort({"training": {"cohort_sha256": "a"}}, "a")
