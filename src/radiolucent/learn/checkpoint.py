"""What training has reached, in one file, so that a fit that was interrupted goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
EVERY_S = 60.0
"""Seconds between two checkpoints: what an interruption may cost."""


@dataclass(eq=False)
class Reached:
    """Weights of the members that are finished, and of the one that is not: its step, seconds and every variable.

    `net` holds the net's variables, the state of its random numbers among them, `optimizer` those of the optimizer,
    `best` the weights that were best on the inner part, `curve` what was told so far.
    """

    finished: list[list[Array]] = field(default_factory=list)
    step: int = 0
    seconds: float = 0.0
    net: list[Array] = field(default_factory=list)
    optimizer: list[Array] = field(default_factory=list)
    best: list[Array] = field(default_factory=list)
    curve: list[dict[str, Any]] = field(default_factory=list)


@dataclass(eq=False)
class Checkpoint:
    """A file that holds what one fit has reached; that of another fit (another `key`) is not taken up."""

    path: Path | None
    key: str
    saved: float = field(default_factory=perf_counter)

    @property
    def is_due(self) -> bool:
        return self.path is not None and perf_counter() - self.saved >= EVERY_S

    def save(self, reached: Reached) -> None:
        """Write the file whole or not at all."""
        if self.path is None:
            return
        told = {"key": self.key, "step": reached.step, "seconds": reached.seconds, "curve": reached.curve}
        arrays = {"told": np.array(json.dumps(told))}
        for name in ("net", "optimizer", "best"):
            arrays |= _named(name, getattr(reached, name))
        for member, weights in enumerate(reached.finished):
            arrays |= _named(f"finished{member}", weights)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(self.path.name + ".part.npz")
        np.savez(part, **arrays)  # type: ignore[arg-type]
        part.replace(self.path)
        self.saved = perf_counter()

    def load(self) -> Reached:
        """What was reached, or the very beginning."""
        if self.path is None or not self.path.exists():
            return Reached()
        with np.load(self.path, allow_pickle=False) as kept:
            told = json.loads(str(kept["told"]))
            if told["key"] != self.key:
                return Reached()
            parts: dict[str, list[Array]] = {}
            for name in kept.files:
                part, _, index = name.partition("/")
                if index:
                    parts.setdefault(part, []).append(kept[f"{part}/{len(parts.get(part, ()))}"])
        finished = [parts[name] for name in sorted(parts) if name.startswith("finished")]
        rest = {name: parts.get(name, []) for name in ("net", "optimizer", "best")}
        return Reached(finished, told["step"], told["seconds"], curve=told["curve"], **rest)

    def clear(self) -> None:
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    @classmethod
    def of(cls, path: Path | str | None, described: Any, arrays: Sequence[Array]) -> Self:
        """The checkpoint of the fit that is so described, on these arrays."""
        if path is None:
            return cls(None, "")
        digest = hashlib.sha256(json.dumps(described, sort_keys=True, default=str).encode())
        for array in arrays:
            digest.update(np.ascontiguousarray(array).data)
        return cls(Path(path), digest.hexdigest())


def _named(name: str, arrays: Sequence[Array]) -> dict[str, Array]:
    return {f"{name}/{index}": array for index, array in enumerate(arrays)}
