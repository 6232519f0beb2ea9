"""Radiomics of a region, also on filtered pictures: measuring and the filters of `process` in one go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from ..core import Finding, Image, InputError, Mask
from ..measure.discretise import cut_out
from ..measure.radiomics import Settings, described, names, placed, responded
from .ops import operation

SHORT = {
    "log": "laplacian_of_gaussian",
    "wavelet": "wavelet_response",
}
"""What people call filters, and what the operation is called."""


@dataclass(frozen=True)
class Filter:
    """An operation of `process` that gives a picture on the same grid; `name` stands before its features' names."""

    name: str
    op: str
    args: Mapping[str, Any]

    def response(self, image: Image) -> Image:
        """What the filter makes of the picture."""
        found = operation(self.op).function(image, **self.args)
        if not isinstance(found, Image) or found.array.shape != image.array.shape:
            raise InputError(f"{self.op} does not give a picture on the same grid; radiomics cannot be measured on it")
        return found


def filters_of(words: Sequence[str]) -> tuple[Filter, ...]:
    """Filters from words such as `log:sigma_mm=3`, `wavelet:wavelet=coif1` (all bands) or `laws:kernels=E5L5S5`."""
    found = [one for word in words for one in _filters(word)]
    twice = {one.name for one in found if sum(other.name == one.name for other in found) > 1}
    if twice:
        raise InputError(f"the filter {sorted(twice)[0]} is asked for twice")
    return tuple(found)


def features_of(
    image: Image, mask: Mask, label: int, chosen: Settings, filters: Sequence[Filter] = ()
) -> tuple[dict[str, float], tuple[Finding, ...]]:
    """The features of one label, plain and (`FILTER_FAMILY_FEATURE`) of each filter's response, and the remarks.

    By IBSI's order: resampling, re-segmentation on the plain grey values, then the filter on the whole resampled
    picture, so that it sees what lies around the region.
    """
    image, mask = placed(image, mask, label, chosen, *((np.inf,) if filters else ()))
    roi = cut_out(image, mask, label, chosen.range_low, chosen.range_high, chosen.outlier_sigma)
    plain = described(roi, image.grid, chosen)
    said = plain.pop("undefined", ())
    remarks = [*said] if isinstance(said, tuple) else []
    found: dict[str, Any] = dict(plain)
    for one in filters:
        response = responded(roi, one.response(image), chosen)
        remarks += _missing(one, response, chosen)
        found |= {f"{one.name}_{name}": value for name, value in response.items()}
    return found, tuple(remarks)


def _missing(one: Filter, response: Mapping[str, float], chosen: Settings) -> list[Finding]:
    wanted = names(chosen.profile, chosen.neighbours)
    missing = [name for name in wanted if name not in response and not name.startswith(("morphology", "local", "ivh"))]
    says = f"{len(missing)} features of {one.name} are undefined here and left out: {', '.join(missing)}"
    return [Finding(says, code="undefined")] if missing else []


def _filters(word: str) -> Iterator[Filter]:
    """One filter; `wavelet` without a band stands for all of them but the lowest."""
    short, _, rest = word.partition(":")
    given = dict(_argument(word, part) for part in rest.split(",") if part)
    op = f"process.{SHORT.get(short, short)}"
    found = operation(op)
    if [item.kind for item in found.inputs] != [Image] or found.returns is not Image:
        raise InputError(f"{op} is no filter: it does not turn one picture into one picture")
    every = ["".join(letters) for letters in product("LH", repeat=3)][1:]
    bands = every if op == "process.wavelet_response" and "band" not in given else [given.get("band")]
    for band in bands:
        args = given | ({} if band is None else {"band": band})
        if len(bands) > 1:
            args.setdefault("rotation_invariant", False)
        yield Filter(_name(short, args), op, found.complete(args))


def _argument(word: str, part: str) -> tuple[str, Any]:
    name, equals, value = part.partition("=")
    if not equals or not value:
        raise InputError(f"{word!r} is no filter; write NAME:ARGUMENT=VALUE,ARGUMENT=VALUE, such as log:sigma_mm=3")
    return name.strip(), value.strip()


def _name(short: str, args: Mapping[str, Any]) -> str:
    """`log_sigma_mm_3`, `wavelet_coif1_LLH`: what tells the filter from another, without dots."""
    parts = [short]
    for name, value in args.items():
        if name == "rotation_invariant" and value is False:
            continue
        parts.append(str(value) if name in ("wavelet", "band", "kernels") else f"{name}_{value}")
    return "_".join(parts).replace(".", "p")
