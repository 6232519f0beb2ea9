"""radiolucent recognise: a path is looked at, an operation's name runs it, and neither is mistaken for the other."""

import json

import numpy as np
from PIL import Image as Picture

from radiolucent.cli import main


def picture(path, seed=0):
    array = np.random.default_rng(seed).integers(0, 255, (40, 50), np.uint8)
    Picture.fromarray(array).save(path)
    return array


def test_a_path_is_told_what_it_shows_and_the_findings_are_written(tmp_path, capsys):
    picture(tmp_path / "a.png")
    assert main(["recognise", str(tmp_path / "a.png"), "-o", str(tmp_path / "seen.json")]) == 0
    said = capsys.readouterr().out
    assert "1 image, 0 contradictions; not for diagnosis" in said
    told = json.loads((tmp_path / "seen.json").read_text())
    assert told["images"][0]["findings"][0]["code"].startswith("recognise.")


def test_an_operation_of_the_stage_runs_by_its_name(tmp_path):
    array = picture(tmp_path / "a.png")
    Picture.fromarray(array[10:20, 20:30]).save(tmp_path / "piece.png")
    words = ["recognise", "template", tmp_path / "a.png", tmp_path / "found.png", "--reference", tmp_path / "piece.png"]
    assert main([*map(str, words), "--most", "1"]) == 0
    found = np.asarray(Picture.open(tmp_path / "found.png"))
    assert (found[10:20, 20:30] > 0).all()
    assert (found > 0).sum() == 100


def test_help_tells_of_paths_and_operations_and_a_missing_path_is_one_line(tmp_path, capsys):
    assert main(["recognise", "--help"]) == 0
    said = capsys.readouterr().out
    assert "PATH" in said
    assert "learn-pictures" in said
    assert main(["recognise", str(tmp_path / "none.png")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "none.png" in error
