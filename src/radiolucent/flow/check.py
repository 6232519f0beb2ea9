"""Check everything at a path: headers file by file, pixels image by image; what cannot be read is checked too."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..check import check_image, check_series, quality
from ..core import Finding, Grid, Image, InputError, UnreadableError
from ..dicom import Decoded, Header, decode, header_record, is_dicom
from ..read import READERS, read
from ..read.series import images
from ..report.check import CheckedSeries, check_page, counted
from ..write.whole import whole_text

ORDER = ("block", "warn", "info")
GEOMETRY = "series."
NAMED = (".dcm", ".dicom", ".ima", ".nii", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
"""Names of images; a file that bears one and is none (or cannot be opened) is told."""


def check(path: Path | str) -> tuple[CheckedSeries, ...]:
    """Check a file, or every file in a folder: one entry for each series or single image, with its findings."""
    path = Path(path)
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder")
    files = (
        [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file() and not f.name.startswith("."))
    )
    slices = [file for file in files if is_dicom(file)]
    others = [file for file in files if file not in set(slices) and _can_read(file)]
    done = [*_dicom(slices, path), *(_other(file, _name(file, path)) for file in others)]
    if strange := [file for file in files if file.suffix.lower() in NAMED and file not in {*slices, *others}]:
        found = tuple(_strange(_name(file, path)) for file in strange)
        done.append(CheckedSeries("Files that are not what their names say", len(strange), found))
    if not done:
        raise InputError(f"{path} holds no image that can be checked ({len(files)} files)")
    return tuple(done)


def save_check(series: tuple[CheckedSeries, ...], out: Path, *, overwrite: bool = False) -> None:
    """Write what was found as .html (for people) or .json (for programs)."""
    if out.suffix not in (".html", ".json"):
        raise InputError(f"{out}: a check is written as .html or .json")
    text = check_page(series, version=__version__) if out.suffix == ".html" else as_json(series)
    whole_text(out, text, overwrite=overwrite)


def as_json(series: tuple[CheckedSeries, ...]) -> str:
    """Findings by series, with rule, severity, value, unit, limit and files."""
    told: dict[str, Any] = {"version": 1, "radiolucent": __version__, "counts": counted(series)}
    told["series"] = [
        {
            "name": one.name,
            "files": one.files,
            "quality": _plain(one.quality),
            "findings": [_told(f) for f in one.findings],
        }
        for one in series
    ]
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _told(finding: Finding) -> dict[str, Any]:
    limit = "; ".join(words.removeprefix("limit: ") for words in finding.because)
    kept = {"rule": finding.code, "severity": finding.severity, "says": finding.says, "value": finding.value}
    return {**kept, "unit": finding.unit, "limit": limit, "where": finding.where}


def _plain(quality_of: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {name: dict(figures) for name, figures in quality_of.items()}


def _dicom(files: list[Path], root: Path) -> Iterator[CheckedSeries]:
    """Headers first, all of them; then the pixels of one series at a time."""
    groups: dict[str, list[tuple[Path, Header]]] = defaultdict(list)
    unreadable: list[str] = []
    for file in files:
        try:
            record = header_record(file, name=_name(file, root))
        except UnreadableError as error:
            unreadable.append(_without(error, file, root))
            continue
        if record.values.get("Rows") or record.bytes_there:
            groups[record.word("SeriesInstanceUID")].append((file, record))
    for number, group in enumerate(groups.values(), start=1):
        yield _series(group, number, root)
    if unreadable:
        found = tuple(_refused("file.unreadable", why) for why in unreadable)
        yield CheckedSeries("Files that cannot be read", len(unreadable), found)


def _series(group: list[tuple[Path, Header]], number: int, root: Path) -> CheckedSeries:
    headers = tuple(record for _, record in group)
    first = headers[0]
    found = list(check_series(headers))
    made, refused = _images([file for file, _ in group], root)
    figures = {label: quality(image) for label, image in made}
    for label, image in made:
        told = check_image(image, figures[label])
        found += [_labelled(finding, label if len(made) > 1 else "") for finding in told]
    found += refused
    outlines = sorted(
        ((header, outline) for header in headers if (outline := _outline(header))), key=lambda pair: _height(pair[0])
    )
    return CheckedSeries(
        name=f"Series {number}: {first.word('Modality') or 'unknown modality'}, {_size(first)}",
        files=len(group),
        findings=_gravest_first(found),
        outlines=tuple(outline for _, outline in outlines) or (_planes_of(made[0][1].grid) if made else ()),
        odd=frozenset(k for k, (header, _) in enumerate(outlines) if _is_named(header, found)),
        quality={label: measured for label, measured in figures.items() if measured},
    )


def _images(files: list[Path], root: Path) -> tuple[list[tuple[str, Image]], list[Finding]]:
    """The images of a series; where reading refuses it, its pictures of one size as a plain stack."""
    decoded: list[Decoded] = []
    refused: list[Finding] = []
    for file in files:
        try:
            decoded.append(decode(file))
        except InputError as error:
            refused.append(_refused("file.unreadable", _without(error, file, root)))
    if not decoded:
        return [], refused
    try:
        made, remarks = images(decoded)
    except UnreadableError as error:
        return _stacked(decoded), [*refused, _refused("series.refused", f"Reading refuses the series: {error}.")]
    return [(name or f"image {k + 1}", image) for k, (name, image) in enumerate(made)], [*refused, *remarks]


def _stacked(decoded: list[Decoded]) -> list[tuple[str, Image]]:
    shape = decoded[0].array.shape[1:]
    array = np.concatenate([one.array for one in decoded if one.array.shape[1:] == shape])
    return [("stack", Image(array, Grid(array.shape[:3], "zyx"), decoded[0].modality, decoded[0].unit))]


def _other(file: Path, name: str) -> CheckedSeries:
    """A file of another format: its images' pixels."""
    try:
        cases = read(file)
    except UnreadableError as error:
        return CheckedSeries(name, 1, (_refused("file.unreadable", _without(error, file, file.parent)),))
    made = [pair for case in cases for pair in case.images.items()]
    found = [finding for case in cases for finding in case.findings]
    figures = [quality(image) for _, image in made]
    for (_, image), measured in zip(made, figures, strict=True):
        found += check_image(image, measured)
    outlines = _planes_of(made[0][1].grid) if made else ()
    named = {label: measured for (label, _), measured in zip(made, figures, strict=True) if measured}
    return CheckedSeries(name, 1, _gravest_first(found), outlines, quality=named)


def _planes_of(grid: Grid) -> tuple[tuple[tuple[float, float, float], ...], ...]:
    """The outline of every plane of a placed volume."""
    affine = grid.affine
    if affine is None or affine.shape != (4, 4):
        return ()
    depth, rows, columns = (grid.shape[axis] for axis in grid.spatial_axes)
    ends = [(0, 0), (0, columns - 1), (rows - 1, columns - 1), (rows - 1, 0)]
    return tuple(tuple(_point(affine @ [k, y, x, 1]) for y, x in ends) for k in range(depth))


def _outline(header: Header) -> tuple[tuple[float, float, float], ...]:
    spacing, rows, columns = header.numbers("PixelSpacing", 2), header.number("Rows"), header.number("Columns")
    if header.position_mm is None or header.axes is None or header.is_mosaic or not (spacing and rows and columns):
        return ()
    right, down = header.axes[0] * spacing[1] * (columns - 1), header.axes[1] * spacing[0] * (rows - 1)
    start = header.position_mm
    return tuple(_point(corner) for corner in (start, start + right, start + right + down, start + down))


def _height(header: Header) -> float:
    """Along the slice's own normal, as reading sorts slices."""
    if header.position_mm is None or header.axes is None:
        return 0.0
    return float(np.dot(header.position_mm, np.cross(*header.axes)))


def _point(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return (float(values[0]), float(values[1]), float(values[2]))


def _size(header: Header) -> str:
    rows, columns = header.number("Rows") or 0, header.number("Columns") or 0
    return f"{rows:.0f} × {columns:.0f}"


def _is_named(header: Header, found: list[Finding]) -> bool:
    """Whether a finding about the series' geometry names this file."""
    return any(header.file in f.where.replace(" and ", ", ").split(", ") for f in found if f.code.startswith(GEOMETRY))


def _labelled(finding: Finding, label: str) -> Finding:
    return replace(finding, where=": ".join(word for word in (label, finding.where) if word))


def _strange(name: str) -> Finding:
    says = f"{name} bears the name of an image, but is none, or cannot be opened."
    return Finding(
        says=says, code="file.not_image", because=("limit: content as the name says",), where=name, severity="warn"
    )


def _refused(code: str, why: str) -> Finding:
    return Finding(says=why, code=code, severity="block", because=("limit: readable",))


def _without(error: Exception, file: Path, root: Path) -> str:
    """The reason, with the file's name and not its whole path."""
    return str(error).replace(str(file), _name(file, root))


def _gravest_first(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.severity)))


def _name(file: Path, root: Path) -> str:
    return file.name if file == root else file.relative_to(root).as_posix()


def _can_read(file: Path) -> bool:
    try:
        return any(reader.can_read(file) for reader in READERS)
    except OSError:
        return False
