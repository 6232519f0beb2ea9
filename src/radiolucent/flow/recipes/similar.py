"""The pictures of a cohort that look most like one picture, as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from ... import __version__
from ...core.cores import cores
from ...read import cohort as cohort_of
from ...read import keyed, prepare, secret_key
from ...report.similar import Near, similar_page
from ...write import whole_text
from ...write.picture import png_bytes
from ..similar import By, nearest, prepared
from ..single import single_image
from .parameters import AllowBlocked, Overwrite, Page, Threads, check_page


def similar(
    source: Annotated[Path, Field(description="the picture that is asked about: a file")],
    cohort: Annotated[Path, Field(description="a table, a folder of class folders, or an npz file")],
    *,
    out: Page,
    by: Annotated[
        By, Field(description="how pictures are described: vlad, fisher vectors, or counted visual words")
    ] = "vlad",
    most: Annotated[int, Field(ge=1, le=200, description="how many pictures to show")] = 12,
    size: Annotated[int, Field(ge=32, le=2048, description="side to which pictures are brought [pixels]")] = 256,
    image: Annotated[str | None, Field(description="column of a table with the pictures' paths")] = None,
    target: Annotated[str | None, Field(description="column of a table that is shown beside each picture")] = None,
    patient: Annotated[str | None, Field(description="column of a table with the patient; shown as a key")] = None,
    threads: Threads = None,
    seed: Annotated[int, Field(ge=0, description="of the descriptors that words are found in")] = 0,
    allow_blocked: AllowBlocked = False,
    overwrite: Overwrite = False,
) -> str:
    """Show the pictures of a cohort that look most like one picture.

    SIFT keypoints of every picture are summed up by words that are found in this cohort; likeness is the cosine of two
    such rows (1: alike). It tells of looks, not of diagnoses. Patients and files are shown by keys that only the holder
    of the key file can trace.
    """
    check_page(out)
    query = single_image(source, allow_blocked=allow_blocked)
    read = cohort_of(cohort, image=image, target=target, patient=patient)
    field = prepared(read.table["reference"].tolist(), size=size, workers=threads or cores())
    order, likeness = nearest(query, field, by=by, most=most, size=size, seed=seed)
    shown, secret = prepare(query, size=size), secret_key()
    named = read.table["patient"] if read.patient_column else read.table["reference"]
    near = [
        Near(
            png_bytes(field.pictures[one]),
            float(like),
            str(read.table["target"].iloc[field.rows[one]]),
            keyed(str(named.iloc[field.rows[one]]), secret),
            bool(np.array_equal(field.pictures[one], shown)),
        )
        for one, like in zip(order, likeness)
    ]
    classes = {name: int((read.table["target"].iloc[field.rows] == name).sum()) for name in read.classes}
    page = similar_page(png_bytes(shown), near, classes, field.failed, by=by, version=__version__)
    whole_text(out, page, overwrite=overwrite)
    failed = f"; {len(field.failed)} could not be read" if field.failed else ""
    return f"{len(near)} of {len(field.rows)} pictures, likeness {likeness[0]:.2f} to {likeness[-1]:.2f}{failed}: {out}"
