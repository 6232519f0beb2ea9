"""A net for sequences: one encoder for every frame, then recurrence or none, then pooling, then one layer of scores."""

from __future__ import annotations

from typing import Any

from radiolucent.core import InputError, unknown

from ..engine import keras_on
from .small_resnet import small_resnet

RECURRENCES = ("none", "gru", "lstm", "bigru", "bilstm", "convlstm")
"""What joins the frames; "none" is the control: the same encoder, pooling and scores without it."""
POOLINGS = ("mean", "attention")


def sequence_net(
    *,
    size: int,
    channels: int,
    frames: int,
    classes: int,
    recurrence: str = "gru",
    pooling: str = "mean",
    units: int = 32,
    width: int = 12,
    blocks: int = 1,
    dropout: float = 0.3,
) -> Any:
    """Net for clips (frames, size, size, channels) and the mask of their frames (1 or 0), giving one logit per class.

    The encoder is the trunk of `small_resnet`. The recurrence gives a state per frame: a GRU or LSTM of `units` (in both
    directions together as many), a convolutional LSTM on the feature maps (Shi et al. 2015, arXiv:1506.04214), or the
    features as they are. Masked frames move no state and no mean. Pooling is the mean of the states or attention
    (additive, Bahdanau et al. 2015, arXiv:1409.0473). The states are the layer `states`, the pooled one is `embedding`.
    """
    if recurrence not in RECURRENCES:
        raise unknown("recurrence", recurrence, RECURRENCES)
    if pooling not in POOLINGS:
        raise unknown("pooling", pooling, POOLINGS)
    keras = keras_on()
    layers, ops = keras.layers, keras.ops
    clip, present = layers.Input((frames, size, size, channels)), layers.Input((frames,))
    maps = _encoder(keras, size=size, channels=channels, width=width, blocks=blocks)(
        ops.reshape(clip, (-1, size, size, channels))
    )
    maps = ops.reshape(maps, (-1, frames, *maps.shape[1:]))
    states = _states(keras, maps, ops.cast(present, "bool"), recurrence=recurrence, units=units, dropout=dropout)
    states = layers.Activation("linear", name="states")(states)
    weights = _weights(keras, states, present, pooling=pooling, units=units)
    pooled = layers.Activation("linear", name="embedding")(ops.sum(states * ops.expand_dims(weights, -1), axis=1))
    scores = layers.Dense(classes, name="logits")(layers.Dropout(dropout, name="dropout")(pooled))
    return keras.Model([clip, present], scores)


def with_frames(net: Any) -> Any:
    """The net that gives the logits of the clip and those of each frame (n, frames, classes): the same scores, taken of
    its state."""
    scores = net.get_layer("logits")(net.get_layer("states").output)
    return keras_on().Model(net.inputs, [net.outputs[0], scores])


def _encoder(keras: Any, *, size: int, channels: int, width: int, blocks: int) -> Any:
    """The trunk of the picture net: from a frame to its last feature maps."""
    whole = small_resnet(size=size, channels=channels, classes=1, width=width, blocks=blocks, dropout=0)
    return keras.Model(whole.inputs[0], whole.get_layer("maps").output, name="encoder")


def _states(keras: Any, maps: Any, present: Any, *, recurrence: str, units: int, dropout: float) -> Any:
    """A state per frame (n, frames, k)."""
    layers, ops = keras.layers, keras.ops
    if recurrence == "convlstm":
        joined = layers.ConvLSTM2D(units, 3, padding="same", return_sequences=True, name="convlstm")(maps, mask=present)
        return ops.mean(joined, axis=(2, 3))
    features = ops.mean(maps, axis=(2, 3))
    if recurrence == "none":
        return features
    features = layers.LayerNormalization(name="normed")(features)
    kind = layers.GRU if "gru" in recurrence else layers.LSTM
    if not recurrence.startswith("bi"):
        return kind(units, return_sequences=True, dropout=dropout, name=recurrence)(features, mask=present)
    if units % 2:
        raise InputError(f"a net that reads in both directions shares its units between them; {units} is odd")
    each = kind(units // 2, return_sequences=True, dropout=dropout)
    return layers.Bidirectional(each, name=recurrence)(features, mask=present)


def _weights(keras: Any, states: Any, present: Any, *, pooling: str, units: int) -> Any:
    """How much each frame counts (n, frames): sums to 1, and is 0 where there is no frame."""
    layers, ops = keras.layers, keras.ops
    if pooling == "mean":
        return present / ops.maximum(ops.sum(present, axis=1, keepdims=True), 1.0)
    looked = layers.Dense(units, activation="tanh", name="looked")(states)
    looked = layers.Dense(1, use_bias=False, name="attention")(looked)
    return ops.softmax(ops.squeeze(looked, -1) + (present - 1.0) * 1e9, axis=1)
