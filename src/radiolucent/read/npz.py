"""Cohorts in MedMNIST form: one `.npz` with {train,val,test}_images and _labels; nothing is ever unpickled."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.lib import format as npy
from numpy.typing import NDArray

from radiolucent.core import Grid, Image, InputError, UnreadableError
from radiolucent.dicom import damage_named, within_limits

SPLITS = ("train", "val", "test")
MARK = "::"


def rows(path: Path) -> pd.DataFrame:
    """One row per picture: `reference`, `target`, `split`."""
    members = headers(path)
    wanted = [f"{split}_{what}" for split in SPLITS for what in ("images", "labels")]
    missing = [name for name in wanted if name not in members]
    if missing:
        raise InputError(
            f"{path} is not of MedMNIST form: it lacks {', '.join(missing)}; it holds {', '.join(sorted(members))}"
        )
    return pd.concat([_split(path, split, members) for split in SPLITS], ignore_index=True)


def _split(path: Path, split: str, members: dict[str, tuple[tuple[int, ...], np.dtype[Any]]]) -> pd.DataFrame:
    shape, _ = members[f"{split}_images"]
    if len(shape) not in (3, 4) or (len(shape) == 4 and shape[3] != 3):
        raise InputError(f"{path}: {split}_images has the shape {shape}; (n, rows, columns) or (.., 3) can be read")
    labels = member(path, f"{split}_labels")
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise InputError(f"{path}: labels of shape {labels.shape} give several targets a picture; one is needed")
    if len(labels) != shape[0]:
        raise InputError(f"{path}: {shape[0]} {split} images but {len(labels)} labels")
    references = [f"{path}{MARK}{split}_images[{row}]" for row in range(shape[0])]
    return pd.DataFrame({"reference": references, "target": [str(label) for label in labels.tolist()], "split": split})


def picture(path: Path, name: str, row: int) -> Image:
    """Picture `row` of the member `name`."""
    stack = member(path, name)
    if not 0 <= row < len(stack):
        raise InputError(f"{path} has {len(stack)} pictures in {name}, there is no number {row}")
    array = np.array(stack[row])
    return Image(array, Grid(array.shape[:2], "yx"))


def headers(path: Path) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
    """Shape and type of every array in the file, without reading one."""
    with damage_named(path, "read as npz"), _archive(path) as archive:
        found = {}
        for info in archive.infolist():
            if info.filename.endswith(".npy"):
                with archive.open(info) as file:
                    found[info.filename[:-4]] = _header(path, info.filename, file)[:2]
        return found


def member(path: Path, name: str) -> NDArray[Any]:
    """One array of the file: memory-mapped where it is stored as it is, else inflated once per process."""
    stat = path.stat() if path.exists() else None
    if stat is None:
        raise UnreadableError(f"{path} does not exist")
    return _member(path, name, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _member(path: Path, name: str, _changed: int, _size: int) -> NDArray[Any]:
    with damage_named(path, "read as npz"), _archive(path) as archive:
        if f"{name}.npy" not in archive.namelist():
            raise InputError(f"{path} has no array {name!r}; it holds {', '.join(archive.namelist())}")
        info = archive.getinfo(f"{name}.npy")
        with archive.open(info) as file:
            shape, dtype, fortran, start = _header(path, name, file)
            if info.compress_type == zipfile.ZIP_STORED:
                offset = _data_offset(path, info) + start
                return np.memmap(path, dtype, "r", offset, shape, "F" if fortran else "C")
            within_limits(path, shape, dtype.itemsize)
            body = file.read(int(np.prod(shape)) * dtype.itemsize)
        array = np.frombuffer(body, dtype).reshape(shape, order="F" if fortran else "C")
        return array


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise UnreadableError(f"{path} is not an npz file, or is truncated ({error}); fetch it again") from error


def _header(path: Path, name: str, file: Any) -> tuple[tuple[int, ...], np.dtype[Any], bool, int]:
    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read(file)
    if dtype.hasobject:
        raise InputError(
            f"{path}: {name} holds pickled Python objects, which can run code when opened; save it as plain arrays"
        )
    return shape, dtype, fortran, file.tell()


def _data_offset(path: Path, info: zipfile.ZipInfo) -> int:
    """Where the bytes of a stored member begin: behind its local header, whose extra field may differ."""
    with path.open("rb") as file:
        file.seek(info.header_offset)
        local = file.read(30)
    return info.header_offset + 30 + int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
