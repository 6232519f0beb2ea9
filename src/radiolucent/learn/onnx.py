"""Nets in the open form ONNX, layer by layer: members and their mirrored views become one graph.

The few kinds of layers that our nets are made of are known here; a net with another is refused. Inside the graph pictures
have their channels first, as ONNX wants it; vectors and lists of vectors are as in Keras.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from radiolucent.core import InputError, require

from .heads import Categorical, Head, Labels, Number, Ordinal

OPSET, IR_VERSION = 17, 8
INPUT, OUTPUT = "pictures", "answer"

Values = Mapping[str, Any]


def onnx_model(nets: Sequence[Any], head: Head, *, mirrored: bool, told: Mapping[str, str]) -> Any:
    """One ONNX graph of nets averaged: from grey values 0 to 255 (n, *size, channels) to what `head` tells of them.

    The pictures must have the nets' size already; `told` is kept as the file's metadata. What the graph gives is what
    `predict_proba` (of a number: `predict`) gives of such pictures, before calibration.
    """
    onnx = require("onnx", extra="onnx")
    graph = _Graph(onnx)
    shape = nets[0].input_shape[1:]
    span, one = graph.constant(127.5), graph.constant(1.0)
    picture = graph.node("Sub", [graph.node("Div", [INPUT, span]), one])
    views = [picture, graph.mirrored(picture, axis=len(shape) - 1)] if mirrored else [picture]
    answers = [_HEADS[type(head)](graph, _outputs(graph, net, view), head) for net in nets for view in views]
    graph.node("Mean", answers, name=OUTPUT)
    return graph.model(onnx, [None, *shape], [None, _width(head)], told)


def _outputs(graph: _Graph, net: Any, picture: str) -> str:
    """The name of what the net's last layer gives of a picture (channels last)."""
    first = graph.node("Transpose", [picture], perm=[0, len(net.input_shape) - 1, *range(1, len(net.input_shape) - 1)])
    named = {id(net.inputs[0]): first}
    for layer in net.operations:
        kind = type(layer).__name__
        if kind == "InputLayer":
            continue
        if kind not in _LAYERS:
            raise InputError(f"a layer of the kind {kind} ({layer.name}) cannot be written as ONNX")
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        found = _LAYERS[kind](graph, layer, [named[id(tensor)] for tensor in inputs])
        named[id(layer.output)] = found
    return named[id(net.outputs[0])]


class _Graph:
    """Nodes and constants of a graph in the making; every call gives the name of its result."""

    def __init__(self, onnx: Any) -> None:
        self.onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(
        self, kind: str, inputs: Sequence[str], *, name: str = "", perm: Any = None, more: Values | None = None
    ) -> str:
        name = name or f"{kind}_{len(self.nodes)}"
        attributes = {**(more or {}), **({} if perm is None else {"perm": perm})}
        self.nodes.append(self.onnx.helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, values: Any, dtype: Any = np.float32) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(self.onnx.numpy_helper.from_array(np.array(values, dtype, order="C"), name))
        return name

    def mirrored(self, x: str, *, axis: int) -> str:
        start, end, along, step = ([-1], [np.iinfo(np.int64).min], [axis], [-1])
        return self.node("Slice", [x, *(self.constant(part, np.int64) for part in (start, end, along, step))])

    def model(
        self, onnx: Any, given: Sequence[int | None], wanted: Sequence[int | None], told: Mapping[str, str]
    ) -> Any:
        helper, kind = onnx.helper, onnx.TensorProto.FLOAT
        ends = [
            [helper.make_tensor_value_info(name, kind, ["n" if side is None else side for side in sides])]
            for name, sides in ((INPUT, given), (OUTPUT, wanted))
        ]
        graph = helper.make_graph(self.nodes, "radiolucent", *ends, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        helper.set_model_props(model, dict(told))
        onnx.checker.check_model(model, full_check=True)
        return model


def _active(graph: _Graph, layer: Any, x: str) -> str:
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


def _convolved(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    kernel, *bias = layer.get_weights()
    if any(step != 1 for step in layer.dilation_rate) or getattr(layer, "groups", 1) != 1:
        raise InputError(f"a convolution with gaps or groups ({layer.name}) cannot be written as ONNX")
    strides = list(layer.strides)
    more = {"strides": strides, "pads": _pads(layer, kernel.shape[:-2], strides)}
    constants = [graph.constant(np.moveaxis(kernel, (-1, -2), (0, 1))), *(graph.constant(values) for values in bias)]
    return _active(graph, layer, graph.node("Conv", [*inputs, *constants], more=more))


def _each_convolved(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    """A convolution of each channel by itself."""
    kernel, *bias = layer.get_weights()
    sides, channels = kernel.shape[:2], kernel.shape[2] * kernel.shape[3]
    alone = kernel.reshape(*sides, 1, channels).transpose(3, 2, 0, 1)
    strides = list(layer.strides)
    more = {"strides": strides, "pads": _pads(layer, sides, strides), "group": kernel.shape[2]}
    constants = [graph.constant(alone), *(graph.constant(values) for values in bias)]
    return _active(graph, layer, graph.node("Conv", [*inputs, *constants], more=more))


def _normed(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    weights = [graph.constant(values) for values in layer.get_weights()]
    return graph.node("BatchNormalization", [*inputs, *weights], more={"epsilon": float(layer.epsilon)})


def _pooled(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    kernel, strides = list(layer.pool_size), list(layer.strides)
    kind = "MaxPool" if type(layer).__name__.startswith("Max") else "AveragePool"
    more = {"kernel_shape": kernel, "strides": strides, "pads": _pads(layer, kernel, strides)}
    return graph.node(kind, inputs, more=more)


def _all_pooled(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    mean = graph.node("GlobalAveragePool", inputs)
    return mean if layer.keepdims else graph.node("Flatten", [mean])


def _reshaped(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    x, rank = inputs[0], len(layer.input.shape)
    if rank > 3:
        x = graph.node("Transpose", [x], perm=[0, *range(2, rank), 1])
    if len(layer.output.shape) > 3:
        raise InputError(f"a change of shape to a picture ({layer.name}) cannot be written as ONNX")
    return graph.node("Reshape", [x, graph.constant([-1, *layer.output.shape[1:]], np.int64)])


def _dense(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    kernel, *bias = layer.get_weights()
    x = graph.node("MatMul", [*inputs, graph.constant(kernel)])
    return _active(graph, layer, graph.node("Add", [x, graph.constant(bias[0])]) if bias else x)


def _softmax(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    if len(layer.input.shape) > 3:
        raise InputError(f"a softmax over a picture ({layer.name}) cannot be written as ONNX")
    return graph.node("Softmax", inputs, more={"axis": layer.axis})


def _dot(graph: _Graph, layer: Any, inputs: Sequence[str]) -> str:
    """Lists of vectors (n, k, a) and (n, k, b) summed over k: (n, a, b)."""
    if layer.axes != 1 or len(layer.output.shape) != 3:
        raise InputError(f"a product over other axes ({layer.name}) cannot be written as ONNX")
    return graph.node("MatMul", [graph.node("Transpose", inputs[:1], perm=[0, 2, 1]), inputs[1]])


def _grades(graph: _Graph, x: str, _head: Ordinal) -> str:
    """Chances of being above each grade multiply; a grade's own is what lies between its two edges."""
    falls = graph.node("CumSum", [graph.node("Softplus", [graph.node("Neg", [x])]), graph.constant(1, np.int64)])
    above = graph.node("Exp", [graph.node("Neg", [falls])])
    first = graph.node("Slice", [above, *(graph.constant([part], np.int64) for part in (0, 1, 1))])
    none = graph.node("Mul", [first, graph.constant(0.0)])
    all_ = graph.node("Add", [none, graph.constant(1.0)])
    upper = graph.node("Concat", [all_, above], more={"axis": 1})
    return graph.node("Sub", [upper, graph.node("Concat", [above, none], more={"axis": 1})])


def _number(graph: _Graph, x: str, head: Number) -> str:
    return graph.node("Add", [graph.node("Mul", [x, graph.constant(head.spread)]), graph.constant(head.centre)])


def _width(head: Head) -> int:
    return head.classes if isinstance(head, Ordinal) else head.outputs


_HEADS: Mapping[type, Callable[[_Graph, str, Any], str]] = {
    Categorical: lambda graph, x, _head: graph.node("Softmax", [x], more={"axis": 1}),
    Ordinal: _grades,
    Labels: lambda graph, x, _head: graph.node("Sigmoid", [x]),
    Number: _number,
}

_ACTIVATIONS: Mapping[str, Callable[[_Graph, str], str]] = {
    "linear": lambda _graph, x: x,
    "relu": lambda graph, x: graph.node("Relu", [x]),
    "sigmoid": lambda graph, x: graph.node("Sigmoid", [x]),
    "tanh": lambda graph, x: graph.node("Tanh", [x]),
    "silu": lambda graph, x: graph.node("Mul", [x, graph.node("Sigmoid", [x])]),
}

_Write = Callable[[_Graph, Any, Sequence[str]], str]
_LAYERS: Mapping[str, _Write] = {
    **{f"Conv{axes}D": _convolved for axes in (2, 3)},
    **{f"{kind}Pooling{axes}D": _pooled for kind in ("Max", "Average") for axes in (2, 3)},
    **{f"GlobalAveragePooling{axes}D": _all_pooled for axes in (2, 3)},
    "Activation": lambda graph, layer, inputs: _active(graph, layer, inputs[0]),
    "Add": lambda graph, _layer, inputs: graph.node("Sum", inputs),
    "BatchNormalization": _normed,
    "Dense": _dense,
    "DepthwiseConv2D": _each_convolved,
    "Dot": _dot,
    "Dropout": lambda _graph, _layer, inputs: inputs[0],
    "Multiply": lambda graph, _layer, inputs: graph.node("Mul", inputs),
    "ReLU": lambda graph, _layer, inputs: graph.node("Relu", inputs),
    "Reshape": _reshaped,
    "Softmax": _softmax,
}
