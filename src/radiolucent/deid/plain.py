"""Files that are no DICOM, each by its kind, under a name that its side-cars share."""

from __future__ import annotations

import re
import secrets
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from PIL import Image as Picture

from radiolucent.core import InputError, UnreadableError

from .columns import cleaned_csv, cleaned_xlsx
from .elements import DamageError
from .file import DRAFT, WHOLE, Record, Work, listed_as
from .header import RefusedError
from .nifti import cleaned_nifti
from .pictures import blanked, cleaned_jpeg, cleaned_png, cleaned_tiff
from .planes import Searched, blanked_samples
from .sidecar import cleaned_json
from .volumes import cleaned_metaimage, cleaned_nrrd

TABLES = (".csv", ".tsv", ".xlsx")
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
VOLUMES = (".nii.gz", ".nii", ".nrrd", ".mha")
SUFFIXES = (*VOLUMES, *PICTURES, ".json", ".bval", ".bvec", *TABLES)
FOLDER = "files"
BROKEN = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, MemoryError, RecursionError, EOFError,
    SyntaxError, struct.error, zlib.error, zipfile.BadZipFile, Picture.DecompressionBombError,
)  # fmt: skip
"""What libraries raise at damaged files."""
_NUMBERS = re.compile(rb"[\d\s.eE+-]*")


def suffix_of(path: Path) -> str:
    """The ending by which a kind is known, or nothing."""
    name = path.name.lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def place_of(path: Path, work: Work) -> Path:
    """Where a file will lie: words under the key for its folder and for its stem, which side-cars share."""
    suffix = suffix_of(path)
    place = path.relative_to(work.source)
    stem = place.name[: len(place.name) - len(suffix)]
    folder = work.key.word("folder", place.parent.as_posix().encode("utf-8", "surrogateescape"))
    name = work.key.word("stem", f"{place.parent.as_posix()}\0{stem}".encode("utf-8", "surrogateescape"))
    return work.out / FOLDER / folder / f"{name}{suffix}"


def clean_plain(path: Path, work: Work, places: dict[str, str] | None = None) -> Record:
    """Clean one file into its place; say what was done, or why nothing was written. `places` tells of files listed."""
    suffix, record = suffix_of(path), {"in": listed_as(path, work), "format": suffix_of(path)}
    try:
        if path.stat().st_size > 128 * WHOLE:
            raise RefusedError("it is larger than 8 GiB")
        made, cut = _cleaned(path.read_bytes(), suffix, path, work, places or {})
        made, boxes, unsearched = _searched(made, suffix, work)
    except (DamageError, RefusedError, UnreadableError) as error:
        said = "it asks for more memory than is allowed" if isinstance(error, UnreadableError) else str(error)
        return record | {"state": "damaged" if isinstance(error, DamageError) else "refused", "why": said}
    except BROKEN as error:
        return record | {"state": "damaged", "why": f"the file is damaged ({type(error).__name__})"}
    place = place_of(path, work)
    if boxes and suffix in PICTURES:
        place = place.with_suffix(".png")
    place = _free(place, made, work)
    _write(place, made, work)
    told = {
        "state": "done",
        "bytes": len(made),
        "cut": cut,
        "boxes": boxes,
        "unsearched": unsearched,
        "out": place.relative_to(work.out).as_posix(),
    }
    original = {"file": path.relative_to(work.source).as_posix(), "out": told["out"]}
    return record | told | ({"originals": original} if work.with_originals else {})


def _cleaned(data: bytes, suffix: str, path: Path, work: Work, places: dict[str, str]) -> tuple[bytes, int]:
    def listed(cell: str) -> str:
        return _listed(cell, path, work, places)

    if suffix in PICTURES:
        return _picture(data, suffix)
    makers: dict[str, Any] = {
        ".nii": lambda: cleaned_nifti(data, "the file"),
        ".nii.gz": lambda: cleaned_nifti(data, "the file"),
        ".nrrd": lambda: cleaned_nrrd(data),
        ".mha": lambda: cleaned_metaimage(data),
        ".json": lambda: cleaned_json(data, work.key, work.options),
        ".csv": lambda: cleaned_csv(data, work.key, work.options, listed),
        ".tsv": lambda: cleaned_csv(data, work.key, work.options, listed),
        ".xlsx": lambda: cleaned_xlsx(data, work.key, work.options, listed),
    }
    made, cut = makers[suffix]() if suffix in makers else _numbers(data)
    return made, cut


def _searched(made: bytes, suffix: str, work: Work) -> Searched:
    """Text in its samples made black, where that is asked and they are a picture's."""
    if "pixels" not in work.options.clean or suffix not in (*PICTURES, *VOLUMES):
        return Searched(made, 0, "")
    if suffix in VOLUMES:
        return blanked_samples(made, suffix)
    return Searched(*blanked(made, "the picture", second_opinion=work.second_opinion), "")


def _picture(data: bytes, suffix: str) -> tuple[bytes, int]:
    if suffix == ".png":
        return cleaned_png(data)
    return cleaned_tiff(data, "the picture") if suffix.startswith(".tif") else cleaned_jpeg(data)


def _numbers(data: bytes) -> tuple[bytes, int]:
    """Directions and weights of diffusion are numbers, and nothing else."""
    if not _NUMBERS.fullmatch(data):
        raise RefusedError("it should hold numbers only, and does not")
    return data, 0


def _listed(cell: str, table: Path, work: Work, places: dict[str, str]) -> str:
    """The new place of the file that a cell names, or nothing where there is none."""
    for root in (table.parent, work.source):
        try:
            named = (root / cell.strip().replace("\\", "/")).resolve()
            if named.is_file() and named.is_relative_to(work.source):
                return places.get(listed_as(named, work), "")
        except (OSError, ValueError):
            continue
    return ""


def _free(place: Path, content: bytes, work: Work) -> Path:
    """Another place where one of another content stands already: names that differ in case only, a JPEG made a PNG."""
    if not place.exists() or place.read_bytes() == content:
        return place
    stem, suffix = place.name.split(".", 1)
    return place.with_name(f"{stem}-{work.key.word('content', content, 8)}.{suffix}")


def _write(place: Path, content: bytes, work: Work) -> None:
    draft = work.out / f"{DRAFT}{secrets.token_hex(8)}"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(place)
    except OSError as error:
        raise InputError(
            f"the output cannot be written: {error.strerror}; no half file was left, go on with the same command"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
