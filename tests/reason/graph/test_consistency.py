"""Contradictions of a case: each kind is found where it is planted, and nothing is found where nothing is."""

import numpy as np
import pytest

from radiolucent.core import Case, Finding, Grid, Image, Mask
from radiolucent.reason import consistency
from radiolucent.reason.graph.consistency import shapes

GRID = Grid((4, 4), "yx")


def case(*says, modalities=("CT",), labels=(), **facts):
    """A case that says this."""
    images = {f"image{k}": Image(np.zeros(GRID.shape), GRID, modality) for k, modality in enumerate(modalities)}
    mask = Mask(np.zeros(GRID.shape, np.uint8), GRID, dict(enumerate(labels, 1)))
    findings = tuple(one if isinstance(one, Finding) else Finding(one) for one in says)
    return Case("key", facts=facts, images=images, masks={"mask": mask}, findings=findings)


def codes(found):
    return [one.code.removeprefix("reason.graph.") for one in found]


PLANTED = {
    "finding-elsewhere": case("Pleural effusion", body_part="HEAD"),
    "label-elsewhere": case(labels=("lung_upper_lobe_left",), body_part="HEAD"),
    "finding-not-shown": case("meniscal tear", modalities=("CR",)),
    "findings-contradict": case("clear lungs", "pneumonia"),
    "finding-of-other-sex": case("prostate lesion", modalities=("MR",), sex="F"),
    "label-of-other-sex": case(labels=("uterus",), sex="M"),
}


def test_every_shape_is_planted_here():
    assert {shape.name for shape in shapes()} == set(PLANTED)


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found_and_nothing_else(name):
    assert codes(consistency(PLANTED[name])) == [name]


@pytest.mark.parametrize(
    "sound",
    [
        case(),
        case("pleural effusion", "cardiomegaly", modalities=("DX",), body_part="CHEST", sex="F"),
        case("ascites", "liver cyst", body_part="CHEST"),
        case("abdominal aortic aneurysm", body_part="PELVIS"),
        case("something that nobody knows", body_part="NOWHERE", modalities=("OT",), sex="O"),
        case("hydrocephalus", modalities=("US",), body_part="HEAD"),
        case("ground-glass nodule", modalities=("DX", "CT")),
        case(labels=("kidney_left", "liver", "vertebrae"), body_part="ABDOMEN"),
        case(Finding("pneumonia", probability=0.2), "clear lungs"),
        case(Finding("no finding of this", code="check.series.gap"), "pneumonia"),
        case("bone fracture", body_part="HAND", modalities=("DX",)),
    ],
)
def test_a_sound_case_has_no_contradiction(sound):
    assert consistency(sound) == ()


def test_codes_and_chinese_words_are_understood_too():
    assert codes(consistency(case(Finding("x", code="SCT 36118008"), body_part="KNEE"))) == ["finding-elsewhere"]
    assert codes(consistency(case("气胸", body_part="FOOT"))) == ["finding-elsewhere"]


def test_a_contradiction_says_what_contradicts_what_and_rests_on_nodes():
    (found,) = consistency(PLANTED["findings-contradict"])
    assert found.says.lower() == "clear lungs and pneumonia contradict each other"
    assert len(found.because) == 2
    assert found.severity == "warn"


def test_a_hostile_fact_is_no_part_of_a_query():
    assert consistency(case("pneumonia", sex='F") } #', body_part="} SELECT")) == ()
