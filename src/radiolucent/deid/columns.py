"""Tables: columns that identify are keyed or emptied, days move with their patient, all other text is cleaned."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import openpyxl

from .elements import DamageError
from .key import Key
from .person import birth_forms, bounded
from .profile import Options
from .text import GONE, cleaned

MOST_UNPACKED = 2**30
KINDS = (
    ("patient", r"(patient|subject|participant|case)?_?(id|number|no|nr|key|identifier)|mrn|pid|patient|subject|participant"
     r"|participant_?id|medical_?record_?(number|no)?|hospital_?(id|number|no)|record_?id"),
    ("uid", r".*uid"),
    ("accession", r".*(accession|acc_?n(o|r|um|umber)).*|study_?id|exam_?id|visit_?id|encounter.*|order_?(id|no|number)"),
    ("file", r"(image|file|path|file_?name|image_?path|image_?file|img|file_?path|dicom|nifti|mask)"),
    ("gone", r".*(name|surname|address|street|city|town|zip|post_?code|phone|tel|fax|e_?mail|ssn|social|insurance|physician"
     r"|doctor|referr|operator|hospital|institution|clinic|employer|passport|station|serial|url|contact|kin|birth|dob).*"),
    ("day", r".*(date|datum|_day|day_of|time_?stamp|when|time).*"),
    ("person", r"(patient_?)?(age(_years)?|sex|gender|weight.*|height.*|size|ethnic.*|race)"),
)  # fmt: skip
CHINESE_KINDS = (
    (
        "gone",
        r".*(姓名|名字|地址|住址|电话|手机|邮箱|邮编|身份证|社保|医保|医生|医师|技师|医院|机构|单位|家属|联系人|籍贯|出生|生日).*",
    ),
    ("uid", r".*uid"),
    ("accession", r".*(检查号|检查编号|影像号|申请单号|住院号|门诊号|就诊号|报告号|登记号).*"),
    ("patient", r"(患者|病人|受试者|病例)?(编号|号|号码|id)|患者|病人|病历号|病案号|受试者|登记编号"),
    ("file", r".*(文件|路径|图像|影像)(名|名称|文件|路径)?"),
    ("day", r".*(日期|时间|日)"),
    ("person", r"(患者)?(年龄|性别|体重|身高|民族)(岁|\(岁\)|（岁）)?"),
)
"""The same in Chinese; `gone` comes first, for a day of birth is no day that moves."""
_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in (*KINDS, *CHINESE_KINDS))
_NUMBER = re.compile(r"[-+]?\d{1,5}|[-+]?\d*[.,]\d+(?:[eE][-+]?\d+)?")
_OTHER_SCRIPT = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]|[^\W\d_\x00-\u024f\u1e00-\u1eff]{2,}")
"""Letters that are not Latin (one Greek letter is a unit or a symbol): no list or shape knows names among them."""
_HIGH = re.compile(rb"[\x81-\xfe]+")
CHINESE_FROM = 0.8
"""Share of high bytes that stand beside others: nearly all do in Chinese (GB 18030, where only the second byte of a rare
character may be low), few in Western languages."""
_FORMS = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%Y/%m/%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")

Row = list[Any]


def cleaned_csv(data: bytes, key: Key, options: Options, place_of: Callable[[str], str]) -> tuple[bytes, int]:
    """A table of text, as UTF-8; `place_of` gives the new place of a file that a cell names."""
    text = _decoded(data)
    mark = max(",;\t|", key=lambda one: len(next(csv.reader([text.splitlines()[0]], delimiter=one)))) if text else ","
    try:
        rows = list(csv.reader(StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise DamageError("the table cannot be read") from error
    made, cut = cleaned_rows(rows, key, options, place_of)
    out = StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(made)
    return out.getvalue().encode(), cut


def cleaned_xlsx(data: bytes, key: Key, options: Options, place_of: Callable[[str], str]) -> tuple[bytes, int]:
    """A workbook with the cells' values only: no comments, hidden properties, formulas or names of sheets."""
    _refuse_bombs(data)
    try:
        old = openpyxl.load_workbook(BytesIO(data), data_only=True, keep_links=False)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, TypeError, AttributeError) as error:
        raise DamageError("the workbook cannot be read") from error
    new, cut = openpyxl.Workbook(), 0
    new.remove(new.active)
    for number, sheet in enumerate(old.worksheets, 1):
        rows, n = cleaned_rows([list(row) for row in sheet.iter_rows(values_only=True)], key, options, place_of)
        cut += n
        page = new.create_sheet(f"Sheet{number}")
        for row in rows:
            page.append(row)
    new.properties.creator = None
    made = BytesIO()
    new.save(made)
    return made.getvalue(), cut


def cleaned_rows(rows: list[Row], key: Key, options: Options, place_of: Callable[[str], str]) -> tuple[list[Row], int]:
    """Rows below a header. Without a header row that names its columns, nothing could be told of them."""
    if not rows:
        return [], 0
    head = [str(name or "").strip() for name in rows[0]]
    kinds = [kind_of(name) for name in head]
    made: list[Row] = [[cleaned(name.replace("_", " ")).text.replace(" ", "_") for name in head]]
    cut = 0
    for row in rows[1:]:
        new = _row(row, kinds, key, options, place_of)
        cut += sum(str(a or "") != str(b or "") for a, b in zip(row, new))
        made.append(new)
    return made, cut


def kind_of(name: str) -> str:
    """What a column of this name holds: one of `KINDS`, or `text`."""
    plain = re.sub(r"[\s\-.]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())).lower()
    joined = plain.replace("_u_id", "_uid").replace("u_i_d", "uid")
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(joined)), "text")


def _row(row: Row, kinds: list[str], key: Key, options: Options, place_of: Callable[[str], str]) -> Row:
    kinds = [*kinds, *["text"] * (len(row) - len(kinds))]
    patient = next((str(cell).strip().encode() for cell, kind in zip(row, kinds) if kind == "patient" and cell), b"")
    known = bounded(_known(row, kinds))
    moved = timedelta(key.days_back(patient)) if patient and "modified-dates" in options.keep else None
    makers: dict[str, Callable[[Any], Any]] = {
        "patient": lambda cell: key.word("patient", str(cell).strip().encode()),
        "uid": lambda cell: cell if "uids" in options.keep else key.uid(str(cell).strip().encode()).decode(),
        "accession": lambda cell: key.word("accession", str(cell).strip().encode()),
        "file": lambda cell: place_of(str(cell)),
        "gone": lambda _: None,
        "day": lambda cell: cell if "full-dates" in options.keep else _shifted(cell, moved),
        "person": lambda cell: _characteristic(cell) if "patient-characteristics" in options.keep else None,
        "text": lambda cell: _text(cell, known, moved),
    }
    return [None if cell is None or cell == "" else makers[kind](cell) for cell, kind in zip(row, kinds)]


def _known(row: Row, kinds: list[str]) -> Iterable[str]:
    """What the row itself tells of its patient."""
    for cell, kind in zip(row, kinds):
        text = str(cell or "").strip()
        if kind == "gone":
            yield from (part.lower() for part in re.split(r"[\s,^;]+", text) if len(part) > 2)
        elif kind in ("patient", "accession") and len(text) > 2:
            yield text.lower()
        if kind in ("gone", "day") and (day := _day(cell)):
            yield from (form.decode() for form in birth_forms(f"{day:%Y%m%d}".encode()))


def _text(cell: Any, known: re.Pattern[str], moved: timedelta | None) -> Any:
    if isinstance(cell, datetime | date):
        return _shifted(cell, moved)
    if isinstance(cell, bool | float) or (isinstance(cell, int) and abs(cell) < 10**5):
        return cell
    text = str(cell)
    if _OTHER_SCRIPT.search(text):
        return GONE
    return cell if _NUMBER.fullmatch(text.strip()) else cleaned(text, known).text


def _characteristic(cell: Any) -> Any:
    """As it is; an age over 89 years is told as 90."""
    found = re.fullmatch(r"\s*(\d{2,3})(?:\.\d+)?\s*", str(cell))
    return 90 if found and 89 < int(found[1]) < 130 else cleaned(cell).text if isinstance(cell, str) else cell


def _shifted(cell: Any, moved: timedelta | None) -> Any:
    """Earlier by the patient's own shift, in the form that it was written in; nothing where that is not to be had."""
    day = _day(cell)
    if day is None or moved is None:
        return None
    if isinstance(cell, datetime | date):
        return cell - moved
    form = next(form for form in _FORMS if _parsed(str(cell).strip(), form))
    return (day - moved).strftime(form)


def _day(cell: Any) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    return next((day for form in _FORMS if (day := _parsed(str(cell or "").strip(), form))), None)


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030" if _is_chinese(data) else "latin-1", "replace")


def _is_chinese(data: bytes) -> bool:
    runs = [len(run) for run in _HIGH.findall(data)]
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return sum(n for n in runs if n > 1) >= CHINESE_FROM * sum(runs)


def _refuse_bombs(data: bytes) -> None:
    """No workbook that unpacks beyond all bounds, and none whose XML declares entities."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise DamageError("the workbook unpacks beyond all bounds")
            for member in archive.infolist():
                if member.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(member)[:4096].upper():
                    raise DamageError("the workbook declares entities")
    except zipfile.BadZipFile as error:
        raise DamageError("the workbook cannot be read") from error
