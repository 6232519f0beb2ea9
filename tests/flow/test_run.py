"""A case goes through a plan, and the history leaves nothing open."""

from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from pydantic import Field

from radiolucent import __version__
from radiolucent.core import Case, Finding, Grid, Image, InputError, Mask, Step
from radiolucent.flow.run import replay, run, stored
from radiolucent.testing import ball, specimen

RAW = specimen("3-D")
CASE = Case("k", images={"raw": RAW})


def jitter(
    image: Image, *, seed: Annotated[int, Field(ge=0)] = 0, amount: Annotated[float, Field(ge=0)] = 1.0
) -> Image:
    """Add noise."""
    return image.with_array(image.array + amount * np.random.default_rng(seed).normal(size=image.array.shape))


def parts(image: Image) -> dict[str, Image | float | Mask]:
    """Give several things at once."""
    return {"twice": image.with_array(image.array * 2), "sum": float(image.array.sum()), "high": ball(image)}


def remark(case: Case) -> tuple[Finding, ...]:
    """Say how many images there are."""
    return (Finding(f"{len(case.images)} images"),)


def table(image: Image, *, file: Annotated[Path, Field(description="A file.")] = Path("none")) -> dict[str, float]:
    """Count the bytes of a file."""
    return {"bytes": float(file.stat().st_size)}


def wrong(image: Image) -> Image:
    """Break the agreement."""
    return "nothing"  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def toys(offer):
    offer(toy__jitter=jitter, toy__parts=parts, toy__remark=remark, toy__table=table, toy__wrong=wrong)


def test_the_history_leaves_nothing_open():
    done = run(CASE, [Step("process.gaussian", {"sigma_mm": 2})])
    (step,) = done.history
    assert step.inputs == {"image": "raw"}
    assert step.args["sigma_mm"] == 2.0
    assert (step.into, step.version, step.seed) == ("gaussian", __version__, None)
    assert step.hashes == {"case": CASE.fingerprint()}


def test_defaults_are_written_out():
    assert "sigma_mm" in run(CASE, [Step("process.gaussian")]).history[0].args


def test_a_step_takes_what_an_earlier_one_made():
    plan = [
        Step("process.gaussian", {"sigma_mm": 1.5}, {"image": "raw"}, "smooth"),
        Step("segment.otsu", inputs={"image": "smooth"}, into="ball"),
        Step("measure.intensity", inputs={"image": "raw", "mask": "ball"}),
    ]
    done = run(CASE, plan)
    assert list(done.images) == ["raw", "smooth"]
    assert list(done.masks) == ["ball"]
    inside = RAW.array[done.masks["ball"].array == 1]
    assert done.features["intensity.mean"] == pytest.approx(inside.mean(), rel=1e-5)


def test_the_seed_has_a_place_of_its_own_in_the_history():
    done = run(CASE, [Step("toy.jitter", seed=3)])
    assert done.history[0].seed == 3
    assert "seed" not in done.history[0].args
    assert run(CASE, [Step("toy.jitter", {"seed": 3})]).fingerprint() == done.fingerprint()
    assert run(CASE, [Step("toy.jitter")]).history[0].seed == 0
    with pytest.raises(InputError, match="takes no seed"):
        run(CASE, [Step("segment.otsu", seed=1)])


def test_a_mapping_is_stored_under_dotted_names():
    done = run(CASE, [Step("toy.parts", into="p")])
    assert list(done.images) == ["raw", "p.twice"]
    assert list(done.masks) == ["p.high"]
    assert list(done.features) == ["p.sum"]


def test_findings_are_added_to_those_there_are():
    done = run(CASE, [Step("toy.remark"), Step("toy.remark")])
    assert [finding.says for finding in done.findings] == ["1 images", "1 images"]


def test_writing_a_name_that_exists_is_an_error():
    with pytest.raises(InputError, match=r"step 2: the case already has 'a' among its images; say `into` another name"):
        run(CASE, [Step("process.gaussian", into="a"), Step("process.mean", inputs={"image": "raw"}, into="a")])
    with pytest.raises(InputError, match=r"already has 'p\.sum' among its features"):
        stored(stored(CASE, "p", {"sum": 1.0}), "p", {"sum": 2})


def test_an_input_that_is_not_clear_is_asked_for():
    two = Case("k", images={"a": RAW, "b": RAW})
    with pytest.raises(InputError, match=r"process\.gaussian needs to be told its `image`; the case has images: a, b"):
        run(two, [Step("process.gaussian")])
    with pytest.raises(InputError, match=r"there is no 'c' to be its `image`; the case has images: a, b"):
        run(two, [Step("process.gaussian", inputs={"image": "c"})])
    with pytest.raises(InputError, match=r"the case has images: none"):
        run(Case("k"), [Step("process.gaussian")])


def test_a_part_of_the_inputs_own_name_is_taken():
    assert (
        run(Case("k", images={"image": RAW, "b": RAW}), [Step("process.gaussian")]).history[0].inputs["image"]
        == "image"
    )


def test_an_optional_input_is_used_only_when_named():
    case = Case("k", images={"raw": RAW}, masks={"mask": ball(RAW)})
    assert run(case, [Step("measure.intensity")]).history[0].inputs == {"image": "raw"}


def test_a_mask_on_another_grid_is_refused():
    other = Mask(np.ones((3, 3), np.uint8), Grid((3, 3), "yx"))
    case = Case("k", images={"raw": RAW}, masks={"mask": other})
    with pytest.raises(InputError, match="the mask 'mask' lies on another grid than the image: shape"):
        run(case, [Step("measure.intensity", inputs={"mask": "mask"})])


def test_every_step_is_checked_before_the_first_is_carried_out():
    for late, says in [
        (Step("process.gaussian", {"sigma_mm": -1}), r"step 2: process\.gaussian: sigma_mm must be"),
        (Step("process.nothing"), "step 2: there is no operation"),
        (Step("read.load", {"path": "x"}), "step 2: reading is the first step"),
        (Step("segment.otsu", into="../x"), "step 2: into = '../x' is no name"),
    ]:
        with pytest.raises(InputError, match=says):
            run(Case("no image, so the first step would fail"), [Step("process.gaussian"), late])


def test_a_file_among_the_arguments_is_hashed_and_watched(tmp_path):
    file = tmp_path / "weights"
    file.write_bytes(b"123")
    done = run(CASE, [Step("toy.table", {"file": str(file)})])
    assert done.features["table.bytes"] == 3
    assert done.history[0].args["file"] == str(file)
    assert run(CASE, done.history).fingerprint() == done.fingerprint()
    file.write_bytes(b"1234")
    with pytest.raises(InputError, match=r"the content of file .* is not what the history was made with"):
        run(CASE, done.history)


def test_an_operation_that_breaks_the_agreement_is_a_defect():
    with pytest.raises(TypeError, match=r"toy\.wrong returned str, which a case cannot hold"):
        run(CASE, [Step("toy.wrong")])


def test_a_history_goes_only_with_the_case_it_began_with():
    history = run(CASE, [Step("process.gaussian")]).history
    assert replay(history, case=CASE).fingerprint() == run(CASE, history).fingerprint()
    other = Case("k", images={"raw": specimen("2-D")})
    with pytest.raises(InputError, match="began with another case"):
        run(other, history)
    with pytest.raises(InputError, match="give the case that it began with"):
        replay(history)


def test_a_plan_that_begins_with_the_cases_history_goes_on_from_there():
    once = run(CASE, [Step("process.gaussian")])
    done = run(once, [*once.history, Step("segment.otsu", inputs={"image": "gaussian"})])
    assert [step.op for step in done.history] == ["process.gaussian", "segment.otsu"]


def test_progress_is_shown_only_when_asked_for(capsys):
    run(CASE, [Step("process.gaussian")])
    assert capsys.readouterr().err == ""
    run(CASE, [Step("process.gaussian")], progress=True)
    assert "1/1" in capsys.readouterr().err


@pytest.mark.parametrize(("op", "says"), [("segment.otsu", "found nothing"), ("segment.watershed", "one region")])
def test_a_segmentation_of_one_value_is_told(op, says):
    flat = Image(np.full((8, 8), 3.0), Grid((8, 8), "yx", (1.0, 1.0)))
    (finding,) = run(Case("one", images={"raw": flat}), [Step(op, into="found")]).findings
    assert says in finding.says
    assert (finding.where, finding.severity) == ("found", "warn")


def test_a_segmentation_of_several_values_is_not_remarked_on():
    assert not run(Case("one", images={"raw": specimen("2-D")}), [Step("segment.otsu")]).findings
