"""Each promise as a function of an operation: the problem in words, or `None`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from ..core import Case, Image, InputError, Mask, fingerprint
from ..flow.ops import Operation
from ..flow.run import named_parts
from .alike import Change, arrays, changed, unlike
from .signature import bad_values, signature
from .specimen import SHAPES, ball, constant, given, specimen

Parts = list[tuple[str, Any]]


def _input_unchanged(op: Operation) -> str | None:
    for values in _inputs(op, "2-D", "3-D"):
        own = [array for value in values for array in arrays(value)]
        before = fingerprint(own)
        writeable = [array.base.flags.writeable for array in own if isinstance(array.base, np.ndarray)]
        _accepted(op, values)
        if fingerprint(own) != before:
            return "the input was changed"
        if writeable != [array.base.flags.writeable for array in own if isinstance(array.base, np.ndarray)]:
            return "the caller's own array was frozen"
    return None


def _same_grid(op: Operation) -> str | None:
    for values in _inputs(op, *SHAPES):
        grids = [value.grid for value in values if isinstance(value, Image | Mask)]
        for name, part in _accepted(op, values) if grids else ():
            if isinstance(part, Image | Mask) and part.grid != grids[0]:
                return f"{name} lies on {part.grid}, the input on {grids[0]}"
    return None


def _finite(op: Operation) -> str | None:
    for values in (*_inputs(op, *SHAPES), *_constant_inputs(op)):
        for name, part in _accepted(op, values):
            if not _is_finite(part):
                return f"{name} is not finite"
    return None


def _same_twice(op: Operation) -> str | None:
    """Also with two threads at work at once."""
    for values in _inputs(op, "2-D", "3-D"):
        with ThreadPoolExecutor(2) as workers:
            together = [fingerprint(parts) for parts in workers.map(partial(_accepted, op), [values, values])]
        if {fingerprint(_accepted(op, values)), *together} != {together[0]}:
            return "the same input gives another result the second time"
    return None


def _flips(op: Operation) -> str | None:
    for values in _inputs(op, "2-D", "3-D"):
        for axis in range(len(_shape(values))):
            flip = partial(np.flip, axis=axis)
            if name := _differs(op, values, flip):
                return f"{name} is another one after a flip of axis {axis}"
    return None


def _swaps(op: Operation) -> str | None:
    for values in _inputs(op, "2-D", "3-D"):
        for axis in range(len(_shape(values)) - 1):
            swap = partial(np.swapaxes, axis1=axis, axis2=axis + 1)
            if name := _differs(op, values, swap):
                return f"{name} is another one after a swap of axes {axis} and {axis + 1}"
    return None


def _works(op: Operation, *, on: str) -> str | None:
    if not any(_accepts(op, values) for values in _inputs(op, "2-D", "3-D")):
        return "it refuses every picture"
    return _fails_clearly(op, _inputs(op, on))


def _constant(op: Operation) -> str | None:
    return _fails_clearly(op, _constant_inputs(op))


def _empty_mask(op: Operation) -> str | None:
    for kind in ("2-D", "3-D"):
        image = specimen(kind)
        empty = Mask(np.zeros(image.grid.shape, np.uint8), image.grid)
        if problem := _fails_clearly(op, given(op, image, empty)):
            return problem
    return None


def _no_spacing(op: Operation) -> str | None:
    """Works without, or names the remedy; an operation with a length in mm has no choice."""
    lengths = [p.name for p in op.parameters if p.unit.startswith("mm") and p.default is not None]
    for kind in ("2-D", "3-D"):
        spaced = list(_inputs(op, kind))
        for with_spacing, values in zip(spaced, _inputs(op, kind, spaced=False), strict=True):
            if not _accepts(op, with_spacing):
                continue
            try:
                _parts(op, values)
            except InputError as error:
                if "--spacing-mm" not in str(error):
                    return f"the error must name --spacing-mm: {error}"
            else:
                if lengths:
                    return f"{lengths[0]} is a length in mm, yet a picture without spacing is accepted"
    return None


CHECKS: Mapping[str, Callable[[Operation], str | None]] = {
    "signature": signature,
    "bad_values": bad_values,
    "input_unchanged": _input_unchanged,
    "same_grid": _same_grid,
    "finite": _finite,
    "same_twice": _same_twice,
    "flips": _flips,
    "swaps": _swaps,
    **{kind: partial(_works, on=kind) for kind in SHAPES},
    "constant": _constant,
    "empty_mask": _empty_mask,
    "no_spacing": _no_spacing,
}
"""Every promise by name; the first two cannot be waived."""


def _inputs(op: Operation, *kinds: str, spaced: bool = True) -> Iterator[list[Any]]:
    for kind in kinds:
        image = specimen(kind, spaced=spaced)
        yield from given(op, image, ball(image))


def _constant_inputs(op: Operation) -> Iterator[list[Any]]:
    for kind in ("2-D", "3-D"):
        mask = ball(specimen(kind))
        for value in (0, 7):
            yield from given(op, constant(kind, value), mask)


def _parts(op: Operation, values: list[Any]) -> Parts:
    result = op.function(*values, **op.complete({}))
    seen: Counter[str] = Counter()
    parts: Parts = []
    for _, name, part in named_parts(op.short, result, op.name):
        seen[name] += 1  # several findings share one name
        parts.append((f"{name} ({seen[name]})" if seen[name] > 1 else name, part))
    return parts


def _accepted(op: Operation, values: list[Any]) -> Parts:
    """The parts of the result; none where the operation refuses the input."""
    try:
        return _parts(op, values)
    except InputError:
        return []


def _accepts(op: Operation, values: list[Any]) -> bool:
    try:
        _parts(op, values)
    except InputError:
        return False
    return True


def _fails_clearly(op: Operation, inputs: Iterable[list[Any]]) -> str | None:
    """Each input is worked on with a finite result, or refused with a reason."""
    for values in inputs:
        try:
            parts = _parts(op, values)
        except InputError as error:
            if len(str(error).split()) < 4:
                return f"the refusal must say why and what to do: {error}"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        else:
            if not all(_is_finite(part) for _, part in parts):
                return "the result is not finite"
    return None


def _is_finite(part: Any) -> bool:
    return all(np.isfinite(array).all() for array in arrays(part))


def _differs(op: Operation, values: list[Any], change: Change) -> str | None:
    """Name of the first part that is another one when the input is changed first and the change undone after."""
    before = _accepted(op, values)
    turned = [changed(value, change) for value in values]
    after = dict(_accepted(op, turned))
    if {name for name, _ in before} != set(after):
        return "the set of results"
    return next((name for name, part in before if unlike(part, after[name], change, _shape(turned))), None)


def _shape(values: list[Any]) -> tuple[int, ...]:
    """Shape of the picture among the inputs; empty where there is none, so that there is nothing to flip."""
    pictures = [part for value in values for part in (value.images.values() if isinstance(value, Case) else (value,))]
    return next((part.grid.shape for part in pictures if isinstance(part, Image | Mask)), ())
