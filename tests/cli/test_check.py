"""radiolucent check at the command line."""

import numpy as np
from clean_series import clean

from radiolucent.cli import main


def write(folder, series):
    folder.mkdir()
    for k, made in enumerate(series):
        made.save_as(folder / f"{k}.dcm", enforce_file_format=True)
    return str(folder)


def test_a_clean_series_ends_with_0_and_a_gap_with_1(tmp_path, capsys):
    series = clean("CT", np.random.default_rng(0))
    assert main(["check", write(tmp_path / "clean", series)]) == 0
    assert "0 serious" in capsys.readouterr().out
    del series[4]
    assert main(["check", write(tmp_path / "gap", series), "-o", str(tmp_path / "r.html")]) == 1
    said = capsys.readouterr().out
    assert "BLOCK series.missing_slice" in said
    assert (tmp_path / "r.html").exists()


def test_an_existing_report_is_refused_before_any_work(tmp_path, capsys):
    (tmp_path / "r.html").write_text("mine")
    assert main(["check", str(tmp_path), "-o", str(tmp_path / "r.html")]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (tmp_path / "r.html").read_text() == "mine"
