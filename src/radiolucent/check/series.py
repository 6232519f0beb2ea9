"""Whether the slices of one series lie as a volume's slices should."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Finding
from radiolucent.dicom import Header

from .limits import broken, named

UNEVEN_MM, UNEVEN_SHARE = 0.1, 0.05
ORIENTATION = 0.001
TILT_DEG = 0.1
FEWEST_SLICES = 5
THICKNESS_SHARE = (0.45, 1.55)
"""A gap from slice to slice should be so many times the slice's thickness."""
VOLUMES = ("CT", "MR", "PT", "NM")

Headers = tuple[Header, ...]


def placed(headers: Headers) -> Headers:
    """Slices whose place is known and that share the most frequent orientation, by height; mosaics are none."""
    there = [h for h in headers if h.position_mm is not None and h.axes is not None and not h.is_mosaic]
    groups: dict[tuple[float, ...], list[Header]] = defaultdict(list)
    for header in there:
        groups[tuple((np.round(header.axes, 2) + 0.0).ravel())].append(header)  # type: ignore[arg-type]
    largest = max(groups.values(), key=len, default=[])
    return tuple(sorted(largest, key=lambda h: (height_mm(h, largest[0]), h.file)))


def height_mm(header: Header, first: Header) -> float:
    """Height of a slice along the normal of the slice `first` [mm]."""
    return float(np.dot(header.position_mm, first.normal))  # type: ignore[arg-type]


def heights_mm(slices: Headers) -> NDArray[np.float64]:
    """Distinct heights, ascending [mm]."""
    heights = np.array([height_mm(one, slices[0]) for one in slices])
    return heights[np.r_[True, np.diff(heights) > 1e-3]] if len(heights) else heights


def missing_slice(headers: Headers) -> tuple[Finding, ...]:
    """Gaps that are whole multiples of the usual one."""
    heights, slices = heights_mm(placed(headers)), placed(headers)
    if len(heights) < 4:
        return ()
    gaps = np.diff(heights)
    usual = float(np.median(gaps))
    wide = np.flatnonzero(gaps > 1.5 * usual)
    whole = [k for k in wide if abs(gaps[k] / usual - round(gaps[k] / usual)) * usual <= _allowed(usual)]
    if not whole:
        return ()
    lost = int(sum(round(gaps[k] / usual) - 1 for k in whole))
    edges = np.array([[heights[k], heights[k + 1]] for k in whole])
    beside = [one for one in slices if np.abs(height_mm(one, slices[0]) - edges).min() < 1e-3]
    count = "1 slice is missing" if lost == 1 else f"{lost} slices are missing"
    says = f"{count}: gaps of up to {gaps.max():.2f} mm where the usual one is {usual:.2f} mm."
    limit = "0 slices missing, gaps below 1.5 times the usual one"
    return broken("series.missing_slice", says, limit, severity="block", value=lost, unit="slices", where=named(beside))


def uneven_spacing(headers: Headers) -> tuple[Finding, ...]:
    """Gaps that differ from the usual one by more than 5 % and 0.1 mm, other than by whole slices."""
    heights = heights_mm(placed(headers))
    if len(heights) < 3:
        return ()
    gaps = np.diff(heights)
    usual = float(np.median(gaps))
    away = np.abs(gaps - np.maximum(1, np.rint(gaps / usual)) * usual)
    if away.max() <= _allowed(usual):
        return ()
    says = f"Slices are unevenly spaced: {gaps.min():.2f} to {gaps.max():.2f} mm, usually {usual:.2f} mm."
    limit = f"gaps within {_allowed(usual):.2g} mm (the greater of {UNEVEN_SHARE:.0%} and {UNEVEN_MM} mm)"
    return broken("series.uneven_spacing", says, limit, severity="block", value=float(away.max()), unit="mm")


def _allowed(usual_mm: float) -> float:
    return max(UNEVEN_MM, UNEVEN_SHARE * usual_mm)


def duplicate_position(headers: Headers) -> tuple[Finding, ...]:
    """Several slices at one place: by rule (echoes, time points) a remark, otherwise copies or a mix."""
    slices = placed(headers)
    count = Counter(round(height_mm(one, slices[0]), 3) for one in slices)
    again = [one for one in slices if count[round(height_mm(one, slices[0]), 3)] > 1]
    if not again:
        return ()
    even = len(set(count.values())) == 1 and len(count) > 1
    says = f"{len(again)} of {len(slices)} slices lie where another one lies"
    says += "; every place is taken equally often, as by echoes or time points." if even else "."
    return broken(
        "series.duplicate_position", says, "one slice at each place", severity="info" if even else "block",
        value=len(again), unit="slices", where=named(again),
    )  # fmt: skip


def duplicate_instance(headers: Headers) -> tuple[Finding, ...]:
    """Files with one SOP Instance UID: copies, or (worse) different pictures."""
    groups: dict[str, list[Header]] = defaultdict(list)
    for header in headers:
        if header.word("SOPInstanceUID"):
            groups[header.word("SOPInstanceUID")].append(header)
    twice = [group for group in groups.values() if len(group) > 1]
    same = [one for group in twice if len({h.pixels for h in group}) == 1 for one in group]
    other = [one for group in twice if len({h.pixels for h in group}) > 1 for one in group]
    found: tuple[Finding, ...] = ()
    limit = "every SOP Instance UID once"
    if same:
        says = f"{len(same)} files are copies of each other (one SOP Instance UID, the same pixels)."
        found += broken("series.duplicate_instance", says, limit, value=len(same), unit="files", where=named(same))
    if other:
        says = f"{len(other)} files share a SOP Instance UID but hold different pixels."
        found += broken(
            "series.instance_conflict",
            says,
            limit,
            severity="block",
            value=len(other),
            unit="files",
            where=named(other),
        )
    return found


def mixed_orientation(headers: Headers) -> tuple[Finding, ...]:
    """Direction cosines that differ from the usual ones by more than 0.001."""
    there = [h for h in headers if h.axes is not None]
    if len(there) < 2:
        return ()
    usual = np.median([h.axes for h in there], axis=0)
    away = {h.file: float(np.abs(h.axes - usual).max()) for h in there}
    odd = [h for h in there if away[h.file] > ORIENTATION]
    if not odd:
        return ()
    says = f"{len(odd)} of {len(there)} slices are oriented otherwise."
    limit = f"direction cosines within {ORIENTATION}"
    return broken("series.mixed_orientation", says, limit, value=max(away.values()), where=named(odd))


def gantry_tilt(headers: Headers) -> tuple[Finding, ...]:
    """Slices that do not lie straight above each other; reading keeps this as shear, other tools may not."""
    slices = placed(headers)
    if len(heights_mm(slices)) < 2:
        return ()
    step = slices[-1].position_mm - slices[0].position_mm  # type: ignore[operator]
    normal = np.asarray(slices[0].normal)
    tilt = float(np.degrees(np.arctan2(np.linalg.norm(np.cross(step, normal)), abs(float(np.dot(step, normal))))))
    if tilt <= TILT_DEG:
        return ()
    says = f"The stack leans by {tilt:.1f}° (gantry tilt): voxels are not boxes."
    return broken("series.gantry_tilt", says, f"{TILT_DEG}° between stack and slice normal", value=tilt, unit="°")


def too_few_slices(headers: Headers) -> tuple[Finding, ...]:
    """A volume of a handful of slices is seldom one that was exported whole."""
    first = headers[0]
    scout = {"LOCALIZER", "MOSAIC", "SECONDARY"} & {word for h in headers for word in h.words("ImageType")}
    if first.word("Modality") not in VOLUMES or scout or any((h.number("NumberOfFrames") or 1) > 1 for h in headers):
        return ()
    if len(headers) >= FEWEST_SLICES:
        return ()
    says = f"The {first.word('Modality')} series has {len(headers)} slices."
    limit = f"at least {FEWEST_SLICES} slices"
    return broken("series.too_few_slices", says, limit, value=len(headers), unit="slices")


def instance_order(headers: Headers) -> tuple[Finding, ...]:
    """Instance numbers that do not follow the slices' places: tools that sort by number will shuffle the volume."""
    slices = placed(headers)
    numbers = [one.number("InstanceNumber") for one in slices]
    if len(heights_mm(slices)) < len(slices) or len(slices) < 3 or None in numbers:
        return ()
    steps = [float(b) - float(a) for a, b in pairwise(numbers)]  # type: ignore[arg-type]
    wrong = min(sum(step <= 0 for step in steps), sum(step >= 0 for step in steps))
    if not wrong:
        return ()
    says = f"Instance numbers do not follow the slices' places ({wrong} steps go the other way)."
    return broken("series.instance_order", says, "0 steps against the order of places", value=wrong, unit="steps")


def thickness_gap(headers: Headers) -> tuple[Finding, ...]:
    """Slices much thinner or thicker than their distance: unseen tissue, or one seen several times."""
    slices = placed(headers)
    thickness = slices[0].number("SliceThickness") if slices else None
    heights = heights_mm(slices)
    if not thickness or thickness <= 0 or len(heights) < 3:
        return ()
    share = float(np.median(np.diff(heights))) / thickness
    low, high = THICKNESS_SHARE
    if low <= share <= high:
        return ()
    says = f"Slices are {thickness:.2f} mm thick and {share * thickness:.2f} mm apart: "
    says += "tissue between them was not seen." if share > high else "they overlap strongly."
    return broken("series.thickness_gap", says, f"{low} to {high} times the thickness", value=share)


CHECKS: tuple[Callable[[Headers], tuple[Finding, ...]], ...] = (
    missing_slice, uneven_spacing, duplicate_position, duplicate_instance, mixed_orientation, gantry_tilt,
    too_few_slices, instance_order, thickness_gap,
)  # fmt: skip
"""Geometry, each a function of the headers of one series."""
