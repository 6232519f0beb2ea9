"""What lies at one place more than once: echoes, b-values and components apart, time points in order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import UnreadableError
from radiolucent.dicom import Decoded, Place, Variant, Waiting

SAME_MM = 1e-3
"""Slices whose heights differ by less lie at one place."""

_APART = ("component", "inversion_ms", "echo_ms", "b_value")
"""What makes images of their own, in this order, where slices lie at one place."""

_IN_ORDER = ("moment", "delay_ms", "acquired_s", "acquisition", "gradient")
"""What shows that slices at one place follow each other in time; the first that tells all of them apart is used."""


@dataclass(frozen=True)
class Slice:
    """One frame with its place; its samples may still wait in their file."""

    array: NDArray[Any] | Waiting
    place: Place
    source: Decoded
    variant: Variant

    @property
    def kind(self) -> tuple[Any, ...]:
        """Frames of one kind stack into one image."""
        place = self.place
        axes = tuple(np.round((*(place.right or ()), *(place.down or ())), 3) + 0.0)
        spacing = tuple(round(value, 4) for value in place.spacing_mm or ())
        return self.array.shape, axes, spacing, self.source.unit


def parts(slices: list[Slice]) -> list[tuple[str, list[Slice]]]:
    """Slices that belong into one image, with the name of what tells it from the others; nothing is split without need."""
    if all(len(level) == 1 for level in by_level(slices)):
        return [("", slices)]
    for word in _APART:
        values = sorted({getattr(one.variant, word) for one in slices}, key=lambda value: (value is None, value))
        if len(values) > 1:
            return [
                (f"{_name(word, value, rank)}_{more}".rstrip("_"), part)
                for rank, value in enumerate(values, start=1)
                for more, part in parts([one for one in slices if getattr(one.variant, word) == value])
            ]
    return [("", slices)]


def by_level(slices: list[Slice]) -> list[list[Slice]]:
    """Slices sorted along their normal; those at one height together."""
    place = slices[0].place
    normal = np.cross(np.array(place.right), np.array(place.down))
    ordered = sorted(slices, key=lambda one: float(position(one) @ normal))
    levels = [[ordered[0]]]
    for before, one in pairwise(ordered):
        if (position(one) - position(before)) @ normal < SAME_MM:
            levels[-1].append(one)
        else:
            levels.append([one])
    return levels


def in_time(levels: list[list[Slice]]) -> tuple[list[list[Slice]], tuple[float, ...] | None]:
    """The slices of each moment, and the moments' times [s] from the first where they are stated.

    Raises `UnreadableError` where slices lie at one place and nothing shows that they follow each other.
    """
    counts = {len(level) for level in levels}
    if counts == {1}:
        return [[level[0] for level in levels]], None
    word = next((word for word in _IN_ORDER if _tells_apart(levels, word)), None)
    if len(counts) > 1 or word is None:
        total, same = sum(map(len, levels)), sum(len(level) - 1 for level in levels)
        raise UnreadableError(
            f"{same} of {total} slices of a {levels[0][0].source.modality} series lie where another one lies "
            "(copies, or a series that is not complete); give a folder with one of each"
        )
    ordered = [sorted(level, key=lambda one: _of(one, word)) for level in levels]
    moments = [list(moment) for moment in zip(*ordered, strict=True)]
    return moments, _times_s(moments)


def position(one: Slice) -> NDArray[np.float64]:
    """Where the centre of the first sample lies, LPS [mm]."""
    return np.array(one.place.position_mm, float)


def _of(one: Slice, word: str) -> Any:
    return getattr(one.variant, word)


def _tells_apart(levels: list[list[Slice]], word: str) -> bool:
    for level in levels:
        values = {_of(one, word) for one in level}
        if None in values or len(values) != len(level):
            return False
    return True


def _times_s(moments: list[list[Slice]]) -> tuple[float, ...] | None:
    for word, unit_s in (("acquired_s", 1.0), ("delay_ms", 1e-3)):
        stated = [[_of(one, word) for one in moment] for moment in moments]
        if any(value is None for moment in stated for value in moment):
            continue
        starts = np.array([min(moment) for moment in stated]) * unit_s
        if (np.diff(starts) > 0).all():
            return tuple((starts - starts[0]).round(6).tolist())
    return None


def _name(word: str, value: Any, rank: int) -> str:
    if word == "component":
        return value or "other"
    if word == "b_value":
        return "b_unknown" if value is None else f"b_{value:.0f}"
    return f"{word.removesuffix('_ms')}_{rank}"
