import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import (
    check_no_attributes_set_in_init,
    check_parameters_default_constructible,
)

from radiolucent.core import InputError
from radiolucent.measure.descriptors import drawn, prepared
from radiolucent.measure.fisher import Fisher
from radiolucent.measure.vlad import Vlad
from radiolucent.measure.words import Words

every_kind = pytest.mark.parametrize("kind", [Words, Vlad, Fisher])


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
    monkeypatch.setattr("radiolucent.measure.descriptors.PICTURES_AT_ONCE", 7)
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
    found = drawn(given, 30, np.random.default_rng(0))
    assert len(found) == 30
    assert 12 <= (found[:, 0] == 1).sum() <= 28  # 40 of 60 present


def test_it_is_cloned_set_and_pickled_like_any_estimator():
    words = clone(Words(n_words=7, sample=99, seed=3)).set_params(n_words=8)
    assert words.get_params() == {"n_words": 8, "sample": 99, "values": "counts", "seed": 3}
    fitted = words.fit(two_kinds())
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(two_kinds()), fitted.transform(two_kinds()))
    assert type(fitted.centres_) is np.ndarray
    assert list(fitted.get_feature_names_out()[:2]) == ["word_0", "word_1"]


@every_kind
def test_the_constructor_keeps_scikit_learns_contract(kind):
    check_no_attributes_set_in_init(kind.__name__, kind())
    check_parameters_default_constructible(kind.__name__, kind())


@every_kind
def test_a_row_has_length_one_a_name_for_each_value_and_no_order_of_slots(kind):
    given = two_kinds()
    fitted = kind(n_words=4).fit(given)
    rows = fitted.transform(given)
    assert rows.dtype == np.float32
    assert rows.shape == (40, len(fitted.get_feature_names_out()))
    assert len(set(fitted.get_feature_names_out())) == rows.shape[1]
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    shuffled = given[:, np.random.default_rng(1).permutation(given.shape[1])]
    wider = np.concatenate([np.zeros((40, 7, 16), np.uint8), shuffled], axis=1)
    np.testing.assert_allclose(fitted.transform(wider), rows, atol=2e-3)


@pytest.mark.parametrize(("kind", "n_words"), [(Words, 4), (Vlad, 1), (Fisher, 1)])
def test_pictures_of_one_kind_are_nearer_to_each_other(kind, n_words):
    rows = kind(n_words=n_words).fit_transform(two_kinds())
    affinity = rows @ rows.T
    assert affinity[0::2, 0::2].mean() > affinity[0::2, 1::2].mean() + 0.2


@every_kind
def test_no_keypoint_is_a_row_of_zeros_and_no_picture_no_row(kind):
    fitted = kind(n_words=4).fit(two_kinds())
    mixed = two_kinds()[:3].copy()
    mixed[1] = 0
    rows = fitted.transform(mixed)
    assert not rows[1].any()
    np.testing.assert_allclose(rows[2], fitted.transform(two_kinds())[2], atol=1e-3)
    assert fitted.transform(mixed[:0]).shape == (0, rows.shape[1])
    assert not fitted.transform(np.zeros((2, 12, 16), np.uint8)).any()


@every_kind
@pytest.mark.parametrize("values", ["bits", "real"])
def test_bits_and_signed_numbers_are_words_too(kind, values):
    given = two_kinds() if values == "bits" else two_kinds().astype(np.float32) - np.float32(60) * (two_kinds() > 0)
    rows = kind(n_words=4, values=values).fit_transform(given)
    assert np.isfinite(rows).all()
    affinity = rows @ rows.T
    assert affinity[0::2, 0::2].mean() > affinity[0::2, 1::2].mean()


@every_kind
def test_the_same_seed_gives_the_same_rows_and_pickling_keeps_them(kind):
    given = two_kinds()
    first = clone(kind(n_words=5, seed=1)).fit(given)
    np.testing.assert_array_equal(first.transform(given), kind(n_words=5, seed=1).fit_transform(given))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(first)).transform(given), first.transform(given))


@every_kind
def test_fewer_descriptors_than_words_do_not_stop_it(kind):
    rows = kind(n_words=20).fit_transform(two_kinds(n=2, slots=5))
    assert np.isfinite(rows).all()


def test_vlad_sums_differences_from_the_nearest_word():
    given = np.random.default_rng(2).random((6, 9, 4)).astype(np.float32)
    vlad = Vlad(n_words=3, values="real").fit(given)
    one = prepared(given[4], "real")
    word = ((one[:, None] - vlad.centres_) ** 2).sum(-1).argmin(1)
    sums = np.stack([(one[word == k] - vlad.centres_[k]).sum(0) for k in range(3)])
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    sums = sums / np.where(length > 0, length, 1)
    np.testing.assert_allclose(vlad.transform(given)[4], sums.ravel() / np.linalg.norm(sums), atol=1e-5)


def test_a_fisher_vector_is_the_gradient_of_the_mixtures_likelihood():
    given = np.random.default_rng(5).random((8, 30, 4)).astype(np.float32)
    fisher = Fisher(n_words=2, n_components=3, values="real").fit(given)
    reduced = ((prepared(given[3], "real") - fisher.mean_) @ fisher.axes_).astype(float)

    def likelihood(means, deviations):
        each = [
            w * np.exp(-(((reduced - m) / d) ** 2).sum(1) / 2) / d.prod()
            for w, m, d in zip(fisher.weights_, means, deviations)
        ]
        return np.log(np.sum(each, axis=0)).mean()

    wanted = []
    for part, scale in ((0, 1.0), (1, 2**-0.5)):
        for word in range(2):
            for value in range(3):
                ends = []
                for step in (1e-4, -1e-4):
                    both = [fisher.means_.astype(float), fisher.deviations_.astype(float)]
                    both[part][word, value] += step
                    ends.append(likelihood(*both))
                slope = (ends[0] - ends[1]) / 2e-4
                wanted.append(slope * fisher.deviations_[word, value] * scale / np.sqrt(fisher.weights_[word]))
    wanted = np.sign(wanted) * np.sqrt(np.abs(wanted))
    np.testing.assert_allclose(fisher.transform(given)[3], wanted / np.linalg.norm(wanted), atol=2e-3)


def test_an_unknown_kind_of_values_is_refused():
    with pytest.raises(InputError, match="counts"):
        Words(values="count").fit(two_kinds())
    with pytest.raises(InputError, match="n_components must be at least 1"):
        Fisher(n_components=0).fit(two_kinds())


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
