"""A small residual net, for small pictures and few of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .pieces import Pieces, sides


def small_resnet(
    *,
    size: int | Sequence[int],
    channels: int,
    classes: int,
    width: int = 24,
    blocks: int = 1,
    dropout: float = 0.2,
) -> Any:
    """Residual net of three stages (`width`, 2 x, 4 x) for pictures of `size` pixels, giving one logit per class.

    With three sides, `size` is that of a volume, seen in space. Pictures of 48 pixels and more pass a stem of stride 2,
    those of 96 and more one of stride 4, so that the trunk sees 24 to 48 pixels whatever the picture. The last feature
    maps are the layer `maps`, their mean `embedding` (He et al. 2016, doi:10.1109/CVPR.2016.90).
    """
    shape = sides(size)
    pieces = Pieces(len(shape))
    picture = pieces.layers.Input((*shape, channels))
    x = pieces.maps(stages(pieces, stem(pieces, picture, longest=max(shape), width=width), width=width, blocks=blocks))
    return pieces.net(picture, pieces.embedded(x), classes=classes, dropout=dropout)


def stem(pieces: Pieces, x: Any, *, longest: int, width: int) -> Any:
    """The first convolution: at full size, at half of it, or at a quarter, by the picture's longest side."""
    if longest < 48:
        return pieces.normed(x, width, kernel=3, name="stem")
    x = pieces.normed(x, width, kernel=5, stride=2, name="stem")
    return pieces.pooled(x, name="stem_pool", how="Max") if longest >= 96 else x


def stages(pieces: Pieces, x: Any, *, width: int, blocks: int, count: int = 3) -> Any:
    """Stages of residual blocks, each but the first at half the size and twice the width of the one before."""
    for stage in range(count):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            x = pieces.residual(x, width * 2**stage, stride=stride, name=f"stage{stage + 1}_block{block + 1}")
    return x
