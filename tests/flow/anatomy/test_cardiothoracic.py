"""The heart's share of the chest, on chests whose ratio is known because they were drawn."""

import json

import numpy as np
import pytest

from radiolucent.cli import main
from radiolucent.core import Case, Grid, Image, InputError, Mask, Step
from radiolucent.flow.anatomy.cardiothoracic import cardiothoracic
from radiolucent.flow.run import run
from radiolucent.phantom.thorax import attenuation, coordinates, patient, position
from radiolucent.reason.rules.case import guideline
from radiolucent.write import write

SIZE, FIELD = 256, 360.0


def drawn(heart=56.0, *, view="PA", seed=0, spacing_mm=FIELD / SIZE):
    """A phantom's radiograph, its lung fields, and the widths of its heart and chest [mm]."""
    rng = np.random.default_rng(seed)
    chest, stand = patient(rng, sex="M", with_nodule=False), position(rng, view=view)
    chest, stand = vary(chest, heart_half_width=heart, half_width=170.0), vary(stand, tilt_deg=0.0)
    x, y = coordinates(SIZE, stand)
    half = heart * stand.heart
    height = chest.lung_half_height * stand.breath
    inside = np.zeros(x.shape, bool)
    for side in (-1, 1):
        round_it = ((x - side * 74) / chest.lung_half_width) ** 2 + ((y + 8) / height) ** 2 < 1
        inside |= round_it & (y < 0.6 * height + 0.006 * (x - side * 62) ** 2)
    lungs = inside & (((x - 22) / half) ** 2 + ((y - 56) / (52 * stand.heart)) ** 2 > 1) & (np.abs(x) > 30)
    grid = Grid(x.shape, "yx", None if spacing_mm is None else (spacing_mm, spacing_mm))
    image = Image(attenuation(chest, stand, SIZE).astype(np.float32), grid, "DX")
    width = max(22 + half, 30) - min(22 - half, -30)
    return image, Mask(lungs.astype(np.uint8), grid), width * stand.zoom, 2 * (74 + chest.lung_half_width) * stand.zoom


def vary(value, **changes):
    return type(value)(**(vars(value) | changes))


def told(findings):
    return {finding.code.removeprefix("measure."): finding for finding in findings}


@pytest.mark.parametrize("heart", [56.0, 64.0, 72.0, 80.0])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_ratio_between_given_lungs_is_that_of_the_drawn_chest(heart, seed):
    image, lungs, heart_mm, thorax_mm = drawn(heart, seed=seed)
    found = told(cardiothoracic(Case("k", {"view": "PA"}, {"x": image}), lungs))
    assert found["cardiothoracic_ratio"].value == pytest.approx(heart_mm / thorax_mm, abs=0.015)
    assert found["heart_width"].value == pytest.approx(heart_mm, abs=5)
    assert found["thorax_width"].value == pytest.approx(thorax_mm, abs=5)
    assert [f.unit for f in found.values()] == ["1", "mm", "mm"]


def test_the_lungs_are_found_where_none_are_given():
    image, lungs, *_ = drawn(72.0)
    case = Case("k", {"view": "PA"}, {"x": image})
    own, given = cardiothoracic(case)[0], cardiothoracic(case, lungs)[0]
    assert own.value == pytest.approx(given.value, abs=0.2)  # its heart is translucent, and its border soft
    assert "lungs by segment.lungs" in own.because
    assert "lungs as given" in given.because


def test_two_labels_are_two_lungs_and_stray_pieces_are_none():
    image, lungs, *_ = drawn(64.0)
    case = Case("k", {"view": "PA"}, {"x": image})
    labels = np.array(lungs.array)
    labels[:, SIZE // 2 + 10 :] *= 2
    labels[-3:, :3] = 1
    apart = Mask(labels, lungs.grid, {1: "right lung", 2: "left lung"})
    assert cardiothoracic(case, apart) == cardiothoracic(case, lungs)


@pytest.mark.parametrize(("facts", "says"), [({"view": "AP"}, "AP view: indicative only"), ({}, "unknown, not PA")])
def test_a_view_that_is_not_pa_makes_it_indicative_only(facts, says):
    image, lungs, *_ = drawn(64.0)
    last = cardiothoracic(Case("k", facts, {"x": image}), lungs)[-1]
    assert last.code == "measure.cardiothoracic_ratio.view"
    assert last.severity == "warn"
    assert says in last.says
    assert len(cardiothoracic(Case("k", facts, {"x": image}), lungs, view="PA")) == 3


def test_without_a_spacing_the_widths_are_in_pixels_and_the_ratio_stays():
    with_mm, lungs, *_ = drawn(64.0)
    without, bare, *_ = drawn(64.0, spacing_mm=None)
    case = Case("k", {"view": "PA"}, {"x": without})
    first, second = cardiothoracic(Case("k", {"view": "PA"}, {"x": with_mm}), lungs), cardiothoracic(case, bare)
    assert first[0].value == pytest.approx(second[0].value, rel=1e-5)
    assert [f.code for f in second[1:]] == ["measure.heart_width_px", "measure.thorax_width_px"]
    assert second[1].value * FIELD / SIZE == pytest.approx(first[1].value, rel=1e-5)


def test_the_guideline_reads_the_ratio_from_the_case():
    image, lungs, *_ = drawn(80.0)
    case = run(Case("k", {"view": "PA"}, {"x": image}, {"lungs": lungs}),
               [Step("measure.cardiothoracic", inputs={"lungs": "lungs"})])  # fmt: skip
    found = guideline(case, name="cardiothoracic-ratio", given=("group=adult",))
    assert any("enlarged" in finding.says for finding in found)


def test_one_lung_or_none_is_told_and_not_measured():
    image, lungs, *_ = drawn()
    case = Case("k", {"view": "PA"}, {"x": image})
    one = np.array(lungs.array)
    one[:, : SIZE // 2] = 0
    for labels in (one, one * 0):
        (only,) = cardiothoracic(case, Mask(labels, lungs.grid))
        assert only.value is None
        assert only.severity == "warn"
        assert "no two lungs" in only.says


def test_volumes_and_doubtful_choices_are_refused():
    image, *_ = drawn()
    deep = Image(np.zeros((4, 8, 8), np.float32), Grid((4, 8, 8), "zyx"), "CT")
    with pytest.raises(InputError, match="flat radiograph"):
        cardiothoracic(Case("k", images={"x": deep}))
    with pytest.raises(InputError, match="2 images; say which"):
        cardiothoracic(Case("k", images={"x": image, "y": image}))
    with pytest.raises(InputError, match="no image"):
        cardiothoracic(Case("k", images={"x": image}), picture="z")


def test_the_command_writes_the_findings(tmp_path):
    image, lungs, *_ = drawn(64.0)
    write(image, tmp_path / "chest.nii.gz")
    write(lungs, tmp_path / "lungs.nii.gz")
    words = ["measure", "cardiothoracic", str(tmp_path / "chest.nii.gz"), str(tmp_path / "out.json")]
    assert main([*words, "--lungs", str(tmp_path / "lungs.nii.gz"), "--view", "PA"]) == 0
    assert "cardiothoracic_ratio" in json.dumps(json.loads((tmp_path / "out.json").read_text()))
