"""A pixel classifier: learned from a table, scored on patients it has not seen, saved, used by command."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from radiolucent.cli import main
from radiolucent.core import Image, Mask
from radiolucent.flow.load import load
from radiolucent.flow.pixels import Settings, described, learn
from radiolucent.phantom.shapes import sphere
from radiolucent.write import write


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    """Six pictures of four patients: a disc brighter than noise, of any size and level."""
    folder = tmp_path_factory.mktemp("pixels")
    rows = []
    for k in range(6):
        image, mask = sphere((40, 44), radius_mm=6 + k, spacing_mm=(1.0, 1.0))
        noise = np.random.default_rng(k).normal(0, 25, image.grid.shape)
        write(Image(((image.array + noise) * (1 + k)).astype(np.float32), image.grid), folder / f"i{k}.nii.gz")
        write(Mask(mask.array, mask.grid, {1: "disc"}), folder / f"m{k}.nii.gz")
        rows.append({"image": f"i{k}.nii.gz", "mask": f"m{k}.nii.gz", "who": f"p{k % 4}"})
    pd.DataFrame(rows).to_csv(folder / "cohort.csv", index=False)
    return folder


def test_it_is_learned_scored_and_used_by_command(cohort, capsys):
    words = ["segment", "learn-pixels", str(cohort / "cohort.csv"), "-o", str(cohort / "model"), "--patient", "who"]
    assert main([*words, "--trees", "15", "--most", "400", "--threads", "1"]) == 0
    said = capsys.readouterr().out
    assert "6 pictures, 4 patients; Dice of patients not seen" in said
    assert float(re.search(r"(0\.\d+) \[", said).group(1)) > 0.9
    told = json.loads((cohort / "model" / "manifest.json").read_text())
    assert told["unseen"]["folds"] == 4
    assert (
        main(
            [
                "segment",
                "pixels",
                str(cohort / "i5.nii.gz"),
                "-o",
                str(cohort / "o.nii.gz"),
                "--model",
                str(cohort / "model"),
            ]
        )
        == 0
    )
    (found,) = load(cohort / "o.nii.gz")[0].images.values()
    (truth,) = load(cohort / "m5.nii.gz")[0].images.values()
    assert ((found.array > 0) == (truth.array > 0)).mean() > 0.97


def test_no_patient_is_on_both_sides(cohort, monkeypatch):
    from radiolucent.flow import pixels as module

    people, seen = ["a", "a", "b", "b", "c", "c"], []

    def watched(samples, *, trees, seed, threads=1):
        seen.append({int(one.features[0, 0] * 1e6) for one in samples})
        return fitted(samples, trees=trees, seed=seed, threads=threads)

    fitted = module.fitted
    monkeypatch.setattr(module, "fitted", watched)
    pairs = [(str(cohort / f"i{k}.nii.gz"), str(cohort / f"m{k}.nii.gz")) for k in range(6)]
    _, told = learn(pairs, people, Settings(trees=3, most=100), n_folds=3, threads=1)
    whole, *parts = seen
    assert told["patients"] == 3
    assert all(len(part) == 4 for part in parts)
    left_out = [whole - part for part in parts]
    assert set.union(*left_out) == whole


def test_one_patient_alone_is_learned_but_not_scored(cohort):
    pairs = [(str(cohort / f"i{k}.nii.gz"), str(cohort / f"m{k}.nii.gz")) for k in range(2)]
    assert learn(pairs, ["a", "a"], Settings(trees=3, most=100), n_folds=5, threads=1)[1]["unseen"] is None


def test_percentiles_take_scale_and_level_out():
    image, _ = sphere((20, 20), radius_mm=5)
    image = image.with_array(image.array + np.random.default_rng(0).normal(0, 9, (20, 20)).astype(np.float32))
    turned = image.with_array(image.array * np.float32(3) + 40)
    np.testing.assert_allclose(described(image, Settings()), described(turned, Settings()), atol=1e-4)


def test_another_kind_of_picture_and_another_kind_of_model_are_refused(cohort, capsys, tmp_path):
    main(
        [
            "segment",
            "learn-pixels",
            str(cohort / "cohort.csv"),
            "-o",
            str(tmp_path / "m"),
            "--trees",
            "2",
            "--most",
            "60",
        ]
    )
    image, _ = sphere((8, 12, 12), radius_mm=3)
    write(image, tmp_path / "deep.nii.gz")
    words = ["segment", "pixels", str(tmp_path / "deep.nii.gz"), "-o", str(tmp_path / "o.nii.gz")]
    assert main([*words, "--model", str(tmp_path / "m")]) == 2
    assert "another number of axes" in capsys.readouterr().err
    assert main([*words, "--model", str(tmp_path)]) == 2
    assert "not a saved model" in capsys.readouterr().err
