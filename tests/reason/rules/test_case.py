"""A guideline applied to a case: its measurements and facts are the inputs."""

import json
import re
from pathlib import Path

import pytest

import radiolucent as rl
from radiolucent.cli import main
from radiolucent.core import Case, Finding, InputError
from radiolucent.flow.plan import parse
from radiolucent.flow.run import run
from radiolucent.phantom import lung
from radiolucent.reason import guideline
from radiolucent.write import write

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
PLAN = next(text for text in re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
GIVEN = ("type=solid", "number=single", "risk=high")


def measure(name, value, unit, where="lesion 1"):
    return Finding(f"{name} {value}", code=f"measure.{name}", value=value, unit=unit, where=where)


@pytest.mark.parametrize(
    ("diameter_mm", "row", "says"),
    [
        (4.0, "S2", "optional CT at 12 months"),
        (7.0, "S4", "CT at 6-12 months, then CT"),
        (12.0, "S5", "consider CT at 3"),
    ],
)
def test_a_lung_phantom_goes_from_picture_to_conclusion_in_one_plan(diameter_mm, row, says):
    image, _ = lung(diameter_mm=diameter_mm, spacing_mm=(0.6, 0.6, 0.6))
    done = run(Case("phantom", images={"image": image}), parse(PLAN, suffix=".toml"))
    (concluded,) = [one for one in done.findings if one.code.startswith("fleischner:")]
    assert concluded.code == f"fleischner:{row}"
    assert says in concluded.says
    assert any("volume_mm3" in reason and "long_axis_mm" in reason for reason in concluded.because)


def test_the_plan_runs_from_file_to_page(tmp_path):
    image, _ = lung(diameter_mm=7.0, spacing_mm=(0.6, 0.6, 0.6))
    write(image, tmp_path / "lung.nii.gz")
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    done = ["run", tmp_path / "plan.toml", tmp_path / "lung.nii.gz", "-o", tmp_path / "out", "--quiet"]
    assert main([str(word) for word in done]) == 0
    page = (tmp_path / "out" / "findings.html").read_text(encoding="utf-8")
    for part in ("CT at 6-12 months, then CT at 18-24 months", "row S4", "doi:10.1148", "not a diagnosis", "Long axis"):
        assert part in page
    table = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert any(one["code"] == "fleischner:S4" for one in table["findings"])
    again = ["run", tmp_path / "out" / "history.json", "-o", tmp_path / "again", "--quiet"]
    assert main([str(word) for word in again]) == 0


def test_facts_of_the_case_answer_guards():
    young = Case("k", facts={"age_years": 20}, features={"nodule.voxel_volume_mm3": 180.0})
    (found,) = guideline(young, name="fleischner", given=GIVEN)
    assert found.code == "fleischner:not-applicable"
    (found,) = guideline(Case("k", facts={"view": "AP"}), name="cardiothoracic-ratio")
    assert "AP view magnifies" in found.says


def test_without_a_name_every_guideline_speaks_whose_measurements_there_are():
    case = Case("k", findings=(measure("agatston", 120.0, "1", "all"), measure("agatston", 20.0, "1", "LAD")))
    (found,) = guideline(case)
    assert found.code.startswith("agatston:")
    assert "moderate (101-400)" in found.says
    assert guideline(Case("k")) == ()


def test_millilitres_are_brought_to_the_unit_of_the_rule():
    case = Case("k", findings=(measure("volume", 0.18, "ml"),))
    (found,) = guideline(case, name="fleischner", given=GIVEN)
    assert "volume_mm3 = 180 mm³" in "\n".join(found.because)


def test_two_lesions_need_a_choice():
    case = Case("k", findings=(measure("volume", 0.18, "ml"), measure("volume", 0.01, "ml", "lesion 2")))
    with pytest.raises(InputError, match="say which by `of`"):
        guideline(case, name="fleischner", given=GIVEN)
    (found,) = guideline(case, name="fleischner", given=GIVEN, of="lesion 2")
    assert found.code == "fleischner:S2"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"name": "fleischner", "given": ("size=7",)}, "size has no unit; give size_mm"),
        ({"name": "fleischner", "given": ("size_mm",)}, "given as name=value"),
        ({"name": "fleischner", "given": ("risk=low", "risk=high")}, "risk is given twice"),
        ({"given": ("risk=low",)}, "but no guideline; give its name"),
        ({"name": "fleischner", "rules": Path("x.toml")}, "either the name of a guideline or a rule file"),
        ({"name": "cac-drs"}, "--unverified"),
    ],
)
def test_bad_arguments_get_a_clear_error(args, says):
    with pytest.raises(InputError, match=says):
        guideline(Case("k"), **args)


def test_a_measurement_without_unit_in_its_name_is_refused():
    with pytest.raises(InputError, match=r"nodule\.volume has no unit in its name; volume_mm3 is in mm³"):
        guideline(Case("k", features={"nodule.volume": 180.0}), name="fleischner", given=GIVEN)


def test_it_is_offered_in_python():
    assert rl.reason.guideline is guideline
