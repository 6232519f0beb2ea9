"""Pictures with a table beside them: what a net sees that joins both before its last layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from radiolucent.core import InputError

from .engine import keras_on

WIDTH = 16
"""Units that the table passes before it meets the picture."""


@dataclass(frozen=True, eq=False)
class Beside:
    """Pictures (n, ...) and a table of n rows; both are taken row by row, and pictures may be a memory-map."""

    pictures: Any
    table: pd.DataFrame

    def __post_init__(self) -> None:
        if len(self.pictures) != len(self.table):
            raise InputError(f"{len(self.pictures)} pictures stand beside a table of {len(self.table)} rows")

    def __len__(self) -> int:
        return len(self.table)

    def rows(self, chosen: Any) -> Beside:
        """Some of the rows."""
        return Beside(self.pictures[chosen], self.table.iloc[chosen])


@dataclass(frozen=True)
class Columns:
    """How a table becomes numbers, learned from training rows: as JSON `numbers` {column: [median, mean, SD]} and `words`
    {column: [value, ...]}.

    A number that is missing becomes the median and is marked; it is then standardised. A word is one of those seen in
    training, or none of them.
    """

    numbers: Mapping[str, Sequence[float]]
    words: Mapping[str, Sequence[str]]

    @classmethod
    def fit(cls, table: pd.DataFrame, *, numeric: Sequence[str], categorical: Sequence[str]) -> Self:
        """Learn medians, spreads and words."""
        if not numeric and not categorical:
            raise InputError("a net beside a table needs at least one column, such as age, sex or view; none was given")
        numbers = {}
        for name in numeric:
            values = table[name].to_numpy(float, na_value=np.nan)
            known = values[np.isfinite(values)]
            median = float(np.median(known)) if len(known) else 0.0
            filled = np.where(np.isfinite(values), values, median)
            numbers[name] = [median, float(filled.mean()), float(filled.std()) or 1.0]
        words = {name: sorted(table[name].dropna().astype(str).unique()) for name in categorical}
        return cls(numbers, words)

    @property
    def width(self) -> int:
        """Numbers that stand for a row."""
        return 2 * len(self.numbers) + sum(len(values) for values in self.words.values())

    def transform(self, table: pd.DataFrame) -> NDArray[np.float32]:
        """The rows as numbers (n, width)."""
        parts = [np.empty((len(table), 0))]
        for name, (median, mean, sd) in self.numbers.items():
            values = table[name].to_numpy(float, na_value=np.nan)
            known = np.isfinite(values)
            parts.append(np.column_stack([(np.where(known, values, median) - mean) / sd, ~known]))
        for name, seen in self.words.items():
            parts.append(np.equal.outer(table[name].astype(str).to_numpy(), np.array(seen, dtype=object)))
        return np.hstack(parts).astype(np.float32)

    def to_dict(self) -> dict[str, Any]:
        return {"numbers": dict(self.numbers), "words": dict(self.words)}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Self:
        return cls(saved["numbers"], saved["words"])


def joined(net: Any, width: int) -> Any:
    """The net with a second input (n, width), joined to what it knows of the picture just before its last layer."""
    layers = keras_on().layers
    last = net.get_layer("logits")
    table = layers.Input((width,), name="table")
    known = layers.Dense(WIDTH, activation="relu", name="table_dense")(table)
    both = layers.Concatenate(name="picture_and_table")([last.input, known])
    outputs = layers.Dense(last.units, name="logits", dtype="float32")(both)
    return keras_on().Model([*net.inputs, table], outputs)
