import numpy as np

from radiolucent.flow.study.looking import chosen


def test_the_surest_the_most_wrong_and_the_least_certain_are_chosen():
    true = np.array([0.9, 0.1, 0.6, 0.99, np.nan])
    found = chosen(true, true - 0.55, np.arange(5), most=2)
    assert found == {"best": [3, 0], "worst": [1, 2], "uncertain": [2, 0]}


def test_no_patient_is_shown_twice_in_a_list():
    true = np.array([0.9, 0.95, 0.2, 0.3])
    found = chosen(true, true - 0.5, np.array([7, 7, 8, 8]), most=4)
    assert found["best"] == [1, 3]
    assert found["worst"] == [2, 0]
