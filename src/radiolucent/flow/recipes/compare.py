"""All segmentation methods side by side on a picture or a cohort, as a page."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from ... import __version__
from ...core import InputError, unknown
from ...core.cores import cores
from ...evaluate import overlap_summary
from ...read import keyed, secret_key
from ...read.table import open_table
from ...report.compare import Compared, Sheet, compare_page
from ...write import whole_text
from ..compare import METHODS, Plan, Row, compared
from .parameters import Overwrite, Page, Quiet, SpacingsMm, Threads, check_page

TABLES = (".csv", ".tsv", ".parquet", ".xlsx")


def compare(
    image: Annotated[Path, Field(description="a picture, or a table with the columns image, mask and patient")],
    mask: Annotated[Path | None, Field(description="the reference mask, a file on the picture's grid")] = None,
    *,
    out: Page,
    methods: Annotated[
        tuple[str, ...], Field(description="methods to compare, by their names in `radiolucent segment`; none: all")
    ] = (),
    seed_point: Annotated[
        tuple[Annotated[int, Field(ge=0, le=100_000)], ...] | None,
        Field(min_length=2, max_length=3, description="the click, in array order [index]; none: drawn from the mask"),
    ] = None,
    repeats: Annotated[int, Field(ge=1, le=100, description="seeds drawn for each picture")] = 5,
    label: Annotated[int | None, Field(ge=1, description="label of the masks to find; none: all labels as one")] = None,
    spacing_mm: SpacingsMm = None,
    shown: Annotated[int, Field(ge=0, le=50, description="pictures on the contact sheet, the first ones")] = 3,
    threads: Threads = None,
    seed: Annotated[int, Field(ge=0, description="of the seeds that are drawn")] = 0,
    quiet: Quiet = False,
    overwrite: Overwrite = False,
) -> str:
    """Compare all segmentation methods on a picture or a cohort: outlines, scores, seconds, memory.

    Seeds are drawn at random inside the mask eroded by a quarter of its depth, and in the ground around it; the same for
    all methods. Pictures are worked on in parallel; a stopped run goes on where it was when the same command is given
    again. Methods that need a length in mm refuse pictures without spacing.
    """
    check_page(out)
    for name in methods:
        if name not in METHODS:
            raise unknown("method to compare", name, METHODS)
    rows = _rows(image, mask)
    if seed_point is not None and len(rows) > 1:
        raise InputError("one click fits one picture; for a table let the seeds be drawn from the masks")
    plan = Plan(rows, methods or tuple(METHODS), repeats, seed, seed_point, spacing_mm, label, shown)
    journal = out.with_name(out.name + ".part")
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    lines = compared(plan, journal, threads=threads or cores(), shown=not quiet)
    good = [line for line in lines if "error" not in line]
    failed = [f"row {line['row'] + 2}: {line['error']}" for line in lines if "error" in line]
    if not good:
        journal.unlink()
        raise InputError(f"nothing could be compared: {lines[0]['error']}")
    told = [_summed(method, good) for method in plan.methods]
    patients = len({line["patient"] for line in good})
    page = compare_page(
        told,
        list(_sheets(good)),
        pictures=len(good),
        patients=patients,
        seeds=_seeds(plan),
        failed=failed,
        version=__version__,
    )
    whole_text(out, page, overwrite=overwrite)
    journal.unlink()
    best = max(told, key=lambda one: (one.scores.get("dice") or {}).get("value") or -1.0)
    first = f"; best: {best.method}, Dice {best.scores['dice']['value']:.2f}" if best.scores else ""
    return f"{len(told)} methods on {len(good)} pictures of {patients} patients{first}: {out}"


def _rows(image: Path, mask: Path | None) -> tuple[Row, ...]:
    if image.suffix not in TABLES:
        return (Row(0, str(image), None if mask is None else str(mask), "1"),)
    if mask is not None:
        raise InputError("a table names its own masks; leave MASK out")
    table = open_table(image)
    for name in ("image", "mask"):
        if name not in table:
            raise unknown(f"column in {image.name}", name, list(table))
    if not len(table):
        raise InputError(f"{image}: the table has no rows")
    secret, root = secret_key(), image.absolute().parent
    people = table["patient"] if "patient" in table else pd.Series(range(len(table)))
    return tuple(
        Row(k, str(root / str(one)), None if pd.isna(other) else str(root / str(other)), keyed(str(who), secret))
        for k, (one, other, who) in enumerate(zip(table["image"], table["mask"], people))
    )


def _summed(method: str, lines: Sequence[dict[str, Any]]) -> Compared:
    each = [(line["patient"], run) for line in lines for run in line["methods"][method].get("runs", ())]
    refused = [line["methods"][method]["refused"] for line in lines if "refused" in line["methods"][method]]
    scored = [(who, run["scores"]) for who, run in each if run["scores"]]
    means = overlap_summary([s for _, s in scored], groups=[who for who, _ in scored])["mean"] if scored else {}
    kept = {name: means[name] for name in ("dice", "hd95_mm", "hd95_px") if name in means}
    return Compared(
        method, METHODS[method], kept, len(each), sum(run["share"] == 0 for _, run in each),
        _median(run["seconds"] for _, run in each if "seconds" in run),
        _median(run["peak_mb"] for _, run in each if "peak_mb" in run),
        len(refused), refused[0] if refused else "",
    )  # fmt: skip


def _median(values: Iterator[float]) -> float | None:
    known = list(values)
    return float(np.median(known)) if known else None


def _sheets(lines: Sequence[dict[str, Any]]) -> Iterator[Sheet]:
    for line in lines:
        if "picture" not in line:
            continue
        outlines = {name: base64.b64decode(one["picture"]) for name, one in line["methods"].items() if "picture" in one}
        yield Sheet(str(line["row"] + 1), base64.b64decode(line["picture"]), outlines)


def _seeds(plan: Plan) -> str:
    if plan.click is not None:
        return f"The click was given: {', '.join(map(str, plan.click))}; the ground's seed is the picture's frame."
    return (
        f"Seeds were drawn {plan.repeats} times a picture (seed {plan.seed}): a click in the mask eroded by a quarter of its "
        "depth with what lies around it, and eight points of the ground at least as far outside."
    )
