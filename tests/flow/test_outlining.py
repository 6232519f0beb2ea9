"""A cohort with masks becomes a model that segments: tested on other patients, resumable, saved and applied."""

import json

import numpy as np
import pandas as pd
import pytest

from radiolucent.cli import main
from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.flow.outlining import Asked, learned, outlined, prepared
from radiolucent.flow.single import single_image
from radiolucent.write import write

NET = {"steps": 40, "batch": 4, "width": 8, "patch": [24, 24]}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Eight pictures of four patients with a bright disc each, two of them on a finer grid."""
    folder = tmp_path_factory.mktemp("discs")
    random = np.random.default_rng(0)
    rows = []
    for number in range(8):
        fine = 2 if number < 2 else 1
        y, x = np.indices((40 * fine, 36 * fine)) / fine
        centre = random.uniform(14, 22, 2)
        inside = np.hypot(y - centre[0], x - centre[1]) < random.uniform(6, 9)
        grid = Grid(inside.shape, "yx", (1.0 / fine, 1.0 / fine), origin_mm=(0, 0, 0), direction=((0, 1, 0), (1, 0, 0)))
        write(
            Image((100 * inside + random.normal(0, 15, inside.shape)).astype(np.float32), grid),
            folder / f"{number}.nii.gz",
        )
        write(Mask(inside.astype(np.uint8), grid, {1: "disc"}), folder / f"{number}-mask.nii.gz")
        rows.append({"image": f"{number}.nii.gz", "mask": f"{number}-mask.nii.gz", "patient": f"patient-{number // 2}"})
    frame = pd.DataFrame(rows)
    frame["split"] = ["test" if row["patient"] == "patient-0" else "train" for row in rows]
    frame.to_csv(folder / "cohort.csv", index=False)
    return folder / "cohort.csv"


def test_all_rows_are_brought_to_the_median_spacing_and_no_patient_is_on_both_sides(table, tmp_path):
    data = prepared(Asked(table, patient="patient", folds=2), tmp_path)
    assert data.spacing_mm == (1.0, 1.0)
    assert {data.labels(row).shape for row in range(8)} == {(40, 36)}
    for patient in set(data.groups):
        assert len(set(data.part[data.groups == patient])) == 1


def test_or_all_rows_are_brought_to_one_longest_side(table, tmp_path):
    data = prepared(Asked(table, patient="patient", folds=2, longest_px=32), tmp_path)
    assert data.spacing_mm is None
    assert {data.labels(row).shape for row in range(8)} == {(32, 29)}
    assert set(np.unique(data.labels(0))) == {0, 1}


@pytest.mark.deep
def test_a_study_finds_the_discs_of_other_patients_and_goes_on_where_it_was(table, tmp_path):
    pytest.importorskip("tensorflow")
    asked = Asked(table, patient="patient", folds=2, net=NET)
    told = learned(asked, tmp_path / "run", threads=1, resume=False, shown=False)
    dice = told["labels"]["1"]["mean"]["dice"]
    assert dice["value"] > 0.6
    assert dice["low"] <= dice["value"] <= dice["high"]
    assert told["n"] == 8
    assert told["patients"] == 4
    with pytest.raises(InputError, match="--resume"):
        learned(asked, tmp_path / "run", threads=1, resume=False, shown=False)
    (tmp_path / "run" / "folds" / "1.json").unlink()
    again = learned(asked, tmp_path / "run", threads=1, resume=True, shown=False)
    assert again["labels"]["1"]["mean"]["dice"]["value"] == pytest.approx(dice["value"], abs=1e-4)
    with pytest.raises(InputError, match="another question"):
        learned(Asked(table, folds=3, net=NET), tmp_path / "run", threads=1, resume=True, shown=False)


@pytest.mark.deep
def test_the_commands_learn_and_apply_a_net_on_the_images_own_grid(table, tmp_path, capsys):
    pytest.importorskip("tensorflow")
    run, mask = tmp_path / "run", tmp_path / "mask.nii.gz"
    words = [
        "--patient",
        "patient",
        "--split",
        "split",
        "--steps",
        "40",
        "--batch",
        "4",
        "--width",
        "8",
        "--threads",
        "1",
    ]
    assert (
        main(
            [
                "segment",
                "learn",
                str(table),
                "-o",
                str(run),
                *words,
                "--patch",
                "24",
                "24",
                "--longest-px",
                "48",
                "--quiet",
            ]
        )
        == 0
    )
    assert "Dice on 2 unseen images" in capsys.readouterr().out
    page = (run / "report.html").read_text()
    assert "patient-0" not in page
    assert json.loads((run / "metrics.json").read_text())["labels"]["1"]["n"] == 2
    source = table.parent / "0.nii.gz"
    assert main(["segment", "unet", str(source), "--model", str(run / "model"), "-o", str(mask)]) == 0
    found, unsure = outlined(single_image(source), run / "model")
    assert found.grid.shape == (80, 72)
    assert unsure.grid.shape == (48, 43)
    assert set(np.unique(found.array)) <= {0, 1}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mask": "outline"}, "no column.*'outline'"),
        ({"folds": 9}, "there are 8 patients|there are 4 patients"),
        ({"split": "image"}, "must say `test`"),
    ],
)
def test_a_question_that_the_table_cannot_answer_is_refused(table, tmp_path, changes, says):
    with pytest.raises(InputError, match=says):
        prepared(Asked(table, **({"patient": "patient"} | changes)), tmp_path)


def test_a_split_that_leaks_is_refused(table, tmp_path):
    frame = pd.read_csv(table)
    frame.loc[3, "split"], frame.loc[2, "split"] = "test", "train"
    leaky = table.parent / "leaky.csv"
    frame.to_csv(leaky, index=False)
    with pytest.raises(InputError, match="the split leaks"):
        prepared(Asked(leaky, patient="patient", split="split"), tmp_path)
