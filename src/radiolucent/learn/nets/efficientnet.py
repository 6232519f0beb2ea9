"""A net like EfficientNet-B0, for pictures of 96 pixels and more: little arithmetic, many thin layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..engine import keras_on
from .pieces import sides

ROWS = (
    # kernel, repeats, filters, expansion, stride
    (3, 1, 16, 1, 1),
    (3, 2, 24, 6, 2),
    (5, 2, 40, 6, 2),
    (3, 3, 80, 6, 2),
    (5, 3, 112, 6, 1),
    (5, 4, 192, 6, 2),
    (3, 1, 320, 6, 1),
)
"""The seven stages of EfficientNet-B0."""

_KERNEL = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "truncated_normal"},
}


def efficientnet(
    *,
    size: int | Sequence[int],
    channels: int,
    classes: int,
    width: int = 32,
    blocks: int = 1,
    dropout: float = 0.2,
    drop_block: float = 0.2,
) -> Any:
    """EfficientNet-B0 for 2-D pictures: inverted residual blocks with squeeze-and-excitation and swish.

    `width` is the number of filters of the stem; all others grow with it, rounded to eighths as in the paper. `blocks`
    multiplies the blocks of each stage; `drop_block` is the chance that the last of them is passed by while training.
    With `width` 32 layers bear the names and shapes of `keras.applications`' EfficientNetB0, whose weights can so serve
    as a start. The last feature maps are the layer `maps`, their mean `embedding` (Tan and Le 2019, arXiv:1905.11946).
    """
    net = _Net(width)
    layers = net.layers
    picture = layers.Input((*sides(size, axes=(2,)), channels))
    x = net.convolved(picture, net.filters(32), kernel=3, stride=2, name="stem_")
    deep, done = blocks * sum(row[1] for row in ROWS), 0
    for stage, (kernel, repeats, filters, expansion, stride) in enumerate(ROWS, 1):
        for block in range(blocks * repeats):
            x = net.block(
                x,
                net.filters(filters),
                kernel=kernel,
                expansion=expansion,
                stride=1 if block else stride,
                drop=drop_block * done / deep,
                name=f"block{stage}{chr(ord('a') + block)}_",
            )
            done += 1
    x = layers.Activation("linear", name="maps")(net.convolved(x, net.filters(1280), kernel=1, name="top_"))
    x = layers.Dropout(dropout, name="dropout")(layers.GlobalAveragePooling2D(name="embedding")(x))
    return keras_on().Model(picture, layers.Dense(classes, dtype="float32", name="logits")(x))


class _Net:
    """The blocks of one net, named as `keras.applications` names them."""

    def __init__(self, width: int) -> None:
        self.layers, self.width = keras_on().layers, width

    def filters(self, given: int) -> int:
        """As many filters as for `given` in B0, at this width, in eighths and not more than a tenth below."""
        wanted = given * self.width / 32
        rounded = max(8, int(wanted + 4) // 8 * 8)
        return rounded + 8 if rounded < 0.9 * wanted else rounded

    def normed(self, x: Any, name: str) -> Any:
        """Batch normalisation, whose running figures follow within a short training."""
        return self.layers.BatchNormalization(momentum=0.9, epsilon=1e-3, name=name)(x)

    def convolved(self, x: Any, filters: int, *, kernel: int, name: str, stride: int = 1, active: bool = True) -> Any:
        """Convolution, normalisation and, if `active`, swish."""
        x = self.layers.Conv2D(
            filters,
            kernel,
            strides=stride,
            padding="same",
            use_bias=False,
            kernel_initializer=_KERNEL,
            name=f"{name}conv",
        )(x)
        x = self.normed(x, f"{name}bn")
        return self.layers.Activation("swish", name=f"{name}activation")(x) if active else x

    def block(self, x: Any, filters: int, *, kernel: int, expansion: int, stride: int, drop: float, name: str) -> Any:
        """Widen, convolve each channel by itself, weigh the channels, narrow, and add what came in."""
        given, y = x, x
        if expansion > 1:
            y = self.convolved(x, expansion * x.shape[-1], kernel=1, name=f"{name}expand_")
        y = self.layers.DepthwiseConv2D(
            kernel,
            strides=stride,
            padding="same",
            use_bias=False,
            depthwise_initializer=_KERNEL,
            name=f"{name}dwconv",
        )(y)
        y = self.layers.Activation("swish", name=f"{name}activation")(self.normed(y, f"{name}bn"))
        y = self._weighed(y, max(1, given.shape[-1] // 4), name)
        y = self.convolved(y, filters, kernel=1, name=f"{name}project_", active=False)
        if stride > 1 or given.shape[-1] != filters:
            return y
        if drop:
            y = self.layers.Dropout(drop, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(y)
        return self.layers.Add(name=f"{name}add")([y, given])

    def _weighed(self, x: Any, narrow: int, name: str) -> Any:
        """Squeeze and excitation: channels weighted by what all of the picture says (arXiv:1709.01507)."""
        wide = x.shape[-1]
        y = self.layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}se_squeeze")(x)
        reduce = self.layers.Conv2D(narrow, 1, activation="swish", kernel_initializer=_KERNEL, name=f"{name}se_reduce")
        expand = self.layers.Conv2D(wide, 1, activation="sigmoid", kernel_initializer=_KERNEL, name=f"{name}se_expand")
        return self.layers.Multiply(name=f"{name}se_excite")([x, expand(reduce(y))])
