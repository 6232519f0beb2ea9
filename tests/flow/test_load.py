"""Files come in with a Step that says which file it was and what was in it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Pillow

from radiolucent.core import Grid, Image, InputError
from radiolucent.flow.load import content_hash, include, load, only_image, reload
from radiolucent.read import as_mask


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "picture.png"
    Pillow.fromarray(np.arange(80, dtype=np.uint8).reshape(8, 10)).save(path)
    return path


def save_mask(path, array):
    Pillow.fromarray(array).save(path)
    return path


def test_a_history_begins_with_the_file_and_the_hash_of_its_content(picture):
    (case,) = load(picture, spacing_mm=(0.5, 0.25))
    (step,) = case.history
    assert (step.op, dict(step.args)) == ("read.load", {"path": str(picture), "spacing_mm": (0.5, 0.25), "case": 0})
    assert step.hashes["path"] == content_hash(picture)
    assert case.images["image"].grid.spacing_mm == (0.5, 0.25)


def test_reading_again_gives_the_equal_case_also_from_another_place(picture, tmp_path):
    (case,) = load(picture, spacing_mm=(0.5, 0.25))
    assert reload(case.history[0]).fingerprint() == case.fingerprint()
    moved = picture.rename(tmp_path / "moved.png")
    assert reload(case.history[0], path=moved).fingerprint() == case.fingerprint()


def test_changed_bytes_are_refused(picture):
    (case,) = load(picture)
    picture.write_bytes(picture.read_bytes() + b"\0")
    with pytest.raises(InputError, match="content is not what the history was made from"):
        reload(case.history[0])


def test_a_case_number_beyond_the_folder_is_refused(picture):
    (case,) = load(picture)
    step = replace(case.history[0], args={**case.history[0].args, "case": 3})
    with pytest.raises(InputError, match="began with case 3, there are 1"):
        reload(step)


@pytest.mark.parametrize("args", [{"spacing_mm": "wide"}, {"spacing_mm": (1, "b")}, {"case": "first"}])
def test_a_history_written_by_hand_is_checked(picture, args):
    (case,) = load(picture)
    with pytest.raises(InputError, match="must be"):
        reload(replace(case.history[0], args={**case.history[0].args, **args}))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.png: there is no such file or folder"):
        load(tmp_path / "none.png")


def test_a_folder_has_the_hash_of_its_names_and_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    first = content_hash(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert content_hash(tmp_path) != first
    (tmp_path / "b").rename(tmp_path / "a")
    assert content_hash(tmp_path) == first


def test_a_mask_takes_over_the_grid_of_the_image_it_lies_on(picture, tmp_path):
    (case,) = load(picture, spacing_mm=(0.5, 0.25))
    black_and_white = save_mask(tmp_path / "mask.png", np.repeat(np.uint8([0, 255]), 40).reshape(8, 10))
    fuller = include(case, black_and_white, kind="mask", into="region")
    assert fuller.masks["region"].grid is case.images["image"].grid
    assert sorted(np.unique(fuller.masks["region"].array)) == [0, 1]
    assert fuller.history[-1].op == "read.mask"
    assert fuller.history[-1].hashes["path"] == content_hash(black_and_white)


def test_a_second_image_gets_the_name_that_is_asked_for(picture):
    (case,) = load(picture)
    assert list(include(case, picture, kind="image", into="reference").images) == ["image", "reference"]
    with pytest.raises(InputError, match="already has the image 'image'"):
        include(case, picture, kind="image", into="image")


def test_labels_are_whole_numbers_without_colour():
    grid = Grid((2, 2), "yx")
    assert as_mask(Image(np.array([[0.0, 1], [2, 3]]), grid)).array.dtype == np.int32
    with pytest.raises(InputError, match="fractions"):
        as_mask(Image(np.array([[0.5, 1], [2, 3]]), grid))
    with pytest.raises(InputError, match="in colour"):
        as_mask(Image(np.zeros((2, 2, 3), np.uint8), grid))


def test_one_image_is_wanted_where_one_is_wanted(picture):
    (case,) = load(picture)
    both = include(case, picture, kind="image", into="other")
    with pytest.raises(InputError, match="one image is wanted, there are 2"):
        only_image((both,), "here")
