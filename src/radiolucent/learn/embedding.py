"""What a trained net makes of a picture before it decides: one vector, to compare pictures by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from .batches import checked, scaled
from .nets import body
from .picture_net import PictureNet

CHUNK = 256


def embedded(net: PictureNet, X: Any) -> NDArray[np.float32]:
    """The penultimate layer (n, d) of a fitted net for pictures uint8 (n, h, w); several members side by side."""
    check_is_fitted(net, "nets_")
    X, trunks = checked(X), [body(member) for member in net.nets_]
    parts = []
    for start in range(0, len(X), CHUNK):
        pictures = scaled(net._reduced(X[start : start + CHUNK]))
        parts.append(np.concatenate([np.asarray(trunk.predict_on_batch(pictures)) for trunk in trunks], axis=-1))
    return np.concatenate(parts)
