"""Nets in the open form ONNX: members and their mirrored views, scaling and what the answer means, in one graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from radiolucent.core import require

from ..engine import keras_on
from ..heads import Categorical, Head, Labels, Number, Ordinal
from .graph import Graph
from .layers import outputs

__all__ = ["INPUT", "OUTPUT", "onnx_model", "onnx_segmenter"]

INPUT, OUTPUT = "pictures", "answer"


def onnx_model(nets: Sequence[Any], head: Head, *, mirrored: bool, told: Mapping[str, str]) -> Any:
    """One ONNX graph of nets averaged: from grey values 0 to 255 (n, *size, channels) to what `head` tells of them.

    The pictures must have the nets' size already; `told` is kept as the file's metadata. What the graph gives is what
    `predict_proba` (of a number: `predict`) gives of such pictures, before calibration.
    """
    graph, shape = Graph(require("onnx", extra="onnx")), nets[0].input_shape[1:]
    span, one = graph.constant(127.5), graph.constant(1.0)
    picture = graph.node("Sub", [graph.node("Div", [INPUT, span]), one])
    views = [picture, graph.mirrored(picture, axis=len(shape) - 1)] if mirrored else [picture]
    answers = [_HEADS[type(head)](graph, outputs(graph, net, view), head) for net in nets for view in views]
    graph.node("Mean", answers, name=OUTPUT)
    return graph.model({INPUT: [None, *shape], OUTPUT: [None, _width(head)]}, told)


def onnx_segmenter(net: Any, *, told: Mapping[str, str]) -> Any:
    """One ONNX graph of a U-Net: from normalised patches (n, *patch, channels) to probabilities (n, *patch, classes)."""
    graph, shape = Graph(require("onnx", extra="onnx")), net.input_shape[1:]
    finest = keras_on().Model(net.inputs[0], net.outputs[0])
    logits = graph.channels_last(outputs(graph, finest, INPUT), rank=len(shape) + 1)
    graph.node("Softmax", [logits], name=OUTPUT, more={"axis": -1})
    return graph.model({INPUT: [None, *shape], OUTPUT: [None, *net.outputs[0].shape[1:]]}, told)


def _grades(graph: Graph, x: str, _head: Ordinal) -> str:
    """Chances of being above each grade multiply; a grade's own is what lies between its two edges."""
    falls = graph.node("CumSum", [graph.node("Softplus", [graph.node("Neg", [x])]), graph.constant(1, np.int64)])
    above = graph.node("Exp", [graph.node("Neg", [falls])])
    first = graph.node("Slice", [above, *(graph.constant([part], np.int64) for part in (0, 1, 1))])
    none = graph.node("Mul", [first, graph.constant(0.0)])
    all_ = graph.node("Add", [none, graph.constant(1.0)])
    upper = graph.node("Concat", [all_, above], more={"axis": 1})
    return graph.node("Sub", [upper, graph.node("Concat", [above, none], more={"axis": 1})])


def _number(graph: Graph, x: str, head: Number) -> str:
    return graph.node("Add", [graph.node("Mul", [x, graph.constant(head.spread)]), graph.constant(head.centre)])


def _width(head: Head) -> int:
    return head.classes if isinstance(head, Ordinal) else head.outputs


_HEADS: Mapping[type, Callable[[Graph, str, Any], str]] = {
    Categorical: lambda graph, x, _head: graph.node("Softmax", [x], more={"axis": 1}),
    Ordinal: _grades,
    Labels: lambda graph, x, _head: graph.node("Sigmoid", [x]),
    Number: _number,
}
