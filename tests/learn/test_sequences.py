import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.core import InputError
from radiolucent.learn.sequences import Chosen, as_sequences, clips, drawn, gathered, sequence_dtype, spread

NUMBERS = st.integers(1, 40)


def three():
    random = np.random.default_rng(0)
    return [random.integers(0, 255, (length, 4, 4)).astype(np.uint8) for length in (1, 5, 3)]


def test_a_list_of_any_lengths_becomes_one_array():
    X = as_sequences(three())
    assert X.shape == (3,)
    assert X["length"].tolist() == [1, 5, 3]
    np.testing.assert_array_equal(X[2]["frames"][:3], three()[2])
    assert not X[0]["frames"][1:].any()


def test_an_array_of_four_axes_is_sequences_of_one_length():
    assert as_sequences(np.zeros((2, 7, 3, 3), np.uint8))["length"].tolist() == [7, 7]


def test_a_structured_array_is_not_copied_and_may_be_memory_mapped(tmp_path):
    np.save(tmp_path / "X.npy", as_sequences(three()))
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    assert as_sequences(X) is X


@pytest.mark.parametrize(
    ("X", "says"),
    [
        ([], "no sequence to work on"),
        (np.zeros(0, sequence_dtype(3, 4)), "0 rows"),
        (np.zeros(2, sequence_dtype(3, 4)), "0 frames; every sequence needs 1 to 3"),
        ([np.zeros((2, 4, 4))], "got float64"),
        ([np.zeros((2, 4, 4), np.uint8), np.zeros((2, 5, 5), np.uint8)], "squares of one size"),
        ([np.zeros((2, 4, 5), np.uint8)], "squares of one size"),
        ([np.zeros((4, 4), np.uint8)], "must be uint8"),
    ],
)
def test_what_is_no_sequence_is_refused(X, says):
    with pytest.raises(InputError, match=says):
        as_sequences(X)


@given(NUMBERS, NUMBERS)
def test_frames_are_spread_evenly_and_in_order(length, most):
    picked = spread(length, most)
    assert len(picked) == min(length, most)
    assert picked[0] >= 0
    assert picked[-1] < length
    steps = np.diff(picked)
    assert (steps > 0).all()
    assert np.ptp(steps) <= 1 if len(steps) else True


@pytest.mark.parametrize("sampling", ["even", "window"])
@given(length=NUMBERS, frames=NUMBERS, seed=st.integers(0, 5))
def test_a_drawn_clip_has_frames_in_order(sampling, length, frames, seed):
    picked = drawn(length, frames, np.random.default_rng(seed), sampling=sampling)
    assert len(picked) == min(length, frames)
    assert (np.diff(picked) > 0).all()
    assert 0 <= picked[0] <= picked[-1] < length
    if sampling == "window":
        assert (np.diff(picked) == 1).all()


@pytest.mark.parametrize("sampling", ["even", "window"])
@given(length=NUMBERS, frames=NUMBERS, most=st.integers(1, 5))
def test_clips_of_a_prediction_share_no_frame(sampling, length, frames, most):
    made = clips(length, frames, most, sampling=sampling)
    every = np.concatenate(made)
    assert 1 <= len(made) <= most
    assert all(1 <= len(one) <= frames for one in made)
    assert len(np.unique(every)) == len(every) == min(length, frames * len(made))
    assert all((np.diff(one) > 0).all() for one in made)


def test_every_frame_is_seen_where_the_clips_can_hold_them():
    assert sorted(np.concatenate(clips(10, 4, 3)).tolist()) == list(range(10))


def test_an_unknown_way_to_sample_is_refused():
    with pytest.raises(InputError, match="even"):
        drawn(5, 2, np.random.default_rng(0), sampling="evenly")
    with pytest.raises(InputError, match="window"):
        clips(5, 2, 1, sampling="windows")


def test_a_short_clip_repeats_its_last_frame_and_says_which_are_there():
    X = as_sequences(three())
    pictures, present = gathered(X, [0, 1], [np.array([0]), np.array([1, 4])], frames=3)
    assert present.tolist() == [[1, 0, 0], [1, 1, 0]]
    np.testing.assert_array_equal(pictures[0], np.repeat(three()[0], 3, axis=0))
    np.testing.assert_array_equal(pictures[1], three()[1][[1, 4, 4]])


def test_chosen_rows_are_read_where_they_lie(tmp_path):
    np.save(tmp_path / "X.npy", as_sequences(three()))
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    some = Chosen(X, np.array([2, 0]))
    assert as_sequences(some) is some
    assert (len(some), some["length"].tolist(), some.dtype) == (2, [3, 1], X.dtype)
    np.testing.assert_array_equal(some[0]["frames"], X[2]["frames"])
    assert np.shares_memory(some[0]["frames"], X)
    assert some[1:]["length"].tolist() == [1]
    for one, other in zip(gathered(some, [1], [np.array([0])], frames=2), gathered(X, [0], [np.array([0])], frames=2)):
        np.testing.assert_array_equal(one, other)
