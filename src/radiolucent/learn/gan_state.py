"""The state of a training that may be stopped: every variable, the random numbers, the losses, in one file without pickle."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError


@dataclass
class State:
    """Where a training is: its random numbers, and the losses of the steps that were made."""

    generator: np.random.Generator
    losses: list[tuple[float, float]] = field(default_factory=list)


def asked_of(estimator: Any, pictures: NDArray[Any], codes: NDArray[Any], *, aside: Sequence[str]) -> str:
    """A digest of what is trained on what; the parameters `aside` change nothing."""
    told = {name: value for name, value in estimator.get_params().items() if name not in aside}
    digest = hashlib.sha256(json.dumps([type(estimator).__name__, told], sort_keys=True, default=str).encode())
    for array in (pictures, codes):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def stored(path: str | Path, variables: Sequence[Any], state: State, asked: str) -> None:
    """Write the state, wholly or not at all."""
    told = {"asked": asked, "random": state.generator.bit_generator.state}
    arrays: dict[str, Any] = {str(k): np.asarray(variable) for k, variable in enumerate(variables)}
    part = Path(path).with_name(f".{Path(path).name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("wb") as stream:
        np.savez(stream, told=json.dumps(told), losses=np.asarray(state.losses, np.float64), **arrays)
    os.replace(part, path)


def restored(path: str | Path | None, variables: Sequence[Any], state: State, asked: str) -> None:
    """Take up the state that the file holds, if there is one; another training's is refused."""
    if path is None or not Path(path).exists():
        return
    with np.load(path, allow_pickle=False) as kept:
        told = json.loads(str(kept["told"]))
        if told["asked"] != asked:
            raise InputError(f"{path} holds another training's state; give its own data and arguments, or remove it")
        for k, variable in enumerate(variables):
            variable.assign(kept[str(k)])
        state.losses[:] = [(float(a), float(b)) for a, b in kept["losses"].reshape(-1, 2)]
    state.generator.bit_generator.state = told["random"]
