"""Architectures as plain functions of JSON-able arguments; what a saved net is rebuilt from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from radiolucent.core import InputError, unknown

from ..beside import joined
from ..engine import keras_on
from ..unet import unet
from .efficientnet import efficientnet
from .resnet18 import resnet18
from .sequence_net import sequence_net, with_frames
from .slice_resnet import slice_resnet
from .small_resnet import small_resnet

__all__ = [
    "NETS",
    "body",
    "build",
    "efficientnet",
    "resnet18",
    "sequence_net",
    "slice_resnet",
    "small_resnet",
    "with_frames",
]

NETS: Mapping[str, Callable[..., Any]] = {
    "small_resnet": small_resnet,
    "resnet18": resnet18,
    "efficientnet": efficientnet,
    "slice_resnet": slice_resnet,
    "unet": unet,
    "sequence_net": sequence_net,
}
"""Every architecture that can be asked for, trained, saved and loaded.

Those that classify pictures end in the layers `maps` (for Grad-CAM), `embedding` (one vector a picture) and `logits`;
`sequence_net` has no maps of its own.
"""


def build(description: Mapping[str, Any]) -> Any:
    """Build the net that `description` names: {"architecture": NAME, "arguments": {...}}, with a `table` of so many numbers."""
    name = description.get("architecture")
    if name not in NETS:
        raise unknown("architecture", name, NETS)
    try:
        net = NETS[str(name)](**description.get("arguments", {}))
    except TypeError as error:
        raise InputError(f"the description of the net {name!r} does not fit this version: {error}") from error
    return joined(net, int(description["table"])) if description.get("table") else net


def body(net: Any) -> Any:
    """The part of a net from the picture to the layer `embedding`, for another head, or to compare pictures by."""
    return keras_on().Model(net.inputs[0], net.get_layer("embedding").output)
