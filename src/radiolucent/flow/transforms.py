"""A transform from the file that a registration left."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from ..core import Grid, InputError, Transform


def load_transform(path: Path | str) -> Transform:
    """The transform in a `.npz` file as `save_part` writes it: both grids, and a matrix or a displacement field."""
    try:
        with np.load(path, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        grids = json.loads(str(arrays.pop("grids")))
        found = Transform(_grid(grids["fixed"]), _grid(grids["moving"]), **arrays)
        return _checked(found, path)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{path} holds no transform; `radiolucent measure register` writes one as NAME.transform.npz ({error})"
        ) from error


def _grid(table: dict[str, Any]) -> Grid:
    """JSON has lists where a grid has tuples."""
    return Grid(**{name: _tuples(value) for name, value in table.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _checked(transform: Transform, path: Path | str) -> Transform:
    matrix, field = transform.matrix, transform.displacement_mm
    fits = field is None or field.shape == (*transform.fixed.shape, 3)
    whole = matrix is None or (matrix.shape == (4, 4) and bool(np.isfinite(matrix).all()))
    if not (fits and whole) or (matrix is None) == (field is None):
        raise InputError(f"{path}: a transform has either a 4 x 4 matrix or a displacement of every pixel [mm]")
    return transform
