"""How a broken limit is told."""

from radiolucent.check.limits import broken, listed


def test_a_finding_has_its_rule_its_value_and_its_limit():
    (finding,) = broken("series.x", "Too much.", "at most 1", value=2.345678, unit="mm", where="a")
    assert (finding.code, finding.value, finding.unit, finding.because) == (
        "series.x",
        2.346,
        "mm",
        ("limit: at most 1",),
    )
    assert finding.severity == "warn"


def test_many_names_are_counted():
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 more"
