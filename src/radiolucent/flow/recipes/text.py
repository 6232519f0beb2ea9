"""Reports of a file as labels, findings, and a page that shows the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from ... import __version__
from ...core import InputError
from ...reason.text.labels import Scheme
from ...report.report_text import report_text_page
from ...write import whole_text
from ..radiomics_cohort import check_table, save_table
from ..report_text import finding_table, label_table, read_all, reports, shown
from .parameters import check_page


def text(
    source: Annotated[Path, Field(description="a report (.txt), or a table with a report in each row (.csv, .xlsx)")],
    *,
    out: Annotated[Path, Field(description="table of labels to write, .csv or .parquet")],
    column: Annotated[
        tuple[str, ...], Field(description="column(s) of the table that hold the report (none: one of a usual name)")
    ] = (),
    scheme: Annotated[
        Scheme, Field(description="whose labels: the 14 observations of CheXpert, or the 14 classes of ChestX-ray14")
    ] = "chexpert",
    findings: Annotated[
        Path | None, Field(description="write every mention with status, place, size, triggers: .csv or .parquet")
    ] = None,
    html: Annotated[
        Path | None, Field(description="write a page with the evidence marked in the reports' text")
    ] = None,
    overwrite: Annotated[bool, Field(description="replace what exists")] = False,
) -> str:
    """Read radiology reports: labels that are stated (1), denied (0) or doubted (-1), each with its words.

    English and Chinese, by rules and a lexicon that stand in the package; nothing is downloaded and nothing leaves the
    machine. The other columns of the table are kept as they are, so that the labels can be joined; the page holds the
    reports' text. A report that cannot be read gets no label and says why.
    """
    for path in (out, findings):
        if path is not None:
            check_table(path)
    if html is not None:
        check_page(html)
    given = reports(source, columns=column)
    read = read_all(given.texts)
    unread = [one.problem for one in read if one.problem is not None]
    if len(unread) == len(read):
        raise InputError(f"{source.name}: none of {len(read)} reports can be read. {unread[0].says}")
    table = label_table(read, given.keys, scheme=scheme)
    save_table(table, out, overwrite=overwrite)
    if findings is not None:
        save_table(finding_table(read), findings, overwrite=overwrite)
    if html is not None:
        whole_text(html, report_text_page(shown(read, scheme=scheme), version=__version__), overwrite=overwrite)
    told = [f"{len(read)} reports read" if len(read) > 1 else "1 report read"]
    told += [f"{len(unread)} could not be ({unread[0].says})"] if unread else []
    told += [f"{given.mended} were decoded as GB 18030"] if given.mended else []
    return f"{'; '.join(told)}: {out}"
