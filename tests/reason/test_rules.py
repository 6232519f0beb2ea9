"""Guidelines as rules: what ships is proven, and what a conclusion cites."""

import pytest

from radiolucent.core import InputError
from radiolucent.flow.ops import STAGES
from radiolucent.reason.rules.findings import DISCLAIMER, findings
from radiolucent.reason.rules.proof import prove
from radiolucent.reason.rules.read import names, shipped


def test_reasoning_is_a_stage_after_measuring():
    assert STAGES.index("reason") > STAGES.index("measure")


@pytest.mark.parametrize("name", names())
def test_every_guideline_that_ships_is_proven(name):
    assert [str(complaint) for complaint in prove(shipped(name))] == []


@pytest.mark.parametrize("name", names())
def test_every_guideline_tells_its_source_and_is_called_like_its_file(name):
    one = shipped(name)
    assert one.name == name
    assert one.source
    assert one.about.endswith(".")


def test_a_conclusion_cites_guideline_version_row_inputs_and_what_is_not_known():
    given = {"size_mm": 7, "number": "single", "risk": "high", "type": "solid"}
    (found,) = findings(shipped("fleischner"), given)
    assert found.says.endswith("CT at 6-12 months, then CT at 18-24 months")
    told = "\n".join(found.because)
    for part in (
        "version 2017",
        "row S4",
        "row D2",
        "size_mm = 7 mm",
        "age_years not given",
        "doi:10.1148",
        DISCLAIMER,
    ):
        assert part in told
    assert found.code == "fleischner:S4"


def test_an_unverified_guideline_is_off_until_asked_for():
    with pytest.raises(InputError, match="--unverified"):
        findings(shipped("cac-drs"), {"score": 5})
    (found,) = findings(shipped("cac-drs"), {"score": 5}, unverified=True)
    assert "CAC-DRS 1" in found.says
    assert found.severity == "warn"
