"""The net gives scores for every pixel, at several scales where it is asked to."""

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn.unet import unet


@pytest.mark.deep
@pytest.mark.parametrize("shape", [[16, 24], [8, 16, 8]])
def test_each_scale_of_the_decoder_gives_scores_of_its_size(shape):
    pytest.importorskip("tensorflow")
    net = unet(shape=shape, channels=2, classes=3, width=4, levels=3)
    fine, coarse = net.predict_on_batch(np.zeros((1, *shape, 2), np.float32))
    assert fine.shape == (1, *shape, 3)
    assert coarse.shape == (1, *(side // 2 for side in shape), 3)
    alone = unet(shape=shape, channels=1, classes=2, width=4, levels=2, deep=False, residual=False)
    assert alone.predict_on_batch(np.zeros((2, *shape, 1), np.float32)).shape == (2, *shape, 2)


def test_a_patch_that_cannot_be_halved_so_often_is_refused():
    with pytest.raises(InputError, match="that 4 divides"):
        unet(shape=[10, 12], channels=1, classes=2, levels=3)
