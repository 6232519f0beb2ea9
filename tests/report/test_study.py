import pytest

from radiolucent.core import InputError
from radiolucent.report import Gallery, Picture, Study
from radiolucent.report.study import media_type


def test_metrics_of_another_version_are_refused(metrics):
    with pytest.raises(InputError, match="version 1"):
        Study(metrics() | {"version": 2})


def test_what_is_neither_png_nor_jpeg_is_refused():
    with pytest.raises(InputError, match="PNG or JPEG"):
        Picture(b"<svg onload=alert(1)>", "x")
    with pytest.raises(InputError, match="PNG or JPEG"):
        Picture(b"\xff\xd8\xff\xe0", "x", overlay=b"GIF89a")


def test_pictures_are_told_apart_by_their_first_bytes():
    assert media_type(b"\x89PNG\r\n\x1a\nrest") == "image/png"
    assert media_type(b"\xff\xd8\xff\xe0rest") == "image/jpeg"


def test_a_study_does_not_change_with_what_it_was_made_from(metrics):
    found = metrics()
    study = Study(found)
    found["best"] = "other"
    found["candidates"]["cnn"]["auc"]["value"] = 0.0
    assert study.metrics["best"] == "cnn"
    assert study.metrics["candidates"]["cnn"]["auc"]["value"] > 0.5


def test_twins_and_conflicts_are_shown_in_pairs():
    assert Gallery("t", "s", "twins", ()).is_pairs
    assert Gallery("t", "s", "conflicts", ()).is_pairs
    assert not Gallery("t", "s", "errors", ()).is_pairs
