from itertools import islice
from threading import enumerate as enumerate_threads

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.batches import ahead, checked, resized, shuffled


def pictures(n=6, size=20):
    return np.random.default_rng(0).integers(0, 256, (n, size, size, 1)).astype(np.uint8)


def test_every_row_comes_once_before_any_comes_twice():
    seen = np.concatenate(list(islice(shuffled(10, 4, np.random.default_rng(0)), 5)))
    assert sorted(seen[:10]) == sorted(seen[10:]) == list(range(10))


def test_all_batches_have_one_size_even_when_there_are_few_rows():
    assert {len(rows) for rows in islice(shuffled(10, 4, np.random.default_rng(0)), 9)} == {4}
    assert {len(rows) for rows in islice(shuffled(3, 64, np.random.default_rng(0)), 9)} == {3}


def test_items_made_ahead_are_the_same_in_the_same_order():
    alone = list(islice(shuffled(10, 4, np.random.default_rng(0)), 6))
    with_thread = list(islice(ahead(shuffled(10, 4, np.random.default_rng(0))), 6))
    np.testing.assert_array_equal(alone, with_thread)
    assert list(ahead(iter(range(5)), depth=3)) == list(range(5))


def test_items_are_made_while_the_caller_works():
    made = []
    items = ahead((made.append(number) or number for number in range(100)), depth=2)
    assert next(items) == 0
    items.close()
    assert len(made) <= 4, "not more than was asked for, and none after the end"
    assert not [thread for thread in enumerate_threads() if thread.name.startswith("ahead")]


def test_an_error_while_making_an_item_comes_where_the_item_would_have_come():
    items = ahead(1 // (2 - number) for number in range(5))
    assert next(items) == 0
    assert next(items) == 1
    with pytest.raises(ZeroDivisionError):
        next(items)


def test_slices_of_volumes_are_reduced_like_pictures():
    volumes = np.random.default_rng(0).integers(0, 256, (2, 3, 20, 20, 1)).astype(np.uint8)
    small = resized(volumes, size=10)
    assert small.shape == (2, 3, 10, 10, 1)
    np.testing.assert_array_equal(small[:, 1], resized(volumes[:, 1], size=10))


def test_reducing_keeps_the_mean_and_reads_a_memory_map(tmp_path):
    np.save(tmp_path / "pictures.npy", pictures(3, 64)[..., 0])
    mapped = np.load(tmp_path / "pictures.npy", mmap_mode="r")
    small = resized(mapped, size=16)
    assert small.shape == (3, 16, 16, 1)
    np.testing.assert_allclose(small.mean(), mapped.mean(), atol=1)


@pytest.mark.parametrize("X", [np.zeros((2, 8, 8)), np.zeros((8, 8), np.uint8), np.zeros((0, 8, 8), np.uint8)])
def test_pictures_of_another_kind_are_refused(X):
    with pytest.raises(InputError):
        checked(X)
