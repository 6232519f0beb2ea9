"""One image or mask from any file that can be read to any that can be written."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ..core import Case, Image, InputError, Mask, unknown
from ..core.errors import listed
from ..dicom import is_dicom
from ..read import masks, read
from ..write import WRITERS, whole_file, write, write_series
from ..write.dicom_seg import write_segmentation

Spacing = float | tuple[float, ...] | None


def convert(
    source: str | Path,
    out: str | Path,
    *,
    name: str | None = None,
    like: str | Path | None = None,
    spacing_mm: Spacing = None,
    overwrite: bool = False,
    codec: str | None = None,
    ratio: float | None = None,
    as_mask: bool = False,
) -> tuple[str, ...]:
    """Write what `source` holds to `out` and give what a person should know of it, a line each.

    The suffix of `out` chooses the form; .dcm is one DICOM file, a folder that exists (and is empty) takes a series. A
    mask becomes a segmentation (SEG) of the series that it was drawn on: the one in `like`, or in `source`; with
    `as_mask` a picture of whole numbers is a mask, with the names in an ITK-SNAP label file beside it.
    `name` says which image or mask, where there are several. `like` is a DICOM file of the patient and study that a
    series shall belong to (default: `source`, if it is DICOM). `codec` compresses DICOM, with loss where `ratio` (of
    stored to coded size, at least) asks for it, and marks it so.
    """
    source, out = Path(source), Path(out)
    form = next((suffix for suffix in WRITERS if out.name.lower().endswith(suffix)), None)
    if form is None and not out.is_dir() and out.suffix.lower() != ".dcm":
        raise InputError(f"{out.name}: no writer for this suffix; use one of {', '.join(WRITERS)}, .dcm, or a folder")
    if codec is None and ratio is not None:
        raise InputError("a ratio is what a codec shall reach; say --codec as well")
    if form is not None and codec is not None:
        raise InputError(f"{out.name}: codecs compress DICOM; let OUT be .dcm or a folder (a name without suffix)")
    cases = () if as_mask else read(source, spacing_mm=spacing_mm)
    value = _mask(source, name) if as_mask else _part(cases, name, source)
    if form is not None:
        write(value, out, overwrite=overwrite)
    elif isinstance(value, Mask):
        _segmentation(value, source, out, like=like, codec=codec, overwrite=overwrite)
    elif out.is_dir():
        write_series(value, out, like=_origin(source, like), codec=codec, ratio=ratio)
    else:
        with whole_file(out, overwrite=overwrite) as draft:
            _one_file(value, out, draft, like=_origin(source, like), codec=codec, ratio=ratio)
    return tuple(f"{finding.severity}: {finding.says}" for case in cases for finding in case.findings)


def _segmentation(
    mask: Mask, source: Path, out: Path, *, like: str | Path | None, codec: str | None, overwrite: bool
) -> None:
    if out.is_dir():
        raise InputError("a mask is written as one DICOM file (SEG); name it .dcm, or write .nii.gz or .nrrd")
    if codec is not None:
        raise InputError("a segmentation is written without a codec; leave --codec out")
    if like is None and _origin(source, None) is None:
        raise InputError(
            "a DICOM segmentation belongs to a series; name its folder by --like, or write .nii.gz or .nrrd"
        )
    write_segmentation(mask, out, like=source if like is None else like, overwrite=overwrite)


def _mask(source: Path, name: str | None) -> Mask:
    found = masks(source)
    if name is None and len(found) > 1:
        raise InputError(f"{source} holds {len(found)} masks; say --image with one of {listed(found)}")
    if name is not None and name not in found:
        raise unknown(f"mask in {source}", name, found)
    return next(iter(found.values())) if name is None else found[name]


def _part(cases: tuple[Case, ...], name: str | None, source: Path) -> Image | Mask:
    parts: dict[str, Image | Mask] = {}
    for number, case in enumerate(cases, start=1):
        prefix = f"{number}." if len(cases) > 1 else ""
        both: Mapping[str, Image | Mask] = {**case.masks, **case.images}
        parts |= {f"{prefix}{own}": part for own, part in both.items()}
    if name is not None:
        if name not in parts:
            raise unknown(f"image in {source}", name, parts)
        return parts[name]
    images = [part for part in parts.values() if isinstance(part, Image)]
    if len(images) == 1 or len(parts) == 1:
        return images[0] if images else next(iter(parts.values()))
    raise InputError(f"{source} holds {len(parts)} images and masks; say --image with one of {listed(parts)}")


def _origin(source: Path, like: str | Path | None) -> Path | None:
    if like is not None:
        return Path(like)
    files = source.rglob("*") if source.is_dir() else (source,)
    return next((file for file in files if file.is_file() and is_dicom(file)), None)


def _one_file(
    image: Image, out: Path, draft: Path, *, like: Path | None, codec: str | None, ratio: float | None
) -> None:
    with TemporaryDirectory(prefix="radiolucent-") as place:
        files = write_series(image, place, like=like, codec=codec, ratio=ratio)
        if len(files) > 1:
            raise InputError(
                f"{out.name} is one file, this volume has {len(files)} slices; name a folder without suffix"
            )
        shutil.copyfile(files[0], draft)
