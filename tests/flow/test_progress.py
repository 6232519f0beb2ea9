"""Progress is seen in a log too, but not of what is done at once."""

import pytest

from radiolucent.flow import progress


@pytest.mark.parametrize(("wait_s", "shown", "is_told"), [(0, True, True), (30, True, False), (0, False, False)])
def test_a_log_tells_what_takes_long_and_nothing_else(monkeypatch, capsys, wait_s, shown, is_told):
    monkeypatch.setattr(progress, "IN_LOG_S", wait_s)
    with progress.bar("read images", 4, shown=shown) as advance:
        advance(3)
    told = capsys.readouterr().err
    assert ("read images" in told and "3/4" in told) is is_told
    assert bool(told) is is_told
