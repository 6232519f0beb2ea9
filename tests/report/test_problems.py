"""Nothing that is wrong goes unsaid, and the worst comes first."""

import pytest

from radiolucent.report import Study
from radiolucent.report.problems import problems, what_is_wrong
from radiolucent.report.reading import Reading
from radiolucent.report.texts import texts


def found_in(metrics):
    return problems(Reading(Study(metrics), texts("en")))


def said_of(metrics):
    return " ".join(prose.text.replace("\u00a0", " ") for prose, _ in found_in(metrics))


def test_a_clean_study_is_not_called_proven(studies):
    [(prose, _)] = what_is_wrong(Reading(studies["clean"], texts("en")))
    assert "not proof that there is none" in prose.text


def test_the_absence_of_leaks_is_not_claimed_of_given_predictions(studies, metrics):
    found = dict(studies["evaluate"].metrics) | {"groups": {}, "gaps": {}, "confounding": {}}
    [(prose, _)] = what_is_wrong(Reading(Study(found), texts("en")))
    assert "cannot be seen from predictions" in prose.text


def test_serious_problems_come_first_and_lead_to_their_section(studies):
    found = problems(Reading(studies["official"], texts("en")))
    tones = [prose.tone for prose, _ in found]
    assert tones[:3] == ["stop"] * 3
    assert "stop" not in tones[3:]
    assert all(section for _, section in found)


def test_the_confounder_is_told_with_both_shares(metrics):
    found = metrics()
    found["confounding"] = {
        "view": {
            "table": {"AP": {"0": 45, "1": 68}, "PA": {"0": 55, "1": 32}},
            "cramers_v": 0.23,
            "p": 1e-6,
            "auc_alone": 0.615,
            "says": "",
        }
    }
    said = said_of(found)
    assert "“view” goes with the label: AP makes up 68 % of pneumonia but 45 % of no pneumonia" in said
    assert "it alone reaches AUC 0.61" in said or "it alone reaches AUC 0.62" in said
    assert "The column view goes with the label" not in said  # told once, not twice


@pytest.mark.parametrize(("v", "p"), [(0.05, 1e-9), (0.3, 0.2), (None, None)])
def test_a_trace_or_a_chance_association_is_no_confounder(metrics, v, p):
    found = metrics()
    found["leaks"] = []
    found["confounding"] = {"view": found["confounding"]["view"] | {"cramers_v": v, "p": p}}
    assert "goes with the label" not in said_of(found)


def test_a_gap_counts_only_when_its_interval_leaves_zero_out(metrics):
    found = metrics()
    found["gaps"] = {"sex": {"auc": {"value": 0.1, "low": -0.01, "high": 0.2, "between": ["F", "M"]}}}
    assert "apart between" not in said_of(found)
    found["gaps"]["sex"]["auc"]["low"] = 0.02
    assert "AUC is 0.10 [0.02, 0.20] apart between F and M (sex)" in said_of(found)
    found["gaps"]["sex"]["tpr"] = {"value": 0.2, "low": 0.1, "high": 0.3, "between": ["M", "F"]}
    assert "Sensitivity is 0.20 [0.10, 0.30] apart between M and F (sex)" in said_of(found)


def test_a_calibration_error_is_wrong_only_beyond_what_chance_would_show(metrics):
    found = metrics()
    ece = found["candidates"]["cnn"]["ece"]
    assert "probabilities are off" not in said_of(found)
    ece["value"] = ece["expected_high"] + 0.01
    assert "probabilities are off" in said_of(found)


def test_small_groups_and_unusable_rows_are_counted(metrics):
    said = said_of(metrics())
    assert "Too small to judge: site C (n 12)." in said
    assert "Left out because unusable: 1 row." in said


def test_many_problems_are_cut_and_the_rest_counted(metrics):
    found = metrics()
    found["leaks"] = [
        {"kind": kind, "severity": "warn", "count": 2, "rows": [], "column": "c", "says": ""}
        for kind in ("patient", "identical", "twin", "suspect", "chain", "label_conflict", "giveaway")
    ]
    shown = what_is_wrong(Reading(Study(found), texts("en")))
    assert len(shown) == 8
    assert "more remarks" in shown[-1][0].text


def test_a_leak_of_an_unknown_kind_speaks_for_itself(metrics):
    found = metrics()
    found["leaks"] = [
        {"kind": "new", "severity": "block", "count": 1, "rows": [], "column": None, "says": "As it says."}
    ]
    assert found_in(found)[0][0].text == "As it says."


def test_what_was_dealt_with_stands_in_its_section_and_not_on_the_first_screen(metrics):
    found = metrics()
    found["leaks"] = [
        {"kind": "twin", "severity": "info", "count": 6, "rows": [], "column": None, "says": "Kept in one fold."}
    ]
    assert "Kept in one fold" not in said_of(found)


def test_what_the_checks_of_images_found_is_told_with_how_often(metrics):
    found = metrics()
    found["checks"] = [
        {"rule": "header.rescale", "severity": "block", "images": 2, "says": ""},
        {"rule": "header.charset", "severity": "warn", "images": 1200, "says": ""},
    ]
    told = [(prose.text, prose.tone) for prose, _ in found_in(found) if "Checks" in prose.text]
    assert [tone for _, tone in told] == ["stop", "warn"]
    assert "header.rescale (2)" in told[0][0]
    assert "header.charset (1,200)" in told[1][0]
