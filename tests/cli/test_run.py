"""`radiolucent run`: a plan on a case, and a history again."""

import json

import numpy as np
import pytest
from PIL import Image as Pillow

from radiolucent.cli import carry, main
from radiolucent.testing import specimen

PLAN = """
[[steps]]
op = "process.gaussian"
sigma_mm = 1.5
into = "smooth"

[[steps]]
op = "segment.otsu"
image = "smooth"
into = "bright"

[[steps]]
op = "measure.intensity"
image = "image"
mask = "bright"
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Pillow.fromarray(np.clip(specimen("2-D").array + 60, 0, 255).astype(np.uint8)).save("in.png")
    (tmp_path / "plan.toml").write_text(PLAN)
    return tmp_path


def test_a_plan_writes_every_part_it_made_and_its_history(here, capsys):
    assert main(["run", "plan.toml", "in.png", "-o", "out", "--spacing-mm", "0.8", "--quiet"]) == 0
    names = sorted(path.name for path in (here / "out").iterdir())
    assert names == ["bright.nii.gz", "facts.json", "features.csv", "features.json", "history.json", "smooth.nii.gz"]
    assert capsys.readouterr().out == "1 case, 3 steps: out\n"
    assert sorted(path.name for path in here.iterdir()) == ["in.png", "out", "plan.toml"]


def test_a_history_is_replayed_and_compared_even_when_its_file_has_moved(here, capsys):
    assert main(["run", "plan.toml", "in.png", "-o", "out", "--spacing-mm", "0.8", "--quiet"]) == 0
    (here / "in.png").rename(here / "moved.png")
    assert main(["run", "out/history.json", "-o", "again"]) == 2
    assert "in.png: there is no such file" in capsys.readouterr().err
    assert main(["run", "out/history.json", "moved.png", "-o", "again", "--quiet"]) == 0
    assert "4 steps, equal to the first time" in capsys.readouterr().out
    assert (here / "again/features.json").read_bytes() == (here / "out/features.json").read_bytes()


def test_another_outcome_of_a_replay_is_told_with_the_versions(here, capsys):
    assert main(["run", "plan.toml", "in.png", "-o", "out", "--spacing-mm", "0.8", "--quiet"]) == 0
    history = json.loads((here / "out/history.json").read_text())
    history["steps"][1]["args"]["sigma_mm"] = 3
    (here / "changed.json").write_text(json.dumps(history))
    assert main(["run", "changed.json", "-o", "again", "--quiet"]) == 2
    assert "the replay gives another case" in capsys.readouterr().err
    assert not (here / "again").exists()


def test_many_cases_get_a_folder_each(here, capsys, monkeypatch):
    one, two = (carry.load(here / "in.png", spacing_mm=0.8)[0] for _ in range(2))
    monkeypatch.setattr(
        carry, "load", lambda source, spacing_mm, allow_blocked: (one, type(two)("other", images=two.images))
    )
    assert main(["run", "plan.toml", "in.png", "-o", "out", "--quiet"]) == 0
    assert sorted(path.name for path in (here / "out").iterdir()) == sorted([one.key, "other"])
    assert capsys.readouterr().out.startswith("2 cases")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plan.toml", "-o", "out"], "plan.toml is a plan, so it needs IN"),
        (["plan.toml", "in.png", "-o", "out"], "step 1: this picture has no known spacing"),
        (["plan.toml", "none.png", "-o", "out"], "none.png: there is no such file or folder"),
        (["none.toml", "in.png", "-o", "out"], "plan none.toml: No such file"),
        (["in.png", "in.png", "-o", "out"], "plan in.png: not a text file"),
        (["plan.toml", "in.png", "-o", "in.png"], "in.png exists"),
        (["plan.toml", "in.png", "-o", "out", "--spacing-mm", "1", "--suffix", ".gif"], "no writer for this suffix"),
    ],
)
def test_what_cannot_be_run_is_told_and_leaves_nothing_behind(here, capsys, words, says):
    assert main(["run", *words, "--quiet"]) == 2
    assert says in capsys.readouterr().err
    assert sorted(path.name for path in here.iterdir()) == ["in.png", "plan.toml"]


def test_an_existing_folder_is_replaced_only_when_told(here):
    words = ["run", "plan.toml", "in.png", "-o", "out", "--spacing-mm", "0.8", "--quiet"]
    assert main(words) == 0
    (here / "out" / "mine.txt").write_text("x")
    assert main(words) == 2
    assert (here / "out" / "mine.txt").exists()
    assert main([*words, "--overwrite"]) == 0
    assert not (here / "out" / "mine.txt").exists()
