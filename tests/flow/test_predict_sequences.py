"""The cohort job on sequences, from videos to a report and new predictions: one small study, looked at by many tests."""

import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow

from radiolucent.core import InputError
from radiolucent.flow.predict import predict
from radiolucent.flow.predict_sequences import sequences_of
from radiolucent.flow.study.job import learn
from radiolucent.flow.study.material import entered
from radiolucent.flow.study.question import Question

RNG = np.random.default_rng(0)


def film(path, label, frames):
    made = RNG.integers(0, 60, (frames, 16, 16)) + 60 * label
    pages = [Pillow.fromarray(frame.astype(np.uint8)) for frame in made]
    pages[0].save(path, save_all=True, append_images=pages[1:], duration=40)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    rows = []
    for number in range(16):
        film(folder / f"{number}.gif", number % 2, int(RNG.integers(3, 9)))
        rows.append({"file": f"{number}.gif", "label": "ab"[number % 2], "patient": number})
    pd.DataFrame(rows).to_csv(folder / "table.csv", index=False)
    Pillow.fromarray(RNG.integers(0, 255, (16, 16)).astype(np.uint8)).save(folder / "still.png")
    return folder / "table.csv"


def question(table, **changes):
    asked = {"target": "label", "patient": "patient", "frames": 2, "size": 8, "folds": 2, "replicates": 30}
    return Question(source=str(table), **(asked | {"candidates": ("frame_voting",)} | changes))


@pytest.fixture(scope="module")
def run(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "run"
    return out, learn(question(table), out, threads=1, shown=False)


def test_the_study_counts_sequences(run):
    metrics = json.loads((run[0] / "metrics.json").read_text())
    assert metrics["task"]["unit"] == "sequence"
    assert metrics["recurrence"] == []
    assert "16 sequences of 16 patients" in " ".join(run[1].split())
    report = (run[0] / "report.html").read_text()
    assert "up to 6 frames evenly spaced" in report
    assert "spoke most for it" in report


def test_the_saved_model_judges_new_sequences_and_their_frames(run, table, tmp_path):
    said = predict(run[0] / "model", str(table.parent / "1?.gif"), tmp_path / "out", threads=1, shown=False)
    told, frames = (pd.read_csv(tmp_path / "out" / name) for name in ("predictions.csv", "frames.csv"))
    assert said.startswith("6 sequences judged")
    assert (told["p_a"] + told["p_b"]).round(3).eq(1).all()
    assert set(frames["key"]) == set(told["key"])
    assert frames.groupby("key").size().max() == 2
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"predictions.csv", "frames.csv", "keys.csv"}


def test_a_single_picture_is_refused_by_a_model_of_films(run, table, tmp_path):
    with pytest.raises(InputError, match="it is a single picture, the model was trained on a film"):
        predict(run[0] / "model", str(table.parent / "still.png"), tmp_path / "out", threads=1, shown=False)


def test_a_folder_of_stills_is_one_sequence_and_a_folder_of_films_many(table, tmp_path):
    frames = tmp_path / "frames"
    frames.mkdir()
    for number in range(3):
        Pillow.fromarray(np.zeros((8, 8), np.uint8)).save(frames / f"{number}.png")
    assert sequences_of(str(frames)) == [frames]
    assert sequences_of(str(tmp_path)) == [frames]
    assert len(sequences_of(str(table.parent / "*.gif"))) == 16
    with pytest.raises(InputError, match="no sequence at"):
        sequences_of(str(tmp_path / "*.avi"))


def test_recurrence_is_never_asked_without_its_control():
    names, _ = entered(Question(source="", frames=4, candidates=("gru",)))
    assert names == ("pooling", "gru")


def test_all_candidates_of_sequences_run_where_none_is_named():
    names, left_out = entered(Question(source="", frames=4))
    assert names == ("pooling", "gru", "lstm", "bigru", "convlstm", "frame_voting")
    assert set(left_out) == {"features", "metadata"}


@pytest.mark.parametrize(("frames", "name", "says"), [(None, "gru", "--frames 16"), (4, "svm", "leave --frames out")])
def test_candidates_of_pictures_and_of_sequences_do_not_mix(frames, name, says):
    with pytest.raises(InputError, match=says):
        entered(Question(source="", frames=frames, candidates=(name,)))
