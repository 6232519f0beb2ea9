"""Archives in MedMNIST form: nothing is unpickled, nothing is loaded twice."""

import pickle
from functools import partial

import numpy as np
import pytest

from radiolucent.core import InputError, UnreadableError
from radiolucent.read import cohort, npz, pixels

RNG = np.random.default_rng(0)


def _arrays(shape=(8, 8), labels=(), **changes):
    made = {}
    for split, count in (("train", 5), ("val", 2), ("test", 3)):
        made[f"{split}_images"] = RNG.integers(0, 255, (count, *shape)).astype(np.uint8)
        made[f"{split}_labels"] = (np.arange(count) % 2).astype(np.uint8).reshape(count, *labels)
    return {**made, **changes}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("shape", [(8, 8), (8, 6, 3)])
@pytest.mark.parametrize("labels", [(), (1,)])
def test_every_picture_is_found_by_its_reference(tmp_path, save, shape, labels):
    arrays = _arrays(shape, labels)
    save(tmp_path / "a.npz", **arrays)
    got = cohort(tmp_path / "a.npz")
    assert got.table.split.tolist() == ["train"] * 5 + ["val"] * 2 + ["test"] * 3
    assert got.table.target.tolist() == [str(k % 2) for n in (5, 2, 3) for k in range(n)]
    stacked = np.concatenate([arrays[f"{split}_images"] for split in ("train", "val", "test")])
    for reference, picture in zip(got.table.reference, stacked):
        np.testing.assert_array_equal(pixels(reference).array, picture)


def test_stored_arrays_are_mapped_and_deflated_ones_read_once(tmp_path):
    np.savez(tmp_path / "a.npz", **_arrays())
    np.savez_compressed(tmp_path / "b.npz", **_arrays())
    assert isinstance(npz.member(tmp_path / "a.npz", "train_images"), np.memmap)
    assert npz.member(tmp_path / "b.npz", "train_images") is npz.member(tmp_path / "b.npz", "train_images")


def test_pickled_objects_are_refused_and_never_run(tmp_path):
    ran = tmp_path / "ran"

    class Evil:
        def __reduce__(self):
            return partial(ran.write_text, "x"), ()

    objects = np.array([Evil()], dtype=object)
    np.savez(tmp_path / "a.npz", **_arrays(train_images=objects))
    with pytest.raises(InputError, match=r"train_images\.npy holds pickled Python objects"):
        cohort(tmp_path / "a.npz")
    (tmp_path / "b.npz").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(UnreadableError, match="not an npz"):
        cohort(tmp_path / "b.npz")
    assert not ran.exists()


def test_what_is_missing_is_named(tmp_path):
    arrays = _arrays()
    del arrays["val_labels"]
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(InputError, match="lacks val_labels"):
        cohort(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"train_labels": np.zeros((5, 14))}, "several targets"),
        ({"train_labels": np.zeros(4)}, "5 train images but 4 labels"),
        ({"train_images": np.zeros((5, 8, 8, 8))}, "has the shape"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(tmp_path, change, match):
    np.savez(tmp_path / "a.npz", **_arrays(**change))
    with pytest.raises(InputError, match=match):
        cohort(tmp_path / "a.npz")


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_truncated_archive_is_unreadable(tmp_path, share):
    np.savez(tmp_path / "a.npz", **_arrays())
    whole = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(UnreadableError, match=r"cut\.npz"):
        cohort(tmp_path / "cut.npz")


def test_a_row_or_member_that_does_not_exist_is_named(tmp_path):
    np.savez(tmp_path / "a.npz", **_arrays())
    with pytest.raises(InputError, match="5 pictures in train_images, there is no number 5"):
        pixels(f"{tmp_path}/a.npz::train_images[5]")
    with pytest.raises(InputError, match="no array 'other'"):
        pixels(f"{tmp_path}/a.npz::other[0]")
    with pytest.raises(UnreadableError, match="does not exist"):
        pixels(f"{tmp_path}/gone.npz::train_images[0]")


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "a.npz"
    np.savez_compressed(path, **_arrays(train_images=np.zeros((5, 8, 8), np.uint8)))
    assert pixels(f"{path}::train_images[0]").array.max() == 0
    np.savez_compressed(path, **_arrays(train_images=np.full((5, 9, 9), 7, np.uint8)))
    assert pixels(f"{path}::train_images[0]").array.max() == 7
