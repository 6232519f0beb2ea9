"""Zip files, unpacked with care: nothing outside a folder of their own, nothing larger than is sensible."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from types import ModuleType

from radiolucent.core import Case, UnreadableError
from radiolucent.dicom import damage_named, is_dicom, within_limits

from . import dicom, metaimage, nifti, nrrd, picture, video
from .dicom import Examination
from .spacing import Spacing

MOST_MEMBERS = 200_000
MOST_TIMES, HARMLESS = 200, 64 * 2**20
"""A zip may grow to so many times its size; below so many bytes nobody counts."""

_SINGLE: tuple[ModuleType, ...] = (picture, nrrd, metaimage, nifti, video)


def can_read(path: Path) -> bool:
    """A zip by content and name: tables and arrays (.xlsx, .npz) are zip files too."""
    if not path.is_file() or path.suffix.lower() != ".zip":
        return False
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def read(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Case, ...]:
    """What its DICOM files hold; a zip without these must hold one file that can be read."""
    return tuple(one.case for one in examinations(path, spacing_mm=spacing_mm, key=key))


def examinations(path: Path, *, spacing_mm: Spacing, key: bytes) -> tuple[Examination, ...]:
    """As `read`, with the headers of DICOM files for whoever checks them."""
    with TemporaryDirectory(prefix="radiolucent-") as place:
        with damage_named(path, "unpacked"):
            files = unpacked(path, Path(place))
        pictures = [file for file in files if is_dicom(file)]
        if pictures:
            return dicom.examine_files(path, pictures, spacing_mm=spacing_mm, key=key)
        known = [(reader, file) for file in files for reader in _SINGLE if reader.can_read(file)]
        if len(known) != 1:
            raise UnreadableError(
                f"{path} holds {len(files)} files, no DICOM and {len(known)} other pictures; unpack it and name one of them"
            )
        reader, file = known[0]
        return tuple(Examination(case) for case in reader.read(file, spacing_mm=spacing_mm, key=key))


def unpacked(path: Path, folder: Path) -> list[Path]:
    """The files of a zip, written into `folder`; the whole zip is refused where one of them would harm."""
    try:
        with zipfile.ZipFile(path) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            _check(path, members)
            for member in members:
                place = folder / member.filename
                place.parent.mkdir(parents=True, exist_ok=True)
                _copy(opened, member, place)
    except zipfile.BadZipFile as error:
        raise UnreadableError(f"{path} is a damaged zip ({error}); export it again") from error
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _check(path: Path, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or total > max(HARMLESS, MOST_TIMES * path.stat().st_size):
        raise UnreadableError(
            f"{path} unpacks to {len(members)} files of {total / 2**20:.0f} MiB, more than {MOST_TIMES} times its size "
            "or than anybody exports; it is refused as a bomb"
        )
    within_limits(path, (total,), 1)
    for member in members:
        parts = PurePosixPath(member.filename).parts
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        if ".." in parts or member.filename.startswith("/") or "\\" in member.filename or ":" in parts[0] or is_link:
            raise UnreadableError(f"{path} would write to {member.filename!r}, outside its own folder; it is refused")
        if member.flag_bits & 1:
            raise UnreadableError(f"{path} is encrypted; unpack it and give the folder")


def _copy(opened: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    """Never more than the size that was checked, whatever the stream goes on with."""
    left = member.file_size
    with opened.open(member) as source, place.open("xb") as target:
        while left > 0 and (block := source.read(min(left, 2**20))):
            target.write(block)
            left -= len(block)
