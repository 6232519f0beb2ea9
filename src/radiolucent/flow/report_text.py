"""Reports from files: one text, or a column of a table; their labels and findings as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import InputError, unknown
from ..read.table import open_table
from ..reason.text.findings import status_of, value_of, where_of
from ..reason.text.labels import SCHEMES, Scheme, label_of, labels_of
from ..reason.text.report import Observation, Reading, read_report
from ..report.report_text import Mark, ShownReport

USUAL = ("report", "report_text", "text", "reports", "findings", "impression", "报告", "检查所见", "诊断意见")
TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".parquet", ".pq")


@dataclass(frozen=True)
class Reports:
    """Texts in their order, the other columns of their table, and how many were written in GB 18030."""

    texts: tuple[str, ...]
    keys: pd.DataFrame
    column: str = ""
    mended: int = 0


def reports(source: Path, *, columns: Sequence[str] = ()) -> Reports:
    """The reports of a file: a text file is one, a table has one in each row (several columns are read one after another)."""
    if source.suffix.lower() not in TABLES:
        if columns:
            raise InputError(f"{source.name} is one report, which has no columns; leave --column out, or give a table")
        return Reports((_decoded(source),), pd.DataFrame(index=[0]))
    return reports_of(open_table(source), columns, source.name)


def reports_of(table: pd.DataFrame, columns: Sequence[str], name: str) -> Reports:
    """The reports of a table that was read."""
    if not columns and len(table.columns) == 1 and _is_report(str(table.columns[0])):
        texts = [str(table.columns[0]), *table.iloc[:, 0].fillna("")]
        found, count = _mended(texts)
        return Reports(found, keys=pd.DataFrame(index=range(len(texts))), mended=count)
    chosen = list(columns) or [_usual(table, name)]
    for column in chosen:
        if column not in table:
            raise unknown(f"column in {name}", column, table.columns)
    if table.empty:
        raise InputError(f"{name} has no rows below its header")
    texts = [_joined(chosen, row) for row in table[chosen].itertuples(index=False)]
    keys = table.drop(columns=chosen).reset_index(drop=True)
    found, count = _mended(texts)
    return Reports(found, keys=keys, column=", ".join(chosen), mended=count)


def label_table(read: Sequence[Reading], keys: pd.DataFrame, *, scheme: Scheme) -> pd.DataFrame:
    """A row for each report: its number, its own columns, the labels, and why there are none where it could not be read."""
    rows = pd.DataFrame([labels_of(one, scheme=scheme) for one in read], columns=list(SCHEMES[scheme])).astype("Int64")
    taken = sorted(set(map(str, keys)) & ({"row", "problem"} | set(rows)))
    if taken:
        raise InputError(f"the table has a column {taken[0]!r}, which the labels need; rename it")
    problems = pd.Series(["" if one.problem is None else one.problem.says for one in read], name="problem")
    number = pd.Series(range(1, len(read) + 1), name="row")
    return pd.concat([number, keys.reset_index(drop=True), rows, problems], axis=1)


def finding_table(read: Sequence[Reading]) -> pd.DataFrame:
    """A row for each mention in each report."""
    return pd.DataFrame([line for k, one in enumerate(read, 1) for line in _lines(k, one)], columns=_COLUMNS)


_COLUMNS = (
    *("row", "finding", "status", "value", "label", "side", "place", "size_mm", "before_mm", "section"),
    *("start", "end", "words", "triggers", "sentence", "relations"),
)


def _lines(number: int, read: Reading) -> Iterator[dict[str, Any]]:
    for one in read.observations:
        told, size = one.mention, one.size
        ends = {(told.start, told.end)}
        joined = [r for r in read.relations if {r.subject, r.object} & ends]
        yield {
            "row": number,
            "finding": told.concept.replace("_", " "),
            "status": status_of(one),
            "value": value_of(one),
            "label": label_of(one),
            "side": one.side,
            "place": one.place.replace("_", " "),
            "size_mm": None if size is None else size.largest_mm,
            "before_mm": None if size is None else size.before_mm,
            "section": one.section,
            "start": told.start,
            "end": told.end,
            "words": read.text[told.start : told.end],
            "triggers": "; ".join(told.context.because),
            "sentence": read.quoted(one),
            "relations": "; ".join(
                f"{read.text[slice(*r.subject)]} {r.kind} {read.text[slice(*r.object)]}" for r in joined
            ),
        }


def shown(read: Sequence[Reading], *, scheme: Scheme) -> list[ShownReport]:
    """The reports as the page shows them."""
    return [
        ShownReport(
            f"{k}",
            one.text,
            tuple(_mark(found) for found in one.observations),
            None if one.problem else labels_of(one, scheme=scheme),
            one.problem.says if one.problem else "",
        )
        for k, one in enumerate(read, 1)
    ]


def _mark(one: Observation) -> Mark:
    told = one.mention
    triggers = f" ({'; '.join(told.context.because)})" if told.context.because else ""
    where = where_of(one)
    note = f"{told.concept.replace('_', ' ')}: {status_of(one)}{triggers}{'; ' + where if where else ''}"
    if one.size is not None:
        note += f"; {one.size.largest_mm:g} mm"
    return Mark(told.start, told.end, told.status if told.counts else "aside", note)


def read_all(texts: Sequence[str]) -> list[Reading]:
    """Every text read, the same text once."""
    seen = {text: read_report(text) for text in dict.fromkeys(texts)}
    return [seen[text] for text in texts]


def _usual(table: pd.DataFrame, name: str) -> str:
    for usual in USUAL:
        for column in table:
            if str(column).strip().lower().replace(" ", "_") == usual:
                return str(column)
    raise InputError(
        f"{name} has the columns {', '.join(map(str, table))}; say which one holds the report with --column"
    )


def _is_report(head: str) -> bool:
    """A header of many words is a report: the table has none (the CheXpert labeler's form)."""
    return len(head.split()) >= 4


def _joined(columns: Sequence[str], cells: Sequence[Any]) -> str:
    there = [(name, str(cell)) for name, cell in zip(columns, cells) if not pd.isna(cell)]
    if len(columns) == 1:
        return there[0][1] if there else ""
    return "\n\n".join(f"{name.upper()}:\n{cell}" for name, cell in there)


def _mended(texts: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """Chinese that was written in GB 18030 and decoded as Latin-1, as tables of that kind are, brought back."""
    out = [_from_gb(text) for text in texts]
    return tuple(out), sum(a != b for a, b in zip(out, texts))


def _from_gb(text: str) -> str:
    wrong = read_report(text).problem if any("\x80" <= char <= "\xff" for char in text) else None
    if wrong is None or wrong.code != "text.encoding":
        return text
    try:
        return text.encode("latin-1").decode("gb18030")
    except UnicodeError:
        return text


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path.name} is text in no encoding that is read here; save it as UTF-8")
