"""A net for stacks of slices, 2.5-D: every slice is seen by itself, and what was seen is pooled over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from radiolucent.core import unknown

from .pieces import Pieces, sides
from .small_resnet import stages, stem

POOLS = ("mean", "attention")


def slice_resnet(
    *,
    size: Sequence[int],
    channels: int,
    classes: int,
    width: int = 24,
    blocks: int = 1,
    dropout: float = 0.2,
    pool: str = "mean",
) -> Any:
    """The small residual net on each slice of a stack of `size` (slices, height, width), pooled over the slices.

    `pool` is the mean of what the slices say, or their mean weighted by a learned attention (Ilse et al. 2018,
    arXiv:1802.04712), whose weights are the layer `attention` (n, slices, 1). Thick slices far apart are seen better so
    than by a net in 3-D, and a 3-D net of as many filters costs three times as much.
    """
    if pool not in POOLS:
        raise unknown("pool", pool, POOLS)
    shape = sides(size, axes=(3,))
    pieces = Pieces(3, planar=True)
    picture = pieces.layers.Input((*shape, channels))
    x = stem(pieces, picture, longest=max(shape[1:]), width=width)
    x = pieces.maps(stages(pieces, x, width=width, blocks=blocks))
    embedding = pieces.embedded(x) if pool == "mean" else _attended(pieces.layers, x)
    return pieces.net(picture, embedding, classes=classes, dropout=dropout)


def _attended(layers: Any, x: Any) -> Any:
    """The slices' vectors weighted by how much each tells, a softmax over the slices."""
    slices, height, width, filters = x.shape[1:]
    each = layers.AveragePooling3D((1, height, width), name="slice_pool")(x)
    each = layers.Reshape((slices, filters), name="slice_vectors")(each)
    score = layers.Dense(1, use_bias=False, name="attention_score")(
        layers.Dense(max(8, filters // 4), activation="tanh", name="attention_hidden")(each)
    )
    weight = layers.Softmax(axis=1, name="attention")(score)
    return layers.Reshape((filters,), name="embedding")(layers.Dot(axes=1, name="attention_sum")([weight, each]))
