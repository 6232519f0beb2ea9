"""Recipes from the command line: what is refused before any work."""

import pytest

from radiolucent.cli import main


@pytest.fixture
def picture(tmp_path):
    from PIL import Image

    path = tmp_path / "p.png"
    Image.new("L", (32, 32)).save(path)
    return path


def said(capsys, *words):
    code = main([*map(str, words)])
    return code, capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_in_one_line(capsys, tmp_path):
    code, words = said(capsys, "process", "rate-distortion", tmp_path / "none.png", "-o", tmp_path / "x.html")
    assert code == 2
    assert "there is no such file" in words


def test_an_output_that_exists_is_not_replaced_unasked(capsys, tmp_path, picture):
    out = tmp_path / "x.html"
    out.write_text("mine")
    code, words = said(capsys, "process", "rate-distortion", picture, "-o", out)
    assert code == 2
    assert "--overwrite" in words
    assert out.read_text() == "mine"


def test_a_bad_value_and_a_missing_output_are_named(capsys, tmp_path, picture):
    assert (
        "least must be"
        in said(capsys, "process", "rate-distortion", picture, "-o", tmp_path / "x.html", "--least", "7")[1]
    )
    assert "--out" in said(capsys, "process", "rate-distortion", picture)[1]
    assert "--rations" in said(capsys, "process", "rate-distortion", picture, "-o", "x.html", "--rations", "7")[1]
