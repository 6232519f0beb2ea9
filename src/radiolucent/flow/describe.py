"""What classical candidates see of a picture: which parts are measured, under which names, in one row of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import InputError, unknown
from ..measure.appearance import HOG_NAMES, LBP_NAMES, TEXTURE_NAMES, hog_numbers, lbp_numbers, texture_numbers
from ..measure.rows import DESCRIPTOR_LENGTH, STATISTICS, descriptors, statistics

MOST = 200
"""Keypoints kept of one picture, the strongest first."""
MEASURED = {
    "statistics": (STATISTICS, statistics),
    "hog": (HOG_NAMES, hog_numbers),
    "lbp": (LBP_NAMES, lbp_numbers),
    "texture": (TEXTURE_NAMES, texture_numbers),
}
"""Parts measured picture by picture: the names of their numbers, and the function."""
SAYS = {
    "words": "keypoint words",
    "statistics": "statistics",
    "hog": "gradient histograms",
    "lbp": "local binary patterns",
    "texture": "texture",
    "embedding": "the vector of a trained net",
    "columns": "measured features of the table",
}
"""Every part by name, as a reader calls it."""
USUAL = ("words", "statistics")
SITE = "number of the site"
"""The last column of the table of features where it is harmonised."""


@dataclass(frozen=True)
class Description:
    """The parts of a row; `columns` of a table and the length of an `embedding` where they are among the parts.

    `site` names the column by which rows are harmonised, and `sites` its values; a row then holds its site's number.
    """

    parts: tuple[str, ...] = USUAL
    columns: tuple[str, ...] = ()
    embedding: int = 0
    site: str | None = None
    sites: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the numbers in the order of the parts, without words and columns."""
        listed = [name for part in self.parts if part in MEASURED for name in MEASURED[part][0]]
        return (*listed, *(f"embedding_{i}" for i in range(self.embedding)))

    @property
    def sees_pictures(self) -> bool:
        return self.parts != ("columns",)

    @property
    def dtype(self) -> np.dtype:
        """Of one row."""
        fields: list[Any] = [("descriptors", np.uint8, (MOST, DESCRIPTOR_LENGTH))] if "words" in self.parts else []
        fields.append(("statistics", np.float32, (len(self.names),)))
        if self.columns:
            fields.append(("columns", np.float64, (len(self.columns),)))
        return np.dtype([*fields, ("site", np.int32)] if self.site else fields)

    @property
    def says(self) -> str:
        """ "keypoint words and statistics"."""
        told = [SAYS[part] for part in self.parts]
        return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)

    def told(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """What `told` said; an older model says nothing and sees what is usual."""
        kept: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
        return cls(**kept)

    def number_of(self, cells: pd.Series) -> NDArray[np.int32]:
        """The numbers of the sites in a column, -1 where a site is empty or none of those known."""
        numbers = {name: number for number, name in enumerate(self.sites)}
        return np.array([numbers.get(str(cell), -1) for cell in cells], np.int32)

    def filled(self, n: int, *, columns: pd.DataFrame | None = None, sites: pd.Series | None = None) -> NDArray[Any]:
        """Rows of zeros with what a table knows of them: its columns of features and the sites."""
        rows = np.zeros(n, self.dtype)
        if self.columns:
            rows["columns"] = np.nan if columns is None else columns[list(self.columns)].to_numpy(np.float64)
        if self.site:
            rows["site"] = -1 if sites is None else self.number_of(sites)
        return rows


def parts_of(asked: Sequence[str]) -> tuple[str, ...]:
    """The parts that were asked for, each once; what is usual where nothing was."""
    for name in asked:
        if name not in SAYS:
            raise unknown("description", name, SAYS)
    return tuple(dict.fromkeys(asked)) or USUAL


def described(picture: NDArray[np.uint8], parts: Sequence[str]) -> tuple[Any, NDArray[np.float32]]:
    """Keypoint descriptors (or None), and the numbers of the other parts that are measured, of one grey picture."""
    cv2.setNumThreads(1)  # the workers are as many as the cores already
    numbers = [MEASURED[part][1](picture) for part in parts if part in MEASURED]
    points = descriptors(picture, most=MOST) if "words" in parts else None
    return points, np.concatenate([np.zeros(0, np.float32), *numbers])


def refuse_own_cohort(manifest: Mapping[str, Any], cohort_hash: str) -> None:
    """A net that was trained on this very cohort knows the rows that test it."""
    if (manifest.get("training") or {}).get("cohort_sha256") == cohort_hash:
        raise InputError(
            "--embed names a net that was trained on this very cohort: its vectors know the rows that would test them; "
            "give one that was trained on other patients"
        )
