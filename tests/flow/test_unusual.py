"""A kept detector scores images, draws where they are unusual, and refuses what is unlike its training."""

import csv

import cv2
import numpy as np
import pytest

from radiolucent.cli import main
from radiolucent.core import InputError
from radiolucent.flow.unusual import unusual
from radiolucent.learn import AnoGAN, save

SEEN = {"modalities": {"OT": 20}, "units": {"1": 20}, "colour": 0, "shortest": 28, "longest": 28}


def normals(n):
    return np.random.default_rng(0).integers(0, 60, (n, 28, 28), dtype=np.uint8)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    pytest.importorskip("tensorflow")
    made = AnoGAN(steps=1, encoder_steps=1, width=2, latent=4).fit(normals(20))
    folder = tmp_path_factory.mktemp("kept") / "model"
    return save(folder, estimator=made, manifest={"threshold": 0.5, "size": 28, "seen": SEEN})


@pytest.mark.deep
def test_a_kept_detector_scores_images_and_refuses_what_is_unlike_its_training(model, tmp_path, capsys):
    images = tmp_path / "images"
    images.mkdir()
    for k, picture in enumerate(normals(2)):
        cv2.imwrite(str(images / f"{k}.png"), picture)
    cv2.imwrite(str(images / "large.png"), np.zeros((300, 300), np.uint8))
    command = ["anomaly", str(images), "--model", str(model), "-o", str(tmp_path / "scored"), "--quiet"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "1 refused" in said
    with (tmp_path / "scored" / "scores.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [bool(row["refused"]) for row in rows] == [False, False, True]
    assert len(list((tmp_path / "scored" / "heat").glob("*.png"))) == 2
    assert main(command) == 2
    assert "is not empty" in capsys.readouterr().err


def test_a_folder_that_is_no_detector_is_said(tmp_path):
    with pytest.raises(InputError, match="not a saved model"):
        unusual(tmp_path, "x.png", tmp_path / "out")
