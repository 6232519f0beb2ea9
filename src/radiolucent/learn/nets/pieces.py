"""The pieces that nets are made of, in 2-D and 3-D, each layer under a name of its own.

By that name weights of another file find their place (`start.py`), whatever else was built in the same process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from radiolucent.core import InputError

from ..engine import keras_on


def sides(size: int | Sequence[int], *, axes: Sequence[int] = (2, 3)) -> tuple[int, ...]:
    """The sides of a picture (2) or volume (3) [pixels]: one number is a square picture, a list has one for each axis."""
    found = (size, size) if isinstance(size, int) else tuple(size)
    if len(found) not in axes or min(found) < 1:
        kinds = " or ".join(str(number) for number in axes)
        raise InputError(f"this net needs {kinds} sides of 1 pixel or more, got {size}")
    return found


class Pieces:
    """Layers for pictures (2 axes) or volumes (3).

    A stride halves the axes that are at least half as long as the longest, so that a stack of few slices keeps them.
    `planar` leaves the first axis alone: what is built then sees every slice by itself.
    """

    def __init__(self, axes: int, *, planar: bool = False) -> None:
        self.layers = keras_on().layers
        self.axes, self.planar = axes, planar

    def strides(self, x: Any, by: int) -> tuple[int, ...]:
        """`by` along the long axes, 1 along the others."""
        lengths = x.shape[1:-1]
        long = [2 * side >= max(lengths) and not (self.planar and axis == 0) for axis, side in enumerate(lengths)]
        return tuple(by if halved else 1 for halved in long)

    def kernel(self, side: int) -> tuple[int, ...]:
        """A kernel of this side along every axis that is seen together."""
        return (1,) * self.planar + (side,) * (self.axes - self.planar)

    def convolved(self, x: Any, filters: int, *, kernel: int, name: str, stride: int = 1) -> Any:
        """Convolution without bias, for normalisation follows."""
        layer = getattr(self.layers, f"Conv{self.axes}D")
        return layer(
            filters,
            self.kernel(kernel),
            strides=self.strides(x, stride),
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"{name}_conv",
        )(x)

    def normed(self, x: Any, filters: int, *, kernel: int, name: str, stride: int = 1, active: bool = True) -> Any:
        """Convolution, batch normalisation and, if `active`, a rectifier."""
        x = self.convolved(x, filters, kernel=kernel, name=name, stride=stride)
        x = self.layers.BatchNormalization(momentum=0.9, epsilon=1e-3, name=f"{name}_bn")(x)
        return self.layers.ReLU(name=f"{name}_relu")(x) if active else x

    def pooled(self, x: Any, *, name: str, how: str = "Average", by: int = 2, window: int | None = None) -> Any:
        """Average or maximum over a window, moved by `by`."""
        strides = self.strides(x, by)
        spans = [(window or step) if step > 1 else 1 for step in strides]
        return getattr(self.layers, f"{how}Pooling{self.axes}D")(spans, strides=strides, padding="same", name=name)(x)

    def residual(self, x: Any, filters: int, *, name: str, stride: int = 1) -> Any:
        """Two convolutions beside a short way, which is averaged and widened where it must be (arXiv:1812.01187)."""
        short = x
        if stride > 1 or x.shape[-1] != filters:
            short = self.pooled(x, name=f"{name}_short_pool", by=stride) if stride > 1 else x
            short = self.normed(short, filters, kernel=1, name=f"{name}_short", active=False)
        x = self.normed(x, filters, kernel=3, name=f"{name}_1", stride=stride)
        x = self.normed(x, filters, kernel=3, name=f"{name}_2", active=False)
        joined = self.layers.Add(name=f"{name}_add")([x, short])
        return self.layers.ReLU(name=f"{name}_relu")(joined)

    def maps(self, x: Any) -> Any:
        """The last feature maps, under the name by which Grad-CAM finds them."""
        return self.layers.Activation("linear", name="maps")(x)

    def embedded(self, x: Any) -> Any:
        """One vector a picture, the mean over all places: the layer `embedding`."""
        return getattr(self.layers, f"GlobalAveragePooling{self.axes}D")(name="embedding")(x)

    def net(self, picture: Any, embedding: Any, *, classes: int, dropout: float) -> Any:
        """The net from picture to one logit a class, in single precision whatever the rest is computed in."""
        x = self.layers.Dropout(dropout, name="dropout")(embedding)
        logits = self.layers.Dense(classes, dtype="float32", name="logits")(x)
        return keras_on().Model(picture, logits)
