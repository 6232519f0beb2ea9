"""The U-Net in 2-D and 3-D: an encoder and a decoder joined at every scale, giving class scores for each pixel."""

from __future__ import annotations

from typing import Any

from radiolucent.core import InputError

from .engine import keras_on


def unet(
    *,
    shape: list[int],
    channels: int,
    classes: int,
    width: int = 16,
    levels: int = 3,
    residual: bool = True,
    deep: bool = True,
) -> Any:
    """U-Net for patches of `shape` (2 or 3 axes, each a multiple of 2^(levels - 1)), giving logits per pixel.

    Two convolutions a level with instance normalisation and leaky ReLU, `width` filters at the finest, twice as many at
    each coarser level, at most 320; `residual` adds a level's input to its output. With `deep` the coarser scales of the
    decoder (but the coarsest) give logits too, finest first: deep supervision. Ronneberger et al. 2015,
    doi:10.1007/978-3-319-24574-4_28; Isensee et al. 2021, doi:10.1038/s41592-020-01008-z.
    """
    step = 2 ** (levels - 1)
    if len(shape) not in (2, 3) or any(side % step for side in shape):
        raise InputError(f"a U-Net of {levels} levels needs patches of 2 or 3 sides that {step} divides, got {shape}")
    layers = _Layers(keras_on(), len(shape), residual=residual)
    patch = layers.keras.layers.Input((*shape, channels))
    x, skips = patch, []
    for level in range(levels):
        x = layers.level(x, filters=min(320, width * 2**level), stride=2 if level else 1)
        skips.append(x)
    outputs = []
    for level in reversed(range(levels - 1)):
        x = layers.joined(x, skips[level], filters=min(320, width * 2**level))
        outputs.append(layers.logits(x, classes, name="logits" if level == 0 else f"logits_{level}"))
    kept = outputs[::-1] if deep else outputs[-1:]
    return layers.keras.Model(patch, kept if len(kept) > 1 else kept[0])


class _Layers:
    """The pieces of the net for one number of axes."""

    def __init__(self, keras: Any, axes: int, *, residual: bool) -> None:
        self.keras, self.residual = keras, residual
        self.convolution = getattr(keras.layers, f"Conv{axes}D")
        self.transposed = getattr(keras.layers, f"Conv{axes}DTranspose")

    def normed(self, x: Any, *, filters: int, stride: int = 1, kernel: int = 3, active: bool = True) -> Any:
        x = self.convolution(
            filters, kernel, strides=stride, padding="same", use_bias=False, kernel_initializer="he_normal"
        )(x)
        x = self.keras.layers.GroupNormalization(groups=-1, epsilon=1e-5)(x)
        return self.keras.layers.LeakyReLU(negative_slope=0.01)(x) if active else x

    def level(self, x: Any, *, filters: int, stride: int = 1) -> Any:
        first = self.normed(x, filters=filters, stride=stride)
        second = self.normed(first, filters=filters, active=not self.residual)
        if not self.residual:
            return second
        short = x
        if stride > 1 or x.shape[-1] != filters:
            short = self.normed(x, filters=filters, stride=stride, kernel=1, active=False)
        return self.keras.layers.LeakyReLU(negative_slope=0.01)(self.keras.layers.Add()([second, short]))

    def joined(self, x: Any, skip: Any, *, filters: int) -> Any:
        up = self.transposed(filters, 2, strides=2, padding="same", use_bias=False)(x)
        return self.level(self.keras.layers.Concatenate()([up, skip]), filters=filters)

    def logits(self, x: Any, classes: int, *, name: str) -> Any:
        return self.convolution(classes, 1, name=name)(x)
