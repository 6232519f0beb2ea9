import cv2
import numpy as np
import pytest
from known_motion import image, scene

from radiolucent.core import InputError
from radiolucent.flow.similar import nearest, prepared


def bars(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    picture = np.full((120, 130), 40, np.uint8)
    for _ in range(25):
        y, x = random.integers(0, 110), random.integers(0, 110)
        picture[y : y + 4, x : x + 40] = random.integers(100, 250)
    return cv2.GaussianBlur(picture, (0, 0), 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("cohort")
    for name, made in (("bars", bars), ("ovals", lambda seed: scene((120, 130), seed))):
        (place / name).mkdir()
        for seed in range(4):
            cv2.imwrite(str(place / name / f"{seed}.png"), made(seed))
    return place


@pytest.mark.parametrize("by", ["vlad", "fisher", "words"])
def test_the_same_picture_comes_first_and_its_kind_next(folder, by):
    files = sorted(map(str, folder.glob("*/*.png")))
    field = prepared(files, size=128, workers=1)
    order, likeness = nearest(image(bars(2)), field, by=by, most=4, size=128)
    assert files[field.rows[order[0]]].endswith("bars/2.png")
    assert likeness[0] == pytest.approx(1, abs=1e-4)
    assert (np.diff(likeness) <= 0).all()
    if by == "words":  # with eight pictures the others know little
        assert sum("bars" in files[field.rows[one]] for one in order) >= 3


def test_a_picture_that_cannot_be_read_is_left_out_and_told_without_its_path(folder, tmp_path):
    bad = tmp_path / "secret name.png"
    bad.write_bytes(b"no picture")
    field = prepared([str(bad), str(folder / "bars/1.png")], size=128, workers=1)
    assert field.rows.tolist() == [1]
    assert field.failed[0].startswith("row 1: ")
    assert "secret" not in field.failed[0]


def test_a_cohort_without_a_readable_picture_is_refused(tmp_path):
    bad = tmp_path / "one.png"
    bad.write_bytes(b"no picture")
    with pytest.raises(InputError, match="none of the 1 pictures"):
        prepared([str(bad)], size=128, workers=1)


def test_a_flat_picture_is_like_nothing(folder):
    field = prepared([str(folder / "bars/1.png")], size=128, workers=1)
    with pytest.raises(InputError, match="no keypoint was found"):
        nearest(image(np.full((120, 120), 9, np.uint8)), field, by="vlad", most=3, size=128)
