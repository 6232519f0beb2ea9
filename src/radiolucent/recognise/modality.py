"""Which machine made a picture: what stands in its header, its numbers, or only its look, each said with its weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from radiolucent.core import Finding, Image

from .traits import Traits, has_few_levels, is_hounsfield, traits_of

KINDS = {"CT": "CT", "MR": "MR", "DX": "a radiograph", "US": "ultrasound", "PT": "PET"}
"""What can be told from numbers and look alone, by DICOM's short word."""
SAME = {"CR": "DX", "DR": "DX", "RG": "DX", "PX": "DX", "MG": "DX", "RF": "DX", "XA": "DX", "IO": "DX", "IVUS": "US"}
"""Modalities of DICOM that look like another one."""
UNKNOWN = ("OT", "", "SC")
CLOSE = 0.02
"""Shares that differ by less are told together."""
PRIOR = {"CT": 0.0, "MR": 0.0, "DX": 0.0, "US": 0.0, "PT": -1.5}


class Evidence(NamedTuple):
    """One observation: when it holds, what it says, and the log odds that it adds to each kind."""

    holds: Callable[[Image, Traits], bool]
    says: str
    adds: dict[str, float]


def _is_volume(image: Image) -> bool:
    return "z" in image.grid.axes and image.grid.shape[image.grid.axes.index("z")] > 4


def _is_film(image: Image) -> bool:
    return "t" in image.grid.axes and "z" not in image.grid.axes and image.grid.shape[0] > 4


TABLE = (
    Evidence(lambda image, _: image.unit == "SUV", "its values are standardised uptakes", {"PT": 8.0}),
    Evidence(lambda image, _: is_hounsfield(image), "its values lie on the scale of Hounsfield units", {"CT": 6.0}),
    Evidence(
        lambda image, _: _is_volume(image), "it is a stack of slices", {"CT": 2.0, "MR": 2.0, "PT": 2.0, "DX": -4.0}
    ),
    Evidence(lambda image, _: _is_film(image), "it is a film", {"US": 2.0, "DX": 0.5, "MR": 0.5}),
    Evidence(lambda image, _: image.is_colour and _is_film(image), "it is a film in colour", {"US": 1.0}),
    Evidence(
        lambda _, seen: seen.air > 0.5 and seen.rim_air > 0.85,
        "a body stands free in dark air that fills half of the picture and its rim",
        {"CT": 2.0, "MR": 2.0, "PT": 1.5},
    ),
    Evidence(
        lambda _, seen: seen.air < 0.55 and seen.rim_air < 0.85 and seen.across > 0.85,
        "no body stands free in air, and its grain is not that of sound",
        {"DX": 2.0},
    ),
    Evidence(lambda _, seen: seen.air < 0.35 and seen.speckle < 0.1, "it is smooth and filled to its rim", {"DX": 1.0}),
    Evidence(
        lambda _, seen: seen.air < 0.6 and seen.across < 0.75 and seen.speckle > 0.1,
        "its grain is wide and thin, as sound resolves depth better than breadth",
        {"US": 3.0},
    ),
    Evidence(
        lambda _, seen: seen.air < 0.6 and seen.fan > 0.6 and 0.3 < seen.rim_air < 0.95,
        "what is bright widens downwards like the field of a probe",
        {"US": 1.5},
    ),
    Evidence(
        lambda image, seen: seen.clipped > 0.008 and not _is_volume(image),
        "many samples lie at the largest value, as under a window",
        {"CT": 0.5, "DX": 0.7},
    ),
    Evidence(
        lambda image, _: image.array.dtype.kind == "u" and image.array.dtype.itemsize > 1 and _is_volume(image),
        "a stack of slices without negative values",
        {"MR": 1.0},
    ),
)
"""Weights were set by judgement on half of the pictures of public sets; `results/recognise.py` tells how well they do on
the other half."""


def modality(
    image: Image,
    *,
    least: Annotated[
        float,
        Field(gt=0, lt=1, description="probability that a kind must reach to be told from numbers and look alone"),
    ] = 0.5,
) -> tuple[Finding, ...]:
    """Tell which machine made the picture, from its header where it has one and from numbers and look besides.

    Both are told where they differ, as a warning. The probabilities come from additive evidence (log odds set by
    judgement) and are no calibrated shares; 8-bit pictures of CT and MR cannot be told apart this way and share theirs.
    """
    named = image.modality if image.modality not in UNKNOWN else ""
    shares, because = seen_as(image)
    kind, share = _best(shares)
    found = [Finding(f"{named} by its header.", "recognise.modality", because=("header",))] if named else []
    if share < least or len(kind) > 2:
        unsure = Finding("Numbers and look do not tell which machine made it.", "recognise.modality", because=because)
        return tuple(found or [unsure])
    told = " or ".join(KINDS[one] for one in kind)
    looks = Finding(f"It looks like {told}.", "recognise.modality_by_look", probability=share, because=because)
    like = SAME.get(named, named)
    if named and like in KINDS and like not in kind:
        says = f"The header says {named}, but it looks like {told}."
        looks = replace(looks, says=says, code="recognise.modality_differs", severity="warn")
    return (*found, looks)


def _best(shares: dict[str, float]) -> tuple[tuple[str, ...], float]:
    """The most likely kind; all that are as likely as it, with their share together."""
    top = max(shares.values())
    kinds = tuple(name for name, share in shares.items() if share > top - CLOSE)
    return kinds, sum(shares[name] for name in kinds)


def seen_as(image: Image) -> tuple[dict[str, float], tuple[str, ...]]:
    """Share of each kind (their sum is 1), and what it rests on."""
    seen = traits_of(image)
    if seen is None or has_few_levels(image):
        return dict.fromkeys(PRIOR, 1 / len(PRIOR)), ("it has few pixels or few values, as a mask or a drawing",)
    holding = [one for one in TABLE if one.holds(image, seen)]
    odds = {name: prior + sum(one.adds.get(name, 0.0) for one in holding) for name, prior in PRIOR.items()}
    top = max(odds.values())
    weights = {name: float(np.exp(value - top)) for name, value in odds.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}, tuple(one.says for one in holding)
