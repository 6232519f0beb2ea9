"""What was made goes to files of its own."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from radiolucent.core import Case, Finding, InputError, Keypoints, Step, Transform
from radiolucent.flow.plan import read_plan
from radiolucent.flow.save import produced, save_case, save_history, save_part
from radiolucent.testing import ball, specimen

RAW = specimen("3-D")
POINTS = Keypoints(
    np.array([[1, 2], [3, 4]]),
    np.ones(2),
    np.zeros(2),
    np.array([0.5, 0.25]),
    np.arange(6).reshape(2, 3),
    "sift",
    (0.5, 0.5),
)
BEFORE = Case("k", images={"raw": RAW}, findings=(Finding("was there"),))
AFTER = replace(
    BEFORE,
    images={"raw": RAW, "smooth": RAW},
    masks={"smooth": ball(RAW)},
    keypoints={"orb": POINTS},
    transforms={"rigid": Transform(RAW.grid, RAW.grid, np.eye(4))},
    features={"a.mean": 1.5},
    findings=(*BEFORE.findings, Finding("is new", because=("a.mean = 1.5",))),
    history=(Step("process.gaussian", {"sigma_mm": 1.0}, {"image": "raw"}, "smooth"),),
)


def test_only_what_is_new_counts_as_produced():
    made = produced(BEFORE, AFTER)
    assert list(made.images) == ["smooth"]
    assert [finding.says for finding in made.findings] == ["is new"]
    assert produced(AFTER, AFTER).features == {}


def test_every_part_gets_a_file(tmp_path):
    names = save_case(produced(BEFORE, AFTER), tmp_path)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    assert set(names) == {
        *("smooth.nii.gz", "smooth.mask.nii.gz", "orb.keypoints.npz", "rigid.transform.npz"),
        *("features.csv", "features.json", "findings.html", "findings.json"),
    }
    assert json.loads((tmp_path / "features.json").read_text()) == {"key": "k", "features": {"a.mean": 1.5}}
    assert json.loads((tmp_path / "findings.json").read_text())["findings"][0]["because"] == ["a.mean = 1.5"]
    grids = json.loads(str(np.load(tmp_path / "rigid.transform.npz")["grids"]))
    assert grids["fixed"]["shape"] == list(RAW.grid.shape)


def test_the_history_is_written_with_the_fingerprint_to_reach(tmp_path):
    save_history(AFTER, tmp_path / "h.json")
    assert json.loads((tmp_path / "h.json").read_text())["fingerprint"] == AFTER.fingerprint()
    assert read_plan(tmp_path / "h.json") == AFTER.history


def test_keypoints_and_findings_are_tables_too(tmp_path):
    save_part(POINTS, tmp_path / "p.csv")
    rows = list(csv.DictReader((tmp_path / "p.csv").open()))
    assert [(row["y"], row["x"], row["response"], row["d2"]) for row in rows] == [
        ("1", "2", "0.5", "2"),
        ("3", "4", "0.25", "5"),
    ]
    save_part(POINTS, tmp_path / "p.npz")
    assert np.array_equal(np.load(tmp_path / "p.npz")["spacing_mm"], [0.5, 0.5])
    save_part(AFTER.findings, tmp_path / "f.csv", key="k")
    assert [row["says"] for row in csv.DictReader((tmp_path / "f.csv").open())] == ["was there", "is new"]


@pytest.mark.parametrize(
    ("part", "name", "says"),
    [
        (POINTS, "p.txt", r"no file form for keypoints '\.txt'"),
        ({"a": 1.0}, "f.xlsx", r"no file form for numbers '\.xlsx'.*\.csv, \.json"),
        ((), "f", "no file form for findings 'f'"),
        ({"a": float("nan")}, "f.json", "nan cannot be written"),
    ],
)
def test_a_form_that_cannot_hold_a_part_is_refused(tmp_path, part, name, says):
    with pytest.raises(InputError, match=says):
        save_part(part, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
