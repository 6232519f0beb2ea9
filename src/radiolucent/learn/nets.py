"""Architectures as plain functions of JSON-able arguments; what a saved net is rebuilt from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from radiolucent.core import InputError, unknown

from .engine import keras_on
from .unet import unet


def small_resnet(
    *, size: int, channels: int, classes: int, width: int = 24, blocks: int = 1, dropout: float = 0.2
) -> Any:
    """Residual net of three stages (`width`, 2 x, 4 x) for pictures of `size` pixels, giving one logit per class.

    Pictures of 48 pixels and more pass a stem of stride 2, those of 96 and more one of stride 4, so that the trunk
    sees 24 to 48 pixels whatever the picture. The last feature maps are the layer `maps` (He et al. 2016,
    doi:10.1109/CVPR.2016.90).
    """
    layers = keras_on().layers
    picture = layers.Input((size, size, channels))
    x = _stem(layers, picture, size=size, width=width)
    for stage in range(3):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            x = _block(layers, x, filters=width * 2**stage, stride=stride)
    x = layers.Activation("linear", name="maps")(x)
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(x))
    return keras_on().Model(picture, layers.Dense(classes, name="logits")(x))


def _stem(layers: Any, x: Any, *, size: int, width: int) -> Any:
    if size < 48:
        return _normed(layers, x, filters=width, kernel=3, stride=1)
    x = _normed(layers, x, filters=width, kernel=5, stride=2)
    return layers.MaxPooling2D(2)(x) if size >= 96 else x


def _normed(layers: Any, x: Any, *, filters: int, kernel: int, stride: int, active: bool = True) -> Any:
    x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False, kernel_initializer="he_normal")(
        x
    )
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-3)(x)
    return layers.ReLU()(x) if active else x


def _block(layers: Any, x: Any, *, filters: int, stride: int) -> Any:
    short = x
    if stride > 1 or x.shape[-1] != filters:
        short = layers.AveragePooling2D(stride, padding="same")(x) if stride > 1 else x
        short = _normed(layers, short, filters=filters, kernel=1, stride=1, active=False)
    x = _normed(layers, x, filters=filters, kernel=3, stride=stride)
    x = _normed(layers, x, filters=filters, kernel=3, stride=1, active=False)
    return layers.ReLU()(layers.Add()([x, short]))


NETS: Mapping[str, Callable[..., Any]] = {"small_resnet": small_resnet, "unet": unet}
"""Every architecture that can be asked for, trained, saved and loaded."""


def build(description: Mapping[str, Any]) -> Any:
    """Build the net that `description` names: {"architecture": NAME, "arguments": {...}}."""
    name = description.get("architecture")
    if name not in NETS:
        raise unknown("architecture", name, NETS)
    try:
        return NETS[str(name)](**description.get("arguments", {}))
    except TypeError as error:
        raise InputError(f"the description of the net {name!r} does not fit this version: {error}") from error
