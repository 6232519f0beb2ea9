import pytest

from radiolucent.core import InputError
from radiolucent.flow.predict import images_of, predict


def test_a_file_a_folder_and_a_glob_mean_the_same_images(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("a/2.png", "a/1.png", "a/.hidden"):
        (tmp_path / name).touch()
    both = [tmp_path / "a/1.png", tmp_path / "a/2.png"]
    assert images_of(str(tmp_path / "a/1.png")) == both[:1]
    assert images_of(str(tmp_path)) == both
    assert images_of(str(tmp_path / "a/*.png")) == both


def test_no_image_says_what_to_give(tmp_path):
    with pytest.raises(InputError, match="give a file, a folder with images or a glob"):
        images_of(str(tmp_path / "nothing"))


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(InputError, match="not a saved model"):
        predict(tmp_path, str(tmp_path), tmp_path / "out", threads=1)
