"""Heads without faces: the files of one series are read as a volume, and what lies before the brain becomes air in each."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from joblib import Parallel, delayed

from ..core import Image, InputError
from ..deid.deface import Cut, face_cut
from ..deid.faces import Series, series_of, strange, take_out, unfit
from ..deid.file import Record, Work, deidentify_file, unwritten
from ..deid.header import RefusedError
from ..dicom import read_header
from ..read.dicom import read_files

BATCH = 256


def by_series(files: list[Path], workers: int) -> tuple[list[list[Path]], list[Path]]:
    """The files of each series of CT and MR, and all other files."""
    batches = (delayed(_series)(files[k : k + BATCH]) for k in range(0, len(files), BATCH))
    found: dict[Series, list[Path]] = defaultdict(list)
    others: list[Path] = []
    known = (one for some in Parallel(n_jobs=workers, return_as="generator")(batches) for one in some)
    for path, series in zip(files, known, strict=True):
        (others if series is None else found[series]).append(path)
    return list(found.values()), others


def _series(files: Iterable[Path]) -> list[Series | None]:
    return [series_of(path) for path in files]


def without_faces(work: Work) -> Work:
    """The same work for files in which no face is looked for: their marks do not claim it."""
    if "faces" not in work.options.clean:
        return work
    return replace(work, options=replace(work.options, clean=work.options.clean - {"faces"}))


def deface_series(files: list[Path], due: Collection[Path], work: Work) -> list[Record]:
    """De-identify those files of a series that are `due`, without the face; all are refused where it cannot be found."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they may quote values
        try:
            cut = _cut(files)
        except RefusedError as error:
            return [
                unwritten(path, work, "refused", f"no face could be taken out of its series: {error}") for path in due
            ]
        return [deidentify_file(path, work, partial(take_out, cut=cut)) for path in due]


def _cut(files: list[Path]) -> Cut:
    """Where to cut; raises `RefusedError`, whose words quote nothing of the files."""
    volume = _volume(files)
    try:
        cut = face_cut(volume)
        if why := strange(volume, read_header(files[0])):
            raise RefusedError(why)
        return cut
    except RefusedError:
        raise
    except InputError as error:
        raise RefusedError(str(error)) from error
    except (ValueError, ArithmeticError, LookupError) as error:
        raise RefusedError("there is no head in this picture") from error


def _volume(files: list[Path]) -> Image:
    """The one volume that all files of a series make; of several moments, the first."""
    try:
        for path in files:
            if why := unfit(read_header(path)):
                raise RefusedError(why)
        cases = read_files(files[0].parent, files, spacing_mm=None, key=b"the cut only")
    except RefusedError:
        raise
    except (InputError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        raise RefusedError("its slices cannot be read as evenly spaced slices of one volume") from error
    images = [image for case in cases for image in case.images.values()]
    if len(images) != 1:
        raise RefusedError("its slices make no volume, or several (directions, echoes, weightings)")
    image, grid = images[0], images[0].grid
    if grid.axes == "tzyx":
        image = image.with_array(image.array[0], grid=replace(grid, shape=grid.shape[1:], axes="zyx", times_s=None))
    elif grid.axes != "zyx":
        raise RefusedError("it is a single slice, no volume")
    return image
