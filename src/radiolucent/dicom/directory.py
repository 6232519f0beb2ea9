"""DICOMDIR: the list of files on a medium."""

from __future__ import annotations

from pathlib import Path

from radiolucent.core import UnreadableError

from .header import damage_named, read_header

_MEDIA_STORAGE = b"1.2.840.10008.1.3.10"


def is_directory(path: str | Path) -> bool:
    """True for a file whose meta information says that it is the directory of a medium."""
    with open(path, "rb") as file:
        return _MEDIA_STORAGE in file.read(1024)


def listed_files(path: str | Path) -> list[Path]:
    """The files that a DICOMDIR lists, in its order.

    Raises `UnreadableError` where it lists none, one outside its own folder, or one that is not there.
    """
    header, folder = read_header(path), Path(path).resolve().parent
    with damage_named(path, "read as a directory of files"):
        names = [record.ReferencedFileID for record in header.DirectoryRecordSequence if record.get("ReferencedFileID")]
        files = [_inside(folder, [name] if isinstance(name, str) else list(name)) for name in names]
    missing = [file for file in files if not file.is_file()]
    if missing or not files:
        what = (
            f"{len(missing)} of {len(files)} files, such as {missing[0].name}, are not there"
            if missing
            else "it lists no file"
        )
        raise UnreadableError(f"{path}: {what}; copy the whole medium, or give the folder instead")
    return files


def _inside(folder: Path, parts: list[str]) -> Path:
    path = folder.joinpath(*parts)
    if not path.resolve().is_relative_to(folder):
        raise UnreadableError(f"a directory of files names {'/'.join(parts)!r}, outside its own folder; it is refused")
    small = folder.joinpath(*(part.lower() for part in parts))  # CDs are copied in either case
    return small if small.is_file() and not path.is_file() else path
