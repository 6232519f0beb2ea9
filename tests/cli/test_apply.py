"""From file to file through one operation."""

import csv
import json

import numpy as np
import pytest
from PIL import Image as Pillow

from radiolucent.cli import main
from radiolucent.flow.load import load
from radiolucent.testing import ball, specimen


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    picture = specimen("2-D")
    Pillow.fromarray(np.clip(picture.array + 60, 0, 255).astype(np.uint8)).save("in.png")
    Pillow.fromarray(ball(picture).array.copy()).save("mask.png")
    return tmp_path


def test_a_picture_is_changed(here):
    assert main(["process", "gaussian", "in.png", "out.nii.gz", "--sigma-mm", "2", "--spacing-mm", "0.5", "0.5"]) == 0
    (case,) = load(here / "out.nii.gz")
    (image,) = case.images.values()
    assert image.grid.spacing_mm == pytest.approx((0.5, 0.5))
    assert image.array.std() < load(here / "in.png")[0].images["image"].array.std()


def test_before_and_after_are_shown_and_the_history_kept(here):
    words = ["segment", "otsu", "in.png", "out.png", "--show", "show.png", "--history", "history.json"]
    assert main(words) == 0
    assert Pillow.open("show.png").width > 2 * 40
    history = json.loads((here / "history.json").read_text())
    assert [step["op"] for step in history["steps"]] == ["read.load", "segment.otsu"]
    assert main(["run", "history.json", "-o", "again", "--quiet"]) == 0


def test_numbers_go_to_a_table_or_to_json(here):
    assert main(["measure", "intensity", "in.png", "out.csv", "--mask", "mask.png"]) == 0
    assert main(["measure", "intensity", "in.png", "out.json", "--mask", "mask.png"]) == 0
    head, row = list(csv.reader((here / "out.csv").open()))
    features = json.loads((here / "out.json").read_text())["features"]
    assert dict(zip(head[1:], map(float, row[1:]), strict=True)) == pytest.approx(features)
    inside = np.asarray(Pillow.open("in.png"))[np.asarray(Pillow.open("mask.png")) == 1]
    assert features["intensity.mean"] == pytest.approx(inside.mean())


def test_keypoints_go_to_a_table_or_to_arrays(here):
    assert main(["measure", "sift", "in.png", "out.csv", "--contrast", "0.001"]) == 0
    assert main(["measure", "sift", "in.png", "out.npz", "--contrast", "0.001"]) == 0
    rows = list(csv.DictReader((here / "out.csv").open()))
    arrays = np.load("out.npz")
    assert rows
    assert np.allclose([[float(row["y"]), float(row["x"])] for row in rows], arrays["points"])


def test_a_mask_is_an_input_too(here):
    assert main(["process", "resample_mask", "mask.png", "out.png", "--in-spacing-mm", "1", "--spacing-mm", "2"]) == 0
    assert Pillow.open("out.png").size == (20, 24)
    assert set(np.unique(np.asarray(Pillow.open("out.png")))) <= {0, 1, 2}


def test_a_hyphen_is_as_good_as_an_underscore(here):
    assert main(["process", "resample-mask", "mask.png", "out.png", "--in-spacing-mm", "1"]) == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["process", "gaussian", "in.png", "out.png"],
            "no known spacing, and the operation works in mm; give --spacing-mm",
        ),
        (["process", "resample", "in.png", "out.png"], "give --in-spacing-mm"),
        (["process", "clahe", "none.png", "out.png"], "none.png: there is no such file or folder"),
        (["process", "clahe", "in.png", "mask.png"], "mask.png exists; give another name, or --overwrite"),
        (["process", "clahe", "in.png", "out.xyz"], "no writer for this suffix"),
        (
            ["process", "clahe", "in.png", "out.png", "--history", "h.yaml"],
            "h.yaml: a history is written as .json or .toml",
        ),
        (["measure", "intensity", "in.png", "out.xlsx"], "no file form for numbers '.xlsx'"),
        (["process", "clahe", "in.png", "out.png", "--image", "imag"], "no image 'imag'; did you mean 'image'?"),
        (["measure", "intensity", "in.png", "o.csv", "--mask", "in.png", "--label", "9"], "label"),
        (
            ["measure", "intensity", "in.png", "o.csv", "--mask", "small.png"],
            "lies on another grid than the image: shape",
        ),
        (["process", "clahe", "broken.png", "out.png"], "broken.png"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_nothing_behind(here, capsys, words, says):
    Pillow.fromarray(np.ones((5, 5), np.uint8)).save("small.png")
    (here / "broken.png").write_bytes((here / "in.png").read_bytes()[:60])
    before = sorted(path.name for path in here.iterdir())
    assert main(words) == 2
    assert says in capsys.readouterr().err
    assert sorted(path.name for path in here.iterdir()) == before


def test_overwriting_needs_to_be_said(here):
    assert main(["process", "clahe", "in.png", "mask.png", "--overwrite"]) == 0
    assert np.asarray(Pillow.open("mask.png")).max() > 2


def test_a_result_of_several_parts_is_shown_by_its_picture(here):
    words = ["process", "compress", "in.png", "parts", "--codec", "j2k", "--ratio", "4", "--show", "show.png"]
    assert main(words) == 0
    assert Pillow.open("show.png").width > 2 * 40
    assert json.loads((here / "parts" / "features.json").read_text())["features"]["compress.ratio"] >= 4


def test_slabs_give_the_same_file(here):
    words = ["process", "gaussian", "in.png", "--spacing-mm", "1"]
    assert main([*words[:3], "whole.nii", *words[3:]]) == 0
    assert main([*words[:3], "slabs.nii", *words[3:], "--block-mb", "0.01"]) == 0
    whole, slabs = (next(iter(load(here / name)[0].images.values())).array for name in ("whole.nii", "slabs.nii"))
    np.testing.assert_allclose(slabs, whole, atol=1e-4)


def test_a_slab_of_no_size_is_refused(here, capsys):
    assert main(["process", "gaussian", "in.png", "x.nii", "--spacing-mm", "1", "--block-mb", "0"]) == 2
    assert "above 0" in capsys.readouterr().err


def test_that_no_keypoint_was_found_is_said_beside_the_empty_table(here, capsys):
    Pillow.fromarray(np.full((60, 60), 7, np.uint8)).save("flat.png")
    assert main(["measure", "sift", "flat.png", "points.csv"]) == 0
    assert "measure.sift found no keypoint" in capsys.readouterr().err
    assert len((here / "points.csv").read_text().splitlines()) == 1
    assert main(["measure", "sift", "flat.png", "points"]) == 0
    (remark,) = json.loads((here / "points" / "findings.json").read_text())["findings"]
    assert (remark["code"], remark["severity"]) == ("measure.keypoints.none", "warn")
