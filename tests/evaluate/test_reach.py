import numpy as np
import pytest

from radiolucent.evaluate.reach import Reach


def test_the_interval_holds_so_many_of_new_cases():
    random = np.random.default_rng(0)
    held = []
    for _ in range(300):
        reach = Reach.fit(np.zeros(60), random.standard_t(4, 60))
        new = random.standard_t(4, 50)
        _, low, high = reach.transform(np.zeros(50)).T
        held.append(((new >= low) & (new <= high)).mean())
    assert np.mean(held) == pytest.approx(0.95, abs=0.01)


def test_with_few_rows_it_is_the_largest_error_and_it_is_made_again_from_json():
    reach = Reach.fit([1.0, 2.0, 3.0], [1.5, 2.0, 5.0])
    assert reach.half == 2.0
    assert Reach.from_dict(reach.to_dict()) == reach
