"""An ONNX graph in the making: nodes, constants, and at the end the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

OPSET, IR_VERSION = 17, 8
"""What ONNX Runtime has read since 2022."""


class Graph:
    """Nodes and constants; every call that adds one gives the name of its result."""

    def __init__(self, onnx: Any) -> None:
        self.onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(self, kind: str, inputs: Sequence[str], *, name: str = "", more: Mapping[str, Any] | None = None) -> str:
        """A node of this kind with its attributes."""
        name = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(kind, list(inputs), [name], name=name, **(more or {})))
        return name

    def constant(self, values: Any, dtype: Any = np.float32) -> str:
        """An array that is kept in the file."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(self.onnx.numpy_helper.from_array(np.array(values, dtype, order="C"), name))
        return name

    def turned(self, x: str, axes: Sequence[int]) -> str:
        """The same with its axes in another order."""
        return self.node("Transpose", [x], more={"perm": list(axes)})

    def channels_first(self, x: str, *, rank: int) -> str:
        """From (n, *size, channels) to (n, channels, *size)."""
        return self.turned(x, [0, rank - 1, *range(1, rank - 1)])

    def channels_last(self, x: str, *, rank: int) -> str:
        """From (n, channels, *size) to (n, *size, channels)."""
        return self.turned(x, [0, *range(2, rank), 1])

    def mirrored(self, x: str, *, axis: int) -> str:
        """The same backwards along an axis."""
        cut = ([-1], [np.iinfo(np.int64).min], [axis], [-1])
        return self.node("Slice", [x, *(self.constant(part, np.int64) for part in cut)])

    def model(self, ends: Mapping[str, Sequence[int | None]], told: Mapping[str, str]) -> Any:
        """The whole, checked: `ends` has the shapes of the input and the output by name, `None` for any number."""
        helper, kind = self.onnx.helper, self.onnx.TensorProto.FLOAT
        given, wanted = (
            [helper.make_tensor_value_info(name, kind, ["n" if side is None else side for side in sides])]
            for name, sides in ends.items()
        )
        graph = helper.make_graph(self.nodes, "radiolucent", given, wanted, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        helper.set_model_props(model, dict(told))
        self.onnx.checker.check_model(model, full_check=True)
        return model
