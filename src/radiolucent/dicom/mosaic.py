"""Siemens mosaics: all slices of a volume as tiles of one picture, whose geometry stands in private elements."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from radiolucent.core import UnreadableError
from radiolucent.core.types import Vector

from .place import Place
from .private import private

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)  # it calls itself experimental, to everyone who imports it
    from nibabel.nicom import csareader


@dataclass(frozen=True)
class Mosaic:
    """`count` slices in tiles of (rows, columns), `across` tiles a row; `normal` points from the first to the last."""

    count: int
    across: int
    rows: int
    columns: int
    normal: Vector | None
    gap_mm: float | None


def mosaic_of(dataset: Dataset) -> Mosaic | None:
    """How the tiles lie, or `None` for a file that is no mosaic.

    Raises `UnreadableError` where the file calls itself a mosaic and does not say of how many slices.
    """
    kind = dataset.get("ImageType")
    if not kind or "MOSAIC" not in list(kind) or int(dataset.get("NumberOfFrames") or 1) > 1:
        return None
    csa = _csa(dataset)
    count = int(private(dataset, 0x19, "SIEMENS MR HEADER", 0x0A) or csareader.get_n_mosaic(csa or {"tags": {}}) or 0)
    across = ceil(sqrt(count))
    if count < 1 or dataset.Rows % across or dataset.Columns % across:
        raise UnreadableError(
            f"a Siemens mosaic of {dataset.Rows} x {dataset.Columns} whose private header does not say how many slices "
            "it holds (it was removed by an anonymiser?); export it again with private elements, or as single slices"
        )
    gap = dataset.get("SpacingBetweenSlices")
    return Mosaic(
        count=count,
        across=across,
        rows=dataset.Rows // across,
        columns=dataset.Columns // across,
        normal=_normal(csa),
        gap_mm=float(gap) if gap else None,
    )


def untiled(stored: NDArray[Any], mosaic: Mosaic) -> NDArray[Any]:
    """(1, rows, columns) of tiles as (slices, rows, columns); empty tiles at the end are dropped."""
    deep, wide = stored.shape[1] // mosaic.rows, mosaic.across
    tiles = stored.reshape(deep, mosaic.rows, wide, mosaic.columns).swapaxes(1, 2)
    return tiles.reshape(deep * wide, mosaic.rows, mosaic.columns)[: mosaic.count]


def tile_places(picture: Place, mosaic: Mosaic) -> tuple[Place, ...]:
    """Where each slice lies. The stated position is that of one slice as large as the whole picture, about one centre."""
    if picture.position_mm is None or picture.right is None or picture.down is None or picture.spacing_mm is None:
        return (picture,) * mosaic.count
    if mosaic.gap_mm is None or mosaic.normal is None:
        return (replace(picture, position_mm=None, right=None, down=None),) * mosaic.count
    down, right = np.array(picture.down), np.array(picture.right)
    rows, columns = (mosaic.across - 1) * mosaic.rows / 2, (mosaic.across - 1) * mosaic.columns / 2
    first = picture.position_mm + down * rows * picture.spacing_mm[0] + right * columns * picture.spacing_mm[1]
    normal = np.cross(right, down)
    step = normal * mosaic.gap_mm * (1 if np.dot(normal, mosaic.normal) >= 0 else -1)
    return tuple(replace(picture, position_mm=_vector(first + k * step)) for k in range(mosaic.count))


def _csa(dataset: Dataset) -> dict[str, Any] | None:
    """Siemens' own header of the image, parsed."""
    content = private(dataset, 0x29, "SIEMENS CSA HEADER", 0x10)
    try:
        return csareader.read(content) if isinstance(content, bytes) else None
    except csareader.CSAError as error:
        raise UnreadableError(
            f"the private header of a Siemens mosaic is damaged ({error}); export it again"
        ) from error


def _normal(csa: dict[str, Any] | None) -> Vector | None:
    return None if csa is None else _vector(csareader.get_slice_normal(csa))


def _vector(values: NDArray[np.float64] | None) -> Vector | None:
    if values is None:
        return None
    x, y, z = (float(value) for value in values)
    return (x, y, z)
