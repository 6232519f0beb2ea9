"""Separable filters with one chain of kernels along each axis, and their responses pooled over right-angled turns.

A turn of the picture by right angles moves each chain to another axis and may reverse it; the pooled response of the
24 turns of a volume (4 of a picture) does not depend on how the patient lay. Doubles among the turns are left out:
every distinct response occurs equally often.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .smooth import Boundary, convolve

Array = NDArray[Any]
Pooling = Literal["max", "mean"]


@dataclass(frozen=True)
class Tap:
    """One kernel [pixels] to convolve with; its sample number `centre` meets the pixel."""

    weights: tuple[float, ...]
    centre: int

    @classmethod
    def of(cls, weights: Sequence[float] | Array) -> Tap:
        """The centre of an even kernel is the later of the two in the middle (IBSI-2)."""
        return cls(tuple(float(weight) for weight in weights), len(weights) // 2)

    def reversed(self) -> Tap:
        """The kernel in a mirror."""
        return Tap(self.weights[::-1], len(self.weights) - 1 - self.centre)

    def dilated(self, step: int) -> Tap:
        """With `step - 1` zeros after each weight (a trous); the last ones count for the centre."""
        wide = np.zeros(len(self.weights) * step)
        wide[::step] = self.weights
        return Tap.of(wide)

    def odd(self) -> Array:
        """As a kernel of odd length about its centre, to correlate with."""
        before, after = self.centre, len(self.weights) - 1 - self.centre
        radius = max(before, after)
        return np.pad(self.weights, (radius - before, radius - after))[::-1]


Chain = tuple[Tap, ...]
"""Kernels applied one after the other along one axis, each with the boundary anew."""


def respond(
    array: Array, chains: Mapping[int, Chain], boundary: Boundary, pooling: Pooling | None
) -> NDArray[np.float32]:
    """The response of one filter, or pooled over its turns."""
    return filtered(array, chains, boundary) if pooling is None else pooled(array, chains, boundary, pooling)


def filtered(array: Array, chains: Mapping[int, Chain], boundary: Boundary) -> NDArray[np.float32]:
    """Convolve along each axis of `chains` with that axis's kernels."""
    result = array
    for step in range(max(map(len, chains.values()), default=0)):
        kernels = {axis: chain[step].odd() for axis, chain in chains.items() if step < len(chain)}
        result = convolve(result, kernels, boundary, overwrite=step > 0)
    return result if result is not array else array.astype(np.float32)


def pooled(array: Array, chains: Mapping[int, Chain], boundary: Boundary, pooling: Pooling) -> NDArray[np.float32]:
    """The greatest or the mean response over all right-angled turns."""
    turns = list(_turns(list(chains.values())))
    into = np.maximum if pooling == "max" else np.add
    result = filtered(array, dict(zip(chains, turns[0], strict=True)), boundary)
    for turned in turns[1:]:
        into(result, filtered(array, dict(zip(chains, turned, strict=True)), boundary), out=result)
    if pooling == "mean":
        result /= np.float32(len(turns))
    return result


def _turns(chains: Sequence[Chain]) -> Iterator[list[Chain]]:
    """The distinct ways to lay the chains along the axes by a proper rotation."""
    seen = set()
    for order in permutations(range(len(chains))):
        for flips in product((False, True), repeat=len(chains)):
            if _is_reflection(order, flips):
                continue
            turned = [_mirrored(chains[i]) if flip else chains[i] for i, flip in zip(order, flips, strict=True)]
            key = _product_key(turned)
            if key not in seen:
                seen.add(key)
                yield turned


def _is_reflection(order: Sequence[int], flips: Sequence[bool]) -> bool:
    swaps = sum(order[i] > order[j] for i in range(len(order)) for j in range(i + 1, len(order)))
    return bool((swaps + sum(flips)) % 2)


def _mirrored(chain: Chain) -> Chain:
    return tuple(tap.reversed() for tap in chain)


def _product_key(chains: Sequence[Chain]) -> tuple[Any, ...]:
    """Alike for chains whose products are alike: an odd kernel in a mirror is minus itself."""
    sign = 1.0
    parts: list[tuple[Any, ...]] = []
    for chain in chains:
        for tap in chain:
            first = next((weight for weight in tap.weights if weight), 1.0)
            sign *= np.sign(first)
            parts.append((tap.centre, tuple(round(weight * np.sign(first), 9) for weight in tap.weights)))
        parts.append(())
    return (sign, *parts)
