"""A cohort becomes a generator: judged beside real pictures, tested downstream, kept, and drawn from with marks."""

import csv
import json
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pytest
import squares
from squares import pictures

from radiolucent.cli import main
from radiolucent.core import InputError
from radiolucent.evaluate import macro_auc
from radiolucent.flow.generating import Asked, drawn, generate, known_model
from radiolucent.flow.generating_quality import ARMS, Net, _halves, blurred, scored, varied
from radiolucent.flow.three_parts import Part, parted, side_of
from radiolucent.learn.model import load
from radiolucent.read.cohort import cohort
from radiolucent.write.synthetic import SAYS, is_synthetic

TINY = {"steps": 2, "width": 2, "net_width": 2, "net_steps": 1, "splits": 2, "seeds": 2, "draw": 4}


@pytest.fixture(scope="module")
def npz(tmp_path_factory):
    return squares.npz(tmp_path_factory.mktemp("squares") / "squares.npz", train=24, val=8, test=12)


class Brightness:
    """Tells the classes by the middle of the picture; stands for the eight nets of the downstream test, which take long."""

    def fit(self, X, y):
        self.bound = np.mean([X[y == code][:, 8:20, 8:20].mean() for code in (0, 1)])
        return self

    def predict_proba(self, X):
        p = 1 / (1 + np.exp((self.bound - X[:, 8:20, 8:20].mean(axis=(1, 2))) / 50))
        return np.stack([1 - p, p], axis=1)


@pytest.fixture(scope="module")
def run(npz, tmp_path_factory):
    pytest.importorskip("tensorflow")
    out, made = tmp_path_factory.mktemp("runs") / "run", Net.made

    def quick(self, seed, *, classic, steps=None):
        return made(self, seed, classic=classic) if steps is None else Brightness()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Net, "made", quick)
        return out, generate(Asked(str(npz), **TINY), out, threads=1)


@pytest.mark.deep
def test_everything_is_told_of_the_generator_and_written_whole(run):
    out, told = run
    assert json.loads((out / "metrics.json").read_text()) == told
    assert told["n"] == {"training": 24, "held_out": 8, "test": 12}
    assert set(told["quality"]["rows"]) == {"real", "classic", "blurred", "generated"}
    assert told["quality"]["rows"]["generated"]["kid"]["value"] > told["quality"]["rows"]["real"]["kid"]["value"]
    assert 0 <= told["copied"]["p"] <= 1
    assert set(told["downstream"]["arms"]) == set(ARMS)
    assert len(told["downstream"]["arms"]["both"]["per_seed"]) == 2
    assert not (out / "work").exists()
    page = (out / "report.html").read_text()
    assert "no patient" in page
    assert "KID" in page


@pytest.mark.deep
def test_every_picture_that_is_written_bears_the_mark_and_so_does_the_list(run, tmp_path):
    out, _ = run
    with (out / "synthetic" / "manifest.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 4
    for row in rows:
        assert row["synthetic"] == "yes"
        assert row["says"] == SAYS
        assert is_synthetic(out / "synthetic" / row["file"])
    for form in ("dicom", "npz"):
        rows = drawn(out / "model", tmp_path / form, n=3, form=form, label="1", seed=4)
        assert {row["class"] for row in rows} == {"1"}
        assert all(is_synthetic(tmp_path / form / row["file"]) for row in rows)
    assert load(out / "model").manifest["says"] == SAYS


@pytest.mark.deep
def test_a_kept_generator_is_drawn_from_by_command(run, tmp_path, capsys):
    out, _ = run
    assert known_model(out / "model")
    assert main(["generate", str(out / "model"), "-o", str(tmp_path / "more"), "--draw", "3", "--label", "0"]) == 0
    assert "3 synthetic pictures, marked as such" in capsys.readouterr().out
    assert len(list((tmp_path / "more").rglob("*.png"))) == 3
    assert main(["generate", str(out / "model"), "-o", str(tmp_path / "more")]) == 2
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.deep
@pytest.mark.parametrize(("classic", "ways"), [(True, ("flip", "shift")), (False, ())])
def test_the_nets_of_the_downstream_test_differ_in_what_they_learn_from_alone(classic, ways):
    net = Net(width=4, threads=1).made(7, classic=classic, steps=30)
    told = net.get_params()
    assert (told["augmentations"], told["steps"], told["seed"], told["members"]) == (ways, 30, 7, 1)
    assert not told["mirrored"]


@pytest.mark.deep
def test_an_interrupted_run_goes_on_and_another_question_is_refused(npz, tmp_path, monkeypatch):
    pytest.importorskip("tensorflow")
    from radiolucent.flow import generating

    def stopped(*_, **__):
        raise KeyboardInterrupt

    asked = Asked(str(npz), **TINY | {"seeds": 0})
    with monkeypatch.context() as patch:
        patch.setattr(generating, "judged", stopped)
        with pytest.raises(KeyboardInterrupt):
            generate(asked, tmp_path / "run", threads=1)
    assert (tmp_path / "run" / "work" / "generator.npz").exists()
    with pytest.raises(InputError, match="other seed"):
        generate(Asked(str(npz), **TINY | {"seeds": 0, "seed": 5}), tmp_path / "run", threads=1, resume=True)
    told = generate(asked, tmp_path / "run", threads=1, resume=True)
    assert told["downstream"] is None
    assert "was not measured" in (tmp_path / "run" / "report.html").read_text()


def table_of(folder, n=20):
    X, y = pictures(2 * n)
    rows = ["image,target,patient"]
    for k in range(2 * n):
        cv2.imwrite(str(folder / f"{k}.png"), X[k])
        rows.append(f"{k}.png,{'ill' if y[k] else 'well'},p{k // 2 * 2 + y[k]}")
    path = folder / "cohort.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def test_without_a_split_no_patient_is_in_two_parts(tmp_path):
    read = cohort(table_of(tmp_path), image="image", target="target", patient="patient")
    parts = parted(read, _made(tmp_path / "work"), size=None, seed=0, threads=1)
    people = [set(part.patients) for part in (parts.training, parts.held_out, parts.test)]
    assert all(not first & second for first, second in combinations(people, 2))
    assert parts.classes == ("ill", "well")
    assert parts.training.pictures.shape[1:] == (28, 28)
    assert min(map(len, (parts.training, parts.held_out, parts.test))) >= 6


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_given_split_without_validation_rows_has_some_training_rows_held_out(npz, tmp_path):
    read = cohort(npz)
    read.table.loc[read.table["split"] == "val", "split"] = "train"
    parts = parted(read, _made(tmp_path / "work"), size=28, seed=0, threads=1)
    assert len(parts.test) == 12
    assert len(parts.training) + len(parts.held_out) == 32
    assert 4 <= len(parts.held_out) <= 12


def test_a_split_that_leaks_and_colour_pictures_are_refused(tmp_path):
    path = table_of(tmp_path)
    head, *rows = path.read_text().splitlines()
    dealt = [f"{row},{['train', 'test'][k // 2 % 2]}" for k, row in enumerate(rows)]
    path.write_text("\n".join([f"{head},split", *dealt]).replace("p2,", "p0,"))
    read = cohort(path, image="image", target="target", patient="patient", split="split")
    with pytest.raises(InputError, match="1 patients are in several parts"):
        parted(read, _made(tmp_path / "work"), size=None, seed=0, threads=1)
    for k in range(40):
        cv2.imwrite(str(tmp_path / f"{k}.png"), np.random.default_rng(k).integers(0, 256, (28, 28, 3), np.uint8))
    with pytest.raises(InputError, match="40 pictures are in colour"):
        parted(read, _made(tmp_path / "again"), size=None, seed=0, threads=1)


def test_the_side_is_the_least_that_holds_the_source_unless_it_is_asked_for(npz):
    reference = cohort(npz).table["reference"].tolist()
    assert side_of(reference, None) == 28
    assert side_of(reference, 64) == 64
    with pytest.raises(InputError, match="28, 32, 64"):
        side_of(reference, 30)


def test_halves_hold_the_same_classes_and_no_picture_twice():
    codes = np.repeat([0, 1, 2], [10, 21, 30])
    first, second = _halves(codes, np.random.default_rng(0))
    assert len(first) == len(second) == 30
    assert not set(first) & set(second)
    assert np.abs(np.bincount(codes[first]) - np.bincount(codes[second])).max() <= 1


def test_blurring_smooths_and_classic_variation_keeps_bytes():
    X, _ = pictures(6)
    assert blurred(X).std() < X.std()
    assert varied(X, np.random.default_rng(0)).dtype == np.uint8
    assert varied(X, np.random.default_rng(0)).shape == X.shape


def test_an_arm_that_is_better_in_every_seed_is_found_so_and_equal_arms_are_not():
    codes = np.arange(80) % 2
    test = Part(np.zeros((80, 2, 2), np.uint8), codes, np.arange(80), np.arange(80))

    def answers(strength, seed):
        p = 1 / (1 + np.exp(-(strength * (2 * codes - 1) + np.random.default_rng(seed).normal(0, 1, 80))))
        return np.stack([1 - p, p], axis=1)

    weak = [answers(0.2, k) for k in range(3)]
    found = {"real": weak, "classic": weak, "generated": [answers(2.0, k) for k in range(3)], "both": weak}
    told = scored(found, test, replicates=300)
    pairs = {(one["a"], one["b"]): one for one in told["differences"]}
    assert pairs["generated", "real"]["auc"]["low"] > 0
    assert pairs["classic", "real"]["auc"]["value"] == pairs["classic", "real"]["auc"]["high"] == 0
    assert told["arms"]["real"]["auc"]["value"] == pytest.approx(np.mean([macro_auc(codes, p)[0] for p in weak]))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"form": "jpeg"}, "form"),
        ({"seeds": 1}, "2 seeds at least"),
        ({"steps": 0}, "--steps must lie between 1"),
        ({"synthetic": 0}, "--synthetic must"),
    ],
)
def test_what_cannot_be_asked_is_said(change, says):
    with pytest.raises(InputError, match=says):
        Asked("cohort.csv", **change)
