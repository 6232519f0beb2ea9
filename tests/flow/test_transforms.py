"""A transform from the file that a registration left."""

import json

import numpy as np
import pytest

from radiolucent.cli import main
from radiolucent.core import InputError, Transform
from radiolucent.core.frozen import fingerprint
from radiolucent.flow.load import load
from radiolucent.flow.save import save_part
from radiolucent.flow.transforms import load_transform
from radiolucent.phantom.shapes import grid, sphere
from radiolucent.read import mask as read_mask
from radiolucent.write import write

SHIFT = np.eye(4)
SHIFT[:3, 3] = (3.0, -2.0, 4.0)


def scans(folder):
    fixed, _ = sphere((24, 28, 32), radius_mm=7, centre_mm=(10, 14, 15))
    moving, mask = sphere((26, 30, 30), radius_mm=7, centre_mm=(14, 12, 18))
    for name, part in {"fixed": fixed, "moving": moving, "mask": mask}.items():
        write(part, folder / f"{name}.nii.gz")
    return fixed, moving


@pytest.mark.parametrize("bent", [False, True])
def test_what_was_saved_is_what_is_loaded(tmp_path, bent):
    here, there = grid((4, 5, 6), (2.0, 1.0, 0.5)), grid((5, 5))
    field = np.random.default_rng(1).normal(size=(4, 5, 6, 3)).astype(np.float32)
    kept = Transform(here, there, None, field) if bent else Transform(here, there, SHIFT)
    save_part(kept, tmp_path / "a.npz")
    assert fingerprint(load_transform(tmp_path / "a.npz")) == fingerprint(kept)


def test_a_registration_can_be_applied_from_the_command_line_and_repeated(tmp_path):
    fixed, _ = scans(tmp_path)
    place = [
        str(tmp_path / name) for name in ("fixed.nii.gz", "found", "moving.nii.gz", "mask.nii.gz", "on_fixed.nii.gz")
    ]
    assert main(["measure", "register", place[0], place[1], "--moving", place[2], "--start", "mass"]) == 0
    kept = next((tmp_path / "found").glob("*.transform.npz"))
    history = tmp_path / "history.json"
    words = ["process", "apply_transform_mask", place[3], place[4], "--transform", str(kept), "--history", str(history)]
    assert main(words) == 0
    carried = read_mask(place[4]).array > 0
    truth = fixed.array > 0
    assert 2 * (carried & truth).sum() / (carried.sum() + truth.sum()) > 0.95
    assert [step["op"] for step in json.loads(history.read_text())["steps"]][-2:] == [
        "read.transform", "process.apply_transform_mask"
    ]  # fmt: skip
    assert main(["run", str(history), "-o", str(tmp_path / "again")]) == 0


def test_lesions_are_followed_up_from_the_command_line(tmp_path):
    fixed, moving = scans(tmp_path)
    save_part(Transform(fixed.grid, moving.grid, SHIFT), tmp_path / "t.npz")
    write(sphere((24, 28, 32), radius_mm=6, centre_mm=(10, 14, 15))[1], tmp_path / "later.nii.gz")
    words = ["measure", "follow_up", str(tmp_path / "mask.nii.gz"), str(tmp_path / "out")]
    assert main([*words, "--after", str(tmp_path / "later.nii.gz"), "--transform", str(tmp_path / "t.npz")]) == 0
    found = json.loads((tmp_path / "out" / "findings.json").read_text())["findings"]
    change = next(one for one in found if one["code"] == "measure.volume_change")
    assert change["value"] == pytest.approx(100 * ((6 / 7) ** 3 - 1), abs=3)


@pytest.mark.parametrize("content", [b"", b"no archive", "other", "flat"])
def test_a_file_that_holds_no_transform_is_refused(tmp_path, content):
    path = tmp_path / "a.npz"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "other":
        np.savez(path, a=np.zeros(3))
    else:
        save_part(Transform(grid((2, 2)), grid((2, 2)), np.eye(3)), path)
    with pytest.raises(InputError, match="transform"):
        load_transform(path)


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.npz"):
        load_transform(tmp_path / "gone.npz")
    write(sphere((8, 8, 8), radius_mm=2)[0], tmp_path / "a.nii.gz")
    assert load(tmp_path / "a.nii.gz")
