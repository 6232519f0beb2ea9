import json

import numpy as np
import pytest
from PIL import Image as Pillow

from radiolucent.core import InputError, UnreadableError
from radiolucent.flow.study.sequences import SPARE, kinds, prepared_sequences, row_of

RNG = np.random.default_rng(0)


def film(path, frames=7, size=12):
    pages = [Pillow.fromarray(frame) for frame in RNG.integers(0, 255, (frames, size, size)).astype(np.uint8)]
    pages[0].save(path, save_all=True, append_images=pages[1:], duration=40)


@pytest.fixture
def folder(tmp_path):
    for number in range(4):
        film(tmp_path / f"{number}.gif", frames=number + 5)
    Pillow.fromarray(RNG.integers(0, 255, (12, 12)).astype(np.uint8)).save(tmp_path / "still.png")
    (tmp_path / "broken.gif").write_bytes((tmp_path / "0.gif").read_bytes()[:60])
    (tmp_path / "empty").mkdir()
    return tmp_path


NAMES = [f"{number}.gif" for number in range(4)]


def read(folder, names, **changes):
    work = folder / "work"
    work.mkdir(exist_ok=True)
    asked = {"frames": 2, "size": 8, "skip": False, "workers": 1, "progress": lambda items: None} | changes
    return prepared_sequences([str(folder / name) for name in names], work, **asked)


def test_some_frames_of_each_sequence_and_its_middle_frame_are_kept(folder):
    found = read(folder, NAMES)
    X = np.load(folder / "work/sequences.npy", mmap_mode="r")
    assert X.dtype["frames"].shape == (2 * SPARE, 8, 8)
    assert X["length"].tolist() == [5, 6, 6, 6]
    assert found.pictures.shape == (4, 8, 8)
    np.testing.assert_array_equal(found.pictures[0], X[0]["frames"][2])
    assert kinds(folder / "work") == {"tyx": 4}


def test_how_sequences_were_made_is_noted(folder):
    made = read(folder, NAMES).made
    assert made["number of frames"].tolist() == [5, 6, 7, 8]
    assert made["frame rate"].round().eq(25).all()


def test_a_single_picture_among_films_is_refused_or_left_out(folder):
    with pytest.raises(UnreadableError, match="a single picture among 4 that are a film"):
        read(folder, [*NAMES, "still.png"])
    found = read(folder, [*NAMES, "still.png"], skip=True)
    assert list(found.skipped) == [4]


def test_single_pictures_alone_are_no_sequences(folder):
    with pytest.raises(InputError, match="leave --frames out"):
        read(folder, ["still.png"])


@pytest.mark.parametrize(("name", "says"), [("broken.gif", "broken.gif"), ("empty", "holds no frame")])
def test_what_cannot_be_read_is_named(folder, name, says):
    with pytest.raises(UnreadableError, match=f"row 2 of the cohort, .*{says}"):
        read(folder, ["0.gif", name])


def test_an_interrupted_run_goes_on_where_it_was(folder):
    read(folder, NAMES)
    whole = np.load(folder / "work/sequences.npy")
    notes = folder / "work/pictures.jsonl"
    notes.write_text("".join(notes.read_text().splitlines(keepends=True)[:2]) + '{"cut')
    seen = []
    read(folder, NAMES, progress=seen.append)
    assert seen[0] == 2
    np.testing.assert_array_equal(np.load(folder / "work/sequences.npy"), whole)
    assert len([json.loads(line) for line in notes.read_text().splitlines()]) == 4


def test_frames_become_a_row():
    row = row_of(np.full((2, 4, 4), 7, np.uint8), most=3)
    assert row["length"].tolist() == [2]
    assert row["frames"][0, :2].min() == 7
    assert not row["frames"][0, 2].any()
