"""No twin escapes: against brute force, after changes of light and noise, at every size, and beyond all pairs."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import gaussian_filter

from radiolucent.core import InputError
from radiolucent.evaluate import Twins, identical, twins


def pictures(n, size, *, seed=0, sigma=3.0):
    rng = np.random.default_rng(seed)
    smooth = gaussian_filter(rng.standard_normal((n, size, size)), (0, sigma, sigma))
    low, high = smooth.min(axis=(1, 2), keepdims=True), smooth.max(axis=(1, 2), keepdims=True)
    return ((smooth - low) / (high - low) * 200 + 20).astype(np.uint8)


def pairs_of(found):
    return set(map(tuple, np.column_stack([found.a, found.b]).tolist()))


def brute(x, at_least):
    flat = x.reshape(len(x), -1).astype(float)
    with np.errstate(invalid="ignore"):
        r = np.corrcoef(flat) if flat.std(axis=1).all() else np.ma.corrcoef(flat).filled(0)
    return {(i, j) for i, j in np.argwhere(np.nan_to_num(r) >= at_least).tolist() if i < j}


@pytest.mark.parametrize("size", [9, 28, 32, 45, 64, 100])
@pytest.mark.parametrize("sigma", [0.0, 2.0])
def test_every_pair_that_brute_force_finds_is_found_at_every_size(size, sigma):
    x = pictures(40, size, sigma=sigma)
    noise = np.random.default_rng(1).normal(0, 1, (30, size, size))
    mixed = [x[i % 10] + level * noise[i] for i, level in enumerate(np.linspace(1, 25, 30))]
    x = np.concatenate([x, np.clip(np.rint(mixed), 0, 255).astype(np.uint8)])
    found = twins(x)
    assert pairs_of(found) == brute(x, 0.95)
    assert set(map(tuple, found.pairs.tolist())) == brute(x, 0.99)
    assert len(found.pairs) + len(found.suspects) == len(found.r)
    assert len(found.pairs) >= 3
    assert len(found.suspects) >= 3


@given(
    x=arrays(
        np.uint8, st.tuples(st.integers(2, 12), st.integers(2, 40), st.integers(2, 40)), elements=st.integers(0, 4)
    )
)
@settings(max_examples=40, deadline=None)
def test_pairs_equal_brute_force_on_any_small_pictures(x):
    flat = x.reshape(len(x), -1).astype(float)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    flat = np.divide(flat, length, out=np.zeros_like(flat), where=length > 1e-9)
    r = flat @ flat.T
    clear = {(i, j) for i, j in np.argwhere(r >= 0.95 + 1e-5).tolist() if i < j}
    near = {(i, j) for i, j in np.argwhere(r >= 0.95 - 1e-5).tolist() if i < j}
    assert clear <= pairs_of(twins(x)) <= near


@given(gain=st.floats(0.5, 1.2), shift=st.floats(0, 15), noise=st.floats(0, 1.5), seed=st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_a_twin_is_found_after_a_change_of_light_and_small_noise(gain, shift, noise, seed):
    x = pictures(12, 48, seed=seed)
    other = x[4] * gain + shift + np.random.default_rng(seed).normal(0, noise, x[4].shape)
    x = np.concatenate([x, np.clip(np.rint(other), 0, 255).astype(np.uint8)[None]])
    assert (4, 12) in set(map(tuple, twins(x).pairs.tolist()))


def test_the_nearest_pair_comes_first():
    x = pictures(6, 32)
    x = np.concatenate([x, x[:1], np.clip(x[1:2] + np.random.default_rng(0).integers(0, 5, (1, 32, 32)), 0, 255)])
    found = twins(x.astype(np.uint8))
    assert found.pairs.tolist() == [[0, 6], [1, 7]]
    assert found.r.max() <= 1


def test_constant_pictures_are_no_twins_of_anything_but_identical_to_equal_ones():
    x = np.concatenate([np.full((2, 40, 40), 7, np.uint8), np.full((1, 40, 40), 9, np.uint8), pictures(2, 40)])
    assert len(twins(x).a) == 0
    assert identical(x).tolist() == [[0, 1]]


def test_all_copies_are_paired_with_each_other():
    x = pictures(3, 16)[[0, 1, 0, 2, 0]]
    assert identical(x).tolist() == [[0, 2], [0, 4], [2, 4]]


def test_a_crowd_of_copies_gives_no_crowd_of_pairs():
    x = np.zeros((1500, 2, 2), dtype=np.uint8)
    pairs = identical(x)
    assert len(pairs) == 1499 + 1498
    assert len(np.unique(pairs)) == 1500


def test_one_picture_or_none_has_no_pairs():
    assert len(twins(pictures(1, 20)).a) == len(identical(pictures(1, 20))) == 0
    assert len(twins(np.zeros((0, 20, 20), np.uint8)).a) == 0


def test_hashed_candidates_find_nearly_all_twins_and_say_how_many():
    x = pictures(900, 32, sigma=2)
    rng = np.random.default_rng(2)
    copies = np.clip(np.rint(x[:300] * 0.9 + rng.normal(0, 2.5, (300, 32, 32))), 0, 255).astype(np.uint8)
    x = np.concatenate([x, copies])
    whole, hashed = twins(x), twins(x, exhaustive_up_to=100)
    assert whole.recall == 1
    assert 0.97 < hashed.recall <= 1
    assert len(whole.pairs) >= 290
    assert pairs_of(hashed) <= pairs_of(whole)
    assert len(hashed.pairs) >= 0.97 * len(whole.pairs)


def test_a_crowd_of_constant_pictures_does_not_hold_up_the_hashing():
    x = np.concatenate([np.zeros((3000, 16, 16), np.uint8), pictures(50, 16)[[*range(50), 0]]])
    assert twins(x, exhaustive_up_to=100).pairs.tolist() == [[3000, 3050]]


def test_a_memory_mapped_file_is_read_as_it_is(tmp_path):
    np.save(tmp_path / "pictures.npy", pictures(5, 80)[[0, 1, 2, 3, 4, 1]])
    x = np.load(tmp_path / "pictures.npy", mmap_mode="r")
    assert twins(x).pairs.tolist() == identical(x).tolist() == [[1, 5]]


def test_colour_pictures_are_refused():
    with pytest.raises(InputError, match=r"\(n, height, width\)"):
        twins(np.zeros((2, 8, 8, 3), np.uint8))


def test_too_many_suspects_are_cut_but_twins_stay(monkeypatch):
    module = import_module("radiolucent.evaluate.twins")  # by dots the name means the function
    monkeypatch.setattr(module, "MOST_PAIRS", 3)
    monkeypatch.setattr(module, "BLOCK", 4)
    rng = np.random.default_rng(0)
    x = np.clip(pictures(1, 24) + rng.normal(0, 6, (16, 24, 24)), 0, 255).astype(np.uint8)
    x = np.concatenate([x, x[:2]])
    found = twins(x)
    assert found.cut
    assert sorted(found.pairs.tolist()) == [[0, 16], [1, 17]]
    assert len(found.suspects) < len(brute(x, 0.95)) - 2


def test_twins_can_be_made_by_hand():
    found = Twins(np.array([0, 1]), np.array([2, 3]), np.array([0.96, 1.0]))
    assert found.pairs.tolist() == [[1, 3]]
    assert found.suspects.tolist() == [[0, 2]]
