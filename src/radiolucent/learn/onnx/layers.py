"""The kinds of layers that our nets are made of, each written as ONNX nodes; a net with another is refused.

Inside the graph pictures have their channels first, as ONNX wants it; vectors and lists of vectors are as in Keras.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from radiolucent.core import InputError

from .graph import Graph


def outputs(graph: Graph, net: Any, picture: str) -> str:
    """The name of what the net's last layer gives of a picture (channels last)."""
    named = {id(net.inputs[0]): graph.channels_first(picture, rank=len(net.input_shape))}
    for layer in net.operations:
        kind = type(layer).__name__
        if kind == "InputLayer":
            continue
        if kind not in LAYERS:
            raise InputError(f"a layer of the kind {kind} ({layer.name}) cannot be written as ONNX")
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        found = LAYERS[kind](graph, layer, [named[id(tensor)] for tensor in inputs])
        named[id(layer.output)] = found
    return named[id(net.outputs[0])]


def _active(graph: Graph, layer: Any, x: str) -> str:
    name = layer.activation.__name__ if hasattr(layer, "activation") else "linear"
    if name not in _ACTIVATIONS:
        raise InputError(f"the activation {name} ({layer.name}) cannot be written as ONNX")
    return _ACTIVATIONS[name](graph, x)


def _pads(layer: Any, kernel: Sequence[int], strides: Sequence[int]) -> list[int]:
    """Pixels put before and after each axis: with "same" as many as TensorFlow puts, the odd one after."""
    if layer.padding == "valid":
        return [0] * 2 * len(kernel)
    missing = [
        max(0, (math.ceil(side / step) - 1) * step + window - side)
        for side, window, step in zip(layer.input.shape[1:-1], kernel, strides, strict=True)
    ]
    return [part // 2 for part in missing] + [part - part // 2 for part in missing]


def _convolved(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    kernel, *bias = layer.get_weights()
    if any(step != 1 for step in layer.dilation_rate) or getattr(layer, "groups", 1) != 1:
        raise InputError(f"a convolution with gaps or groups ({layer.name}) cannot be written as ONNX")
    strides = list(layer.strides)
    more = {"strides": strides, "pads": _pads(layer, kernel.shape[:-2], strides)}
    constants = [graph.constant(np.moveaxis(kernel, (-1, -2), (0, 1))), *(graph.constant(values) for values in bias)]
    return _active(graph, layer, graph.node("Conv", [*inputs, *constants], more=more))


def _widened(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    """A convolution backwards whose steps do not overlap: every pixel becomes a block."""
    kernel, *bias = layer.get_weights()
    strides = list(layer.strides)
    if list(kernel.shape[:-2]) != strides:
        raise InputError(f"a widening convolution whose steps overlap ({layer.name}) cannot be written as ONNX")
    constants = [graph.constant(np.moveaxis(kernel, (-1, -2), (0, 1))), *(graph.constant(values) for values in bias)]
    return _active(graph, layer, graph.node("ConvTranspose", [*inputs, *constants], more={"strides": strides}))


def _normed_alone(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    """Normalisation of each channel of each picture by itself."""
    if layer.groups not in (-1, layer.input.shape[-1]):
        raise InputError(f"a normalisation of groups of channels ({layer.name}) cannot be written as ONNX")
    weights = [graph.constant(values) for values in layer.get_weights()]
    return graph.node("InstanceNormalization", [*inputs, *weights], more={"epsilon": float(layer.epsilon)})


def _joined(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    if layer.axis not in (-1, len(layer.output.shape) - 1):
        raise InputError(
            f"pictures joined along another axis than their channels ({layer.name}) cannot be written as ONNX"
        )
    return graph.node("Concat", inputs, more={"axis": 1 if len(layer.output.shape) > 3 else -1})


def _leaky(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    return graph.node("LeakyRelu", inputs, more={"alpha": float(layer.negative_slope)})


def _each_convolved(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    """A convolution of each channel by itself."""
    kernel, *bias = layer.get_weights()
    sides, channels = kernel.shape[:2], kernel.shape[2] * kernel.shape[3]
    alone = kernel.reshape(*sides, 1, channels).transpose(3, 2, 0, 1)
    strides = list(layer.strides)
    more = {"strides": strides, "pads": _pads(layer, sides, strides), "group": kernel.shape[2]}
    constants = [graph.constant(alone), *(graph.constant(values) for values in bias)]
    return _active(graph, layer, graph.node("Conv", [*inputs, *constants], more=more))


def _normed(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    weights = [graph.constant(values) for values in layer.get_weights()]
    return graph.node("BatchNormalization", [*inputs, *weights], more={"epsilon": float(layer.epsilon)})


def _pooled(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    kernel, strides = list(layer.pool_size), list(layer.strides)
    kind = "MaxPool" if type(layer).__name__.startswith("Max") else "AveragePool"
    more = {"kernel_shape": kernel, "strides": strides, "pads": _pads(layer, kernel, strides)}
    return graph.node(kind, inputs, more=more)


def _all_pooled(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    mean = graph.node("GlobalAveragePool", inputs)
    return mean if layer.keepdims else graph.node("Flatten", [mean])


def _reshaped(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    x, rank = inputs[0], len(layer.input.shape)
    if rank > 3:
        x = graph.channels_last(x, rank=rank)
    if len(layer.output.shape) > 3:
        raise InputError(f"a change of shape to a picture ({layer.name}) cannot be written as ONNX")
    return graph.node("Reshape", [x, graph.constant([-1, *layer.output.shape[1:]], np.int64)])


def _dense(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    kernel, *bias = layer.get_weights()
    x = graph.node("MatMul", [*inputs, graph.constant(kernel)])
    return _active(graph, layer, graph.node("Add", [x, graph.constant(bias[0])]) if bias else x)


def _softmax(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    if len(layer.input.shape) > 3:
        raise InputError(f"a softmax over a picture ({layer.name}) cannot be written as ONNX")
    return graph.node("Softmax", inputs, more={"axis": layer.axis})


def _dot(graph: Graph, layer: Any, inputs: Sequence[str]) -> str:
    """Lists of vectors (n, k, a) and (n, k, b) summed over k: (n, a, b)."""
    if layer.axes != 1 or len(layer.output.shape) != 3:
        raise InputError(f"a product over other axes ({layer.name}) cannot be written as ONNX")
    return graph.node("MatMul", [graph.turned(inputs[0], (0, 2, 1)), inputs[1]])


_ACTIVATIONS: Mapping[str, Callable[[Graph, str], str]] = {
    "linear": lambda _graph, x: x,
    "relu": lambda graph, x: graph.node("Relu", [x]),
    "sigmoid": lambda graph, x: graph.node("Sigmoid", [x]),
    "tanh": lambda graph, x: graph.node("Tanh", [x]),
    "silu": lambda graph, x: graph.node("Mul", [x, graph.node("Sigmoid", [x])]),
}

_Write = Callable[[Graph, Any, Sequence[str]], str]
LAYERS: Mapping[str, _Write] = {
    **{f"Conv{axes}D": _convolved for axes in (2, 3)},
    **{f"{kind}Pooling{axes}D": _pooled for kind in ("Max", "Average") for axes in (2, 3)},
    **{f"GlobalAveragePooling{axes}D": _all_pooled for axes in (2, 3)},
    "Activation": lambda graph, layer, inputs: _active(graph, layer, inputs[0]),
    "Add": lambda graph, _layer, inputs: graph.node("Sum", inputs),
    "BatchNormalization": _normed,
    "Concatenate": _joined,
    **{f"Conv{axes}DTranspose": _widened for axes in (2, 3)},
    "Dense": _dense,
    "DepthwiseConv2D": _each_convolved,
    "Dot": _dot,
    "Dropout": lambda _graph, _layer, inputs: inputs[0],
    "GroupNormalization": _normed_alone,
    "LeakyReLU": _leaky,
    "Multiply": lambda graph, _layer, inputs: graph.node("Mul", inputs),
    "ReLU": lambda graph, _layer, inputs: graph.node("Relu", inputs),
    "Reshape": _reshaped,
    "Softmax": _softmax,
}
