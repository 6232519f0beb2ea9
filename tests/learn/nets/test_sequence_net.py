import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.nets.sequence_net import RECURRENCES, sequence_net, with_frames

pytestmark = pytest.mark.deep
TINY = {"size": 8, "channels": 1, "frames": 3, "classes": 3, "units": 4, "width": 2, "blocks": 1}


@pytest.fixture(scope="module", autouse=True)
def tensorflow():
    return pytest.importorskip("tensorflow")


def frames(n=2, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 3, 8, 8, 1)).astype(np.float32)


@pytest.mark.parametrize("recurrence", RECURRENCES)
@pytest.mark.parametrize("pooling", ["mean", "attention"])
def test_frames_that_are_not_there_change_nothing(recurrence, pooling):
    net = with_frames(sequence_net(recurrence=recurrence, pooling=pooling, **TINY))
    clip, other = frames(), frames(seed=1)
    present = np.array([[1, 1, 0], [1, 0, 0]], np.float32)
    filled = np.where(present[:, :, None, None, None] > 0, clip, other)
    whole, each = (np.asarray(out) for out in net([clip, present], training=False))
    again = [np.asarray(out) for out in net([filled, present], training=False)]
    assert whole.shape == (2, 3)
    assert each.shape == (2, 3, 3)
    np.testing.assert_allclose(whole, again[0], atol=1e-5)
    np.testing.assert_allclose(each[present > 0], again[1][present > 0], atol=1e-5)


@pytest.mark.parametrize(("recurrence", "minds"), [("none", False), ("gru", True), ("convlstm", True)])
def test_only_recurrence_minds_the_order_of_frames(recurrence, minds):
    net = sequence_net(recurrence=recurrence, **TINY)
    present = np.ones((2, 3), np.float32)
    forth, back = (np.asarray(net([clip, present], training=False)) for clip in (frames(), frames()[:, ::-1]))
    assert (np.abs(forth - back).max() > 1e-5) == minds


def test_without_recurrence_the_clip_is_judged_by_the_mean_of_its_frames_scores():
    net = with_frames(sequence_net(recurrence="none", **TINY))
    whole, each = net([frames(), np.ones((2, 3), np.float32)], training=False)
    np.testing.assert_allclose(np.asarray(whole), np.asarray(each).mean(axis=1), atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"recurrence": "grru"}, "gru"), ({"pooling": "max"}, "mean"), ({"recurrence": "bigru", "units": 3}, "3 is odd")],
)
def test_what_there_is_not_is_refused(changes, says):
    with pytest.raises(InputError, match=says):
        sequence_net(**(TINY | changes))
