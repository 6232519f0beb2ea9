import numpy as np
import pytest

from radiolucent.learn.mixing import blended, cut, mixed


def batch(shape=(50, 9, 12, 1)):
    x = np.arange(shape[0], dtype=np.float32).reshape(-1, *[1] * (len(shape) - 1)) * np.ones(shape, np.float32)
    return x, np.eye(5, dtype=np.float32)[np.arange(shape[0]) % 5]


@pytest.mark.parametrize("shape", [(50, 9, 12, 1), (20, 5, 9, 12, 1)], ids=["pictures", "volumes"])
def test_a_cut_takes_a_box_of_one_other_picture_and_the_labels_follow_its_area(shape):
    x, t = batch(shape)
    y, soft = cut(x, t, 1.0, np.random.default_rng(0))
    assert y.dtype == soft.dtype == np.float32
    np.testing.assert_allclose(soft.sum(axis=1), 1, atol=1e-6)
    for number, (picture, label) in enumerate(zip(y, soft, strict=True)):
        foreign = picture != number
        assert len(np.unique(picture[foreign])) <= 1
        box = [np.ptp(places) + 1 for places in np.nonzero(foreign)[:-1]] if foreign.any() else [0]
        assert foreign.sum() == np.prod(box), "what was taken is a whole box"
        own = label[number % 5]
        if foreign.any() and picture[foreign][0] % 5 != number % 5:
            assert own == pytest.approx(1 - foreign.mean(), abs=1e-6)


def test_the_own_picture_keeps_half_of_its_place_or_more():
    x, t = batch()
    y, _ = cut(x, t, 1.0, np.random.default_rng(1))
    kept = (y == x).mean(axis=(1, 2, 3))
    assert kept.min() > 0.4
    assert kept.std() > 0.1


def test_nothing_is_blended_unless_asked_for():
    x, t = batch()
    for y, soft in (mixed(x, t, 0, None), cut(x, t, 0, None), blended(x, t, None, mixup=0, cutmix=0)):
        assert y is x
        assert soft is t


def test_with_both_a_coin_decides_for_each_batch():
    x, t = batch()
    random = np.random.default_rng(0)
    kinds = {bool(np.isin(blended(x, t, random, mixup=0.4, cutmix=1.0)[0], np.unique(x)).all()) for _ in range(20)}
    assert kinds == {True, False}, "a cut picture holds grey values of the batch alone, a blended one others, too"
