"""Every promise, over everything that is registered."""

import pytest

from radiolucent.flow.ops import operations, waivers
from radiolucent.testing import CHECKS

WAIVED = {(waiver.op, waiver.promise): waiver.reason for waiver in waivers()}
OPERATIONS = operations()
DECLARED = 91
"""How many promises our operations do not keep."""


@pytest.mark.parametrize("promise", CHECKS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_keeps_every_promise(name, promise):
    if (name, promise) in WAIVED:
        pytest.skip(f"declared: {WAIVED[name, promise]}")
    problem = CHECKS[promise](OPERATIONS[name])
    assert problem is None, f"{name}, {promise}: {problem}"


def test_every_waiver_names_an_operation_and_a_reason():
    for waiver in waivers():
        assert waiver.op in OPERATIONS
        assert waiver.promise in set(CHECKS) - {"signature", "bad_values"}
        assert len(waiver.reason.split()) >= 4, f"{waiver.op}, {waiver.promise}: say why"
    assert len(WAIVED) == len(waivers()), "one waiver for each operation and promise"


def test_the_number_of_waivers_is_known():
    assert len(WAIVED) == DECLARED, "a promise that is not kept is a decision: change the number together with it"
