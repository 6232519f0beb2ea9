"""Methods side by side: a page with every figure, from a picture or a cohort, and taken up where it stopped."""

import json

import numpy as np
import pytest

from radiolucent.cli import main
from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.flow.compare import FAMILIES, METHODS, Plan, Row, compared, segmented
from radiolucent.flow.ops import stage_operations
from radiolucent.flow.recipes.compare import compare
from radiolucent.flow.seeding import GROUND, OBJECT, drawn, given
from radiolucent.write import write

FAST = ("otsu", "watershed", "lesion", "growcut")


def disc(k: int = 0) -> tuple[Image, Mask]:
    y, x = np.indices((48, 52))
    inside = (y - 22 - k) ** 2 + (x - 25) ** 2 <= 100
    values = 120 - 60 * inside + np.random.default_rng(k).normal(0, 8, inside.shape)
    grid = Grid(inside.shape, "yx")
    return Image(np.clip(values, 0, 255).astype(np.uint8), grid), Mask(inside.astype(np.uint8), grid, {1: "disc"})


@pytest.fixture
def cohort(tmp_path):
    lines = ["image,mask,patient"]
    for k in range(3):
        image, mask = disc(k)
        write(image, tmp_path / f"i{k}.png")
        write(mask, tmp_path / f"m{k}.png")
        lines.append(f"i{k}.png,m{k}.png,p{k // 2}")
    (tmp_path / "cohort.csv").write_text("\n".join([*lines, "i0.png,gone.png,p9"]))
    return tmp_path


def test_every_method_that_is_compared_exists_and_is_of_one_family():
    assert {f"segment.{name}" for name in METHODS} <= set(stage_operations("segment"))
    assert sum(map(len, FAMILIES.values())) == len(METHODS)


def test_seeds_lie_in_the_eroded_mask_and_in_the_ground_and_follow_from_the_seed():
    _, mask = disc()
    inside = mask.array > 0
    for seed in range(20):
        seeds = drawn(inside, mask.grid, seed=seed)
        labels = seeds.both.array
        assert inside[seeds.click]
        assert labels[seeds.click] == OBJECT
        assert inside[labels == OBJECT].all()
        assert not inside[labels == GROUND].any()
        assert (labels == GROUND).any()
    assert np.array_equal(drawn(inside, mask.grid, seed=3).both.array, drawn(inside, mask.grid, seed=3).both.array)
    with pytest.raises(InputError, match="no inside"):
        drawn(np.zeros((9, 9), bool), Grid((9, 9), "yx"), seed=0)


def test_a_given_click_has_the_frame_as_its_ground():
    seeds = given((10, 12), Grid((20, 30), "yx"))
    assert seeds.both.array[0].tolist() == [GROUND] * 30
    with pytest.raises(InputError, match="outside"):
        given((30, 12), Grid((20, 30), "yx"))


@pytest.mark.parametrize("method", ["otsu", "k_means", "watershed", "seeded_region_growing", "graph_cut", "lesion"])
def test_a_dark_disc_is_found_whatever_a_methods_labels_mean(method):
    image, mask = disc()
    spaced = Image(image.array, Grid(image.grid.shape, "yx", (1.0, 1.0)))
    inside = mask.array > 0
    found = segmented(method, spaced, drawn(inside, spaced.grid, seed=1))
    assert 2 * (found & inside).sum() / (found.sum() + inside.sum()) > 0.75


def test_a_cohort_becomes_one_page_with_scores_over_patients_and_rows_that_failed(cohort):
    says = compare(
        cohort / "cohort.csv", out=cohort / "c.html", methods=FAST, repeats=2, spacing_mm=1.0, threads=1, quiet=True
    )
    page = (cohort / "c.html").read_text()
    assert "4 methods on 3 pictures of 2 patients" in says
    assert all(name in page for name in (*FAST, "HD95", "Seconds", "1 rows were left out"))
    assert "http" not in page.split("<body")[-1]
    assert not (cohort / "c.html.part").exists()


def test_a_stopped_run_goes_on_and_ends_as_one_that_was_not(cohort):
    rows = tuple(Row(k, str(cohort / f"i{k}.png"), str(cohort / f"m{k}.png"), f"p{k}") for k in range(3))
    plan = Plan(rows, ("otsu", "lesion"), repeats=2, spacing_mm=1.0, shown=0)
    whole = compared(plan, cohort / "whole.part", threads=1)
    lines = (cohort / "whole.part").read_text().splitlines(keepends=True)
    (cohort / "half.part").write_text("".join(lines[:2]))
    again = compared(plan, cohort / "half.part", threads=1)

    def figures(found):
        return json.dumps([[one["scores"] for one in line["methods"]["lesion"]["runs"]] for line in found])

    assert figures(whole) == figures(again)


def test_without_a_mask_pictures_are_seen_and_nothing_is_scored(cohort):
    args = ["segment", "compare", str(cohort / "i0.png"), "-o", str(cohort / "p.html"), "--methods", "otsu", "lesion"]
    assert main([*args, "--seed-point", "22", "25", "--threads", "1"]) == 0
    assert "nothing is scored" in (cohort / "p.html").read_text()


@pytest.mark.parametrize(
    ("args", "says"),
    [({"methods": ("otzu",)}, "otsu"), ({"out": "x.pdf"}, "HTML"), ({}, "no seeds can be drawn")],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(cohort, args, says):
    out = cohort / args.pop("out", "x.html")
    with pytest.raises(InputError, match=says):
        compare(cohort / "i0.png", out=out, threads=1, **{"methods": ("otsu",), **args})
