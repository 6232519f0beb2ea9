import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import (
    check_no_attributes_set_in_init,
    check_parameters_default_constructible,
)

from radiolucent.core import InputError
from radiolucent.measure.words import Words


def two_kinds(n: int = 40, slots: int = 12) -> np.ndarray:
    """Even pictures have descriptors with mass in front, odd ones at the back; the last slots are absent."""
    random = np.random.default_rng(0)
    found = random.integers(0, 12, (n, slots, 16)).astype(np.uint8)
    found[::2, :, :8] += 120
    found[1::2, :, 8:] += 120
    found[:, slots - 3 :] = 0
    return found


def test_a_histogram_has_length_one_and_tells_the_kinds_apart():
    histograms = Words(n_words=6).fit_transform(two_kinds())
    assert histograms.shape == (40, 6)
    assert histograms.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(histograms, axis=1), 1, rtol=1e-6)
    affinity = histograms @ histograms.T
    assert affinity[0::2, 1::2].max() < 1e-6


def test_a_picture_without_keypoints_is_a_row_of_zeros():
    words = Words(n_words=4).fit(two_kinds())
    result = words.transform(np.zeros((2, 12, 16), np.uint8))
    assert not result.any()


def test_absent_slots_and_the_order_of_slots_do_not_matter():
    given = two_kinds()
    words = Words(n_words=5).fit(given)
    shuffled = given[:, np.random.default_rng(1).permutation(given.shape[1])]
    wider = np.concatenate([np.zeros((40, 7, 16), np.uint8), shuffled], axis=1)
    np.testing.assert_array_equal(words.transform(given), words.transform(wider))


def test_the_same_seed_gives_the_same_words_and_another_gives_others():
    given = two_kinds()
    first, second, other = (Words(n_words=5, sample=200, seed=seed).fit(given).centres_ for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_fewer_descriptors_than_words_leave_the_last_words_empty():
    given = two_kinds(n=2, slots=4)
    result = Words(n_words=20).fit_transform(given)
    assert result.shape == (2, 20)
    assert not result[:, 2:].any()


def test_a_memory_mapped_field_is_read_some_pictures_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr("radiolucent.measure.words.PICTURES_AT_ONCE", 7)
    rows = np.lib.format.open_memmap(
        tmp_path / "rows.npy", "w+", [("descriptors", "u1", (12, 16)), ("statistics", "f4", (3,))], (40,)
    )
    rows["descriptors"] = two_kinds()
    rows.flush()
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")["descriptors"]
    np.testing.assert_array_equal(Words(n_words=5).fit_transform(mapped), Words(n_words=5).fit_transform(two_kinds()))


def test_every_present_descriptor_has_the_same_chance_to_be_drawn():
    given = np.zeros((30, 4, 8), np.uint8)
    given[:10] = 1
    given[10:, 0] = 2
    from radiolucent.measure.words import _drawn

    drawn = _drawn(given, 30, np.random.default_rng(0))
    assert len(drawn) == 30
    assert 12 <= (drawn[:, 0] == 1).sum() <= 28  # 40 of 60 present


def test_it_is_cloned_set_and_pickled_like_any_estimator():
    words = clone(Words(n_words=7, sample=99, seed=3)).set_params(n_words=8)
    assert words.get_params() == {"n_words": 8, "sample": 99, "seed": 3}
    fitted = words.fit(two_kinds())
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(two_kinds()), fitted.transform(two_kinds()))
    assert type(fitted.centres_) is np.ndarray
    assert list(fitted.get_feature_names_out()[:2]) == ["word_0", "word_1"]


def test_the_constructor_keeps_scikit_learns_contract():
    check_no_attributes_set_in_init("Words", Words())
    check_parameters_default_constructible("Words", Words())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (np.zeros((3, 4, 8), np.uint8), "none of the 3 pictures has a keypoint"),
        (np.zeros((3, 4), np.uint8), r"got shape \(3, 4\)"),
        (np.full((3, 4, 8), "a"), "numbers"),
    ],
)
def test_what_is_no_descriptors_is_refused(given, says):
    with pytest.raises(InputError, match=says):
        Words().fit(given)


def test_descriptors_of_another_length_are_refused():
    with pytest.raises(InputError, match="have 8 values"):
        Words(n_words=3).fit(two_kinds()).transform(np.ones((2, 3, 8), np.uint8))


def test_a_number_of_words_below_one_is_refused():
    with pytest.raises(InputError, match="n_words must be at least 1"):
        Words(n_words=0).fit(two_kinds())
