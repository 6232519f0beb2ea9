"""Guidelines as rules."""

from radiolucent.flow.ops import STAGES


def test_reasoning_is_a_stage_after_measuring():
    assert STAGES.index("reason") > STAGES.index("measure")
