"""Side letters on a radiograph: which letter, where, and whether the picture was turned left for right."""

from __future__ import annotations

import string
from functools import cache
from typing import Annotated, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont
from pydantic import Field
from scipy import ndimage

from radiolucent.core import Finding, Image

from .traits import planes_of

CELL = 24
"""Letters are compared on so many pixels, whatever their size and breadth."""
SMALLEST, LARGEST = 0.02, 0.14
"""Height of a side letter as part of the picture's shorter side."""
BRIGHT = 0.2
"""A letter stands out from what is around it by so much of the picture's range."""
MARGIN = 0.06
"""A letter is taken for L or R where no other sign is nearly as much like it."""
OUTER = 0.36
"""Side letters lie within so much of the picture from its left or right edge."""
FEWEST = 48
FACES = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)


class Marker(NamedTuple):
    """A letter L or R at rows and columns [pixels]; `mirrored` where it shows turned left for right."""

    letter: str
    mirrored: bool
    likeness: float
    row: float
    column: float


def markers(
    image: Image,
    *,
    least: Annotated[
        float, Field(gt=0, lt=1, description="correlation with the letter's shape that a mark must reach")
    ] = 0.75,
) -> tuple[Finding, ...]:
    """Read side letters (L, R) on a radiograph, and warn where they speak against how the picture is shown.

    Radiographs are shown as if the patient faced the reader: L belongs on the right half of the picture, R on the left.
    A letter that shows turned left for right on its right half was seen from behind, as in many PA views; on the other
    half it means that the picture was mirrored after it was taken. Only upright
    letters of 2 to 14 % of the picture's side, brighter than what is around them, near its left or right edge are read;
    a volume or a film has no such letters, and nothing is told of it.
    """
    if image.grid.axes not in ("yx", "zyx") or ("z" in image.grid.axes and image.grid.shape[0] > 1):
        return ()
    found = read_markers(planes_of(image)[0], least=least)
    breadth = image.grid.shape[-1]
    return tuple(said for one in found for said in _said(one, breadth))


def _said(one: Marker, breadth: int) -> list[Finding]:
    where = f"row {one.row:.0f}, column {one.column:.0f}"
    told = Finding(
        f"A side letter {one.letter} is on the picture.", "recognise.marker", probability=one.likeness, where=where,
        because=("the shape of a bright mark",),
    )  # fmt: skip
    half = "left" if one.column < breadth / 2 else "right"
    is_by_custom = (half == "left") == (one.letter == "R")
    if is_by_custom:
        behind = "It shows turned left for right, as a letter does that is seen from behind; its side agrees."
        return [told, Finding(behind, "recognise.from_behind", where=where)] if one.mirrored else [told]
    if one.mirrored:
        says = f"The side letter {one.letter} shows turned left for right and on the {half} half: the picture was mirrored."
        return [told, Finding(says, "recognise.mirrored", where=where, severity="warn", because=told.because)]
    says = f"The side letter {one.letter} is on the {half} half, where the patient's other side is shown by custom."
    return [told, Finding(says, "recognise.side_differs", where=where, severity="warn", because=told.because)]


def read_markers(plane: NDArray[np.float32], *, least: float) -> list[Marker]:
    """Letters L and R of one grey picture (rows, columns), the surest first."""
    short = min(plane.shape)
    if short < FEWEST or plane.max() <= plane.min():
        return []
    low, high = np.percentile(plane, [1, 99.8])
    grey = np.clip((plane - low) / max(high - low, 1e-6), 0, 1).astype(np.float32)
    reach = max(3, round(LARGEST * short / 2)) | 1
    above = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    labels, _ = ndimage.label(above > BRIGHT)
    found = [
        marker
        for number, place in enumerate(ndimage.find_objects(labels), 1)
        if _has_size(place, short, plane.shape[1])
        and (marker := _read(labels[place] == number, place, least)) is not None
    ]
    return sorted(found, key=lambda one: -one.likeness)


def _has_size(place: tuple[slice, ...], short: int, breadth: int) -> bool:
    height, width = (side.stop - side.start for side in place)
    middle = (place[1].start + place[1].stop) / 2 / breadth
    is_sized = max(8, SMALLEST * short) <= height <= LARGEST * short and 0.4 <= width / height <= 1.1
    return is_sized and min(middle, 1 - middle) <= OUTER


def _read(shape: NDArray[np.bool_], place: tuple[slice, ...], least: float) -> Marker | None:
    names, table = _letters()
    likeness = table @ _signature(shape)
    best = int(likeness.argmax())
    letter, mirrored = names[best]
    others = max(float(value) for value, name in zip(likeness, names) if name != names[best])
    if letter not in "LR" or likeness[best] < least or likeness[best] - others < MARGIN:
        return None
    row, column = ((side.start + side.stop - 1) / 2 for side in place)
    return Marker(letter, mirrored, float(likeness[best]), row, column)


def _signature(shape: NDArray[Any]) -> NDArray[np.float32]:
    """The shape on `CELL` x `CELL`, without its mean and of length 1, so that a product is a correlation."""
    sized = cv2.GaussianBlur(
        cv2.resize(shape.astype(np.float32), (CELL, CELL), interpolation=cv2.INTER_AREA), (3, 3), 0
    )
    flat = sized.ravel() - sized.mean()
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-6), np.float32)


@cache
def _letters() -> tuple[tuple[tuple[str, bool], ...], NDArray[np.float32]]:
    """(letter, mirrored) and signature of every capital and digit in several faces; L and R also mirrored."""
    names, signatures = [], []
    for sign in string.ascii_uppercase + string.digits:
        for drawn in _drawn(sign):
            names.append((sign, False))
            signatures.append(_signature(drawn))
            if sign in "LR":
                names.append((sign, True))
                signatures.append(_signature(drawn[:, ::-1]))
    return tuple(names), np.stack(signatures)


def _drawn(sign: str) -> list[NDArray[np.bool_]]:
    """A sign in several faces and weights, cut to its outline."""
    made = []
    for face in FACES:
        for weight in (3, 6, 10):
            sheet = np.zeros((140, 140), np.uint8)
            cv2.putText(sheet, sign, (20, 110), face, 3.2, 255, weight, cv2.LINE_AA)
            made.append(_cut(sheet > 127))
    for stroke in (0, 2, 4):
        page = Picture.new("L", (140, 140))
        ImageDraw.Draw(page).text((20, 10), sign, fill=255, font=ImageFont.load_default(90), stroke_width=stroke)
        made.append(_cut(np.asarray(page) > 127))
    return made


def _cut(shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    return shown[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
