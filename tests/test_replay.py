"""Running a history again gives the equal case: here, after writing it to a file, and in a fresh process."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image as Pillow

from radiolucent.core import Case, Grid, Image, InputError, Keypoints, Step, Transform
from radiolucent.flow.load import include, load
from radiolucent.flow.ops import operations
from radiolucent.flow.plan import dump, parse
from radiolucent.flow.run import replay, run
from radiolucent.testing import ball, specimen

PLANS = {
    "one step": [Step("process.median")],
    "a chain": [
        Step("process.gaussian", {"sigma_mm": 0.7}, into="smooth"),
        Step("segment.otsu", inputs={"image": "smooth"}, into="bright"),
        Step("measure.intensity", inputs={"image": "smooth", "mask": "bright"}),
    ],
    "another grid": [
        Step("process.resample", {"spacing_mm": (1.0,)}),
        Step("process.clahe", inputs={"image": "resample"}),
    ],
    "keypoints": [Step("measure.orb"), Step("measure.texture"), Step("process.rescale")],
    "with a mask": [Step("measure.intensity", inputs={"mask": "mask"})],
}


@pytest.fixture
def case(tmp_path):
    picture, mask = specimen("2-D"), ball(specimen("2-D"))
    Pillow.fromarray(np.clip(picture.array + 60, 0, 255).astype(np.uint8)).save(tmp_path / "picture.png")
    Pillow.fromarray(mask.array.copy()).save(tmp_path / "mask.png")
    (read,) = load(tmp_path / "picture.png", spacing_mm=(0.5, 0.5))
    return include(read, tmp_path / "mask.png", kind="mask", into="mask")


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("suffix", [".json", ".toml"])
def test_a_history_replays_to_the_equal_case(case, plan, suffix):
    steps = [step if step.inputs else Step(step.op, step.args, {"image": "image"}, step.into) for step in PLANS[plan]]
    done = run(case, [*case.history, *steps])
    again = replay(parse(dump(done.history, suffix=suffix), suffix=suffix))
    assert again.fingerprint() == done.fingerprint()
    assert again.history == done.history
    assert done.fingerprint() != case.fingerprint()


def test_a_history_replays_in_a_fresh_process(case, tmp_path):
    done = run(case, [*case.history, *PLANS["a chain"]])
    (tmp_path / "history.json").write_text(dump(done.history, suffix=".json"))
    code = "import sys, radiolucent as rl\nprint(rl.replay(rl.read_plan(sys.argv[1])).fingerprint())"
    command = [sys.executable, "-c", code, str(tmp_path / "history.json")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == done.fingerprint()


def cine():
    """Three frames of the flat picture."""
    flat = specimen("2-D")
    grid = Grid((3, *flat.grid.shape), "tyx", flat.grid.spacing_mm, times_s=(0.0, 0.1, 0.2))
    return Image(np.stack([flat.array, flat.array * 0.9, flat.array * 0.8]), grid, flat.modality, flat.unit)


NEEDED = {"segment.live_wire": {"keypoints": "clicks"}, "segment.lesion": {"click": "mask"}}
"""Inputs that may be left out, but not all of them at once."""


def around(raw):
    """Four points around the middle of the picture's last two axes."""
    middle = np.array(raw.grid.shape) // 2
    points = np.array(
        [middle + np.append(np.zeros(len(middle) - 2), way) for way in ((-5, 0), (0, 5), (5, 0), (0, -5))]
    )
    ones = np.ones(4)
    return Keypoints(points, ones, ones, ones, np.ones((4, 1)), "click", raw.grid.spacing_mm)


def carried_out(name):
    """The operation on the first picture that it takes: flat, a volume with a place in the patient, a cine series."""
    reasons = []
    for raw in (specimen("2-D"), specimen("anisotropic"), cine()):
        way = Transform(raw.grid, raw.grid, np.eye(4))
        start = Case(
            "k",
            images={"image": raw},
            masks={"mask": ball(raw)},
            keypoints={"clicks": around(raw)},
            transforms={"way": way},
        )
        try:
            return start, run(start, [Step(name, inputs=NEEDED.get(name, {}))])
        except InputError as error:
            reasons.append(str(error))
    pytest.fail(f"{name} takes none of the pictures: {reasons}")


@pytest.mark.parametrize("name", operations())
def test_every_operation_replays(name):
    start, done = carried_out(name)
    again = replay(parse(dump(done.history, suffix=".json"), suffix=".json"), case=start)
    assert again.fingerprint() == done.fingerprint()
    assert again.history == done.history
