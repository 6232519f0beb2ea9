"""The readers, in the order in which they are asked; the first that can read a path does."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from radiolucent.core import Case, UnreadableError

from . import archive, dicom, metaimage, nifti, nrrd, picture, video
from .dicom import Examination
from .key import secret_key
from .spacing import Spacing

READERS: tuple[ModuleType, ...] = (dicom, archive, picture, nrrd, metaimage, nifti, video)
"""Each offers `can_read(path)` and `read(path, *, spacing_mm, key)`, and those after the zip `outline(path)`.

DICOM comes first: its preamble may hold a TIFF header.
"""


def read(path: str | Path, *, spacing_mm: Spacing = None, key: bytes | None = None) -> tuple[Case, ...]:
    """Read a file or a folder of DICOM files: one Case for each examination.

    `spacing_mm` gives the pixel spacing [mm] of one image whose file does not state it (one number, or one per spatial
    axis in array order). `key` is the secret that turns identifiers into case keys (default: that of the user).

    Raises `UnreadableError` for what cannot be read, with the reason.
    """
    path = Path(path)
    return _reader(path).read(path, spacing_mm=spacing_mm, key=secret_key() if key is None else key)


def examine(path: str | Path, *, spacing_mm: Spacing = None, key: bytes | None = None) -> tuple[Examination, ...]:
    """As `read`, each case with the headers of the DICOM files that it was made from, for whoever checks them."""
    path, key = Path(path), secret_key() if key is None else key
    reader = _reader(path)
    if reader in (dicom, archive):
        return reader.examinations(path, spacing_mm=spacing_mm, key=key)
    return tuple(Examination(case) for case in reader.read(path, spacing_mm=spacing_mm, key=key))


def content_files(path: Path) -> tuple[Path, ...]:
    """The file itself and, where its samples lie in another one beside it (.nhdr, .mhd), that one too."""
    for reader in (nrrd, metaimage):
        if _can(reader, path):
            data = reader.data_file(path)
            return (path,) if data == path else (path, data)
    return (path,)


def _reader(path: Path) -> ModuleType:
    if not path.exists():
        raise UnreadableError(f"{path} does not exist")
    for reader in READERS:
        if _can(reader, path):
            return reader
    known = "DICOM, NIfTI, NRRD, MetaImage, PNG, JPEG, TIFF, BMP, video or zip"
    kind = "the folder holds no DICOM file" if path.is_dir() else f"it is no {known} file"
    raise UnreadableError(f"{path} cannot be read: {kind}")


def _can(reader: ModuleType, path: Path) -> bool:
    try:
        return bool(reader.can_read(path))
    except OSError as error:
        raise UnreadableError(f"{path} cannot be opened: {error.strerror}") from error
