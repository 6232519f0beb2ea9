"""The page of a de-identification: what was done to each attribute, what was kept and why, and what risk remains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .blocks import Block, Cell, Points, Prose, Table, count_cell, name_cell, text_cell
from .numbers import number
from .shell import rendered
from .texts import Texts, texts

Told = Mapping[str, Any]
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".nii", ".nii.gz", ".nrrd", ".mha")


def deid_page(told: Told, *, language: str = "en") -> str:
    """One self-contained HTML file out of what `deid-report.json` holds; it names no file, path or person."""
    say = texts(language)
    values = {
        "title": _title(say, told),
        "next": say("deid.lead"),
        "parts": [
            (say("deid.risk"), _risk(say, told)),
            (say("deid.done"), [_done(say, told), *_formats(say, told)]),
            (say("deid.kept"), _kept(say, told)),
            (say("deid.undecided"), _undecided(say, told)),
            (say("deid.left"), _left(say, told)),
            (say("deid.methods"), [Prose(_methods(say, told), "quote")]),
        ],
        "made": say("page.made", {"version": told["radiolucent"]}),
    }
    return rendered("check.html", say, values)


def _title(say: Texts, told: Told) -> str:
    n = told["files"]
    left = n.get("damaged", 0) + n.get("refused", 0)
    values = {"files": say.count("files", n.get("done", 0)), "patients": say.count("patients", told["patients"])}
    return say("deid.title_left" if left else "deid.title", values | {"left": say.count("files", left)})


def _risk(say: Texts, told: Told) -> list[Block]:
    points = [
        _searched(say, told["verified"]),
        *_read_again(say, told["verified"]),
        *_pixels(say, told),
        *_faces(say, told),
        _names(say, told),
        *_mixed(say, told),
        _alike(say, told),
    ]
    if same := told["remarks"].get("same", 0):
        points.append(Prose(say("deid.same", {"files": say.count("files", same)})))
    return [Points(tuple((point, "") for point in points))]


def _searched(say: Texts, found: Told | None) -> Prose:
    if found is None:
        return Prose(say("deid.unsearched"), "warn")
    values = {
        "identifiers": number(found["identifiers"], 0),
        "files": say.count("files", found["files"]),
        "mb": number(found["bytes"] / 1e6, 1),
        "found": len(found["found"]),
        "undecided": len(found["undecided"]),
    }
    if found["found"]:
        return Prose(say("deid.found", values), "stop")
    text = say("deid.nothing_found", values) + (say("deid.words", values) if found["undecided"] else "")
    if unread := found.get("unread", 0):
        return Prose(text + say("deid.unread", {"files": say.count("files", unread)}), "warn")
    return Prose(text)


def _read_again(say: Texts, found: Told | None) -> list[Prose]:
    """What a second reader of pixels saw; where only bytes were searched, that none looked."""
    if found is None:
        return []
    read = found.get("pixels")
    if not read:
        return [Prose(say("deid.not_read_again"), "warn")]
    values = {
        "reader": read["reader"],
        "files": say.count("files", read["files"]),
        "frames": say.count("frames", read["frames"]),
        "before": say.count("files", read["before"]),
        "after": say.count("files", len({name for name, _ in read["found"]})),
        "undecided": say.count("files", len({name for name, _ in read["undecided"]})),
        "unread": say.count("files", read["unread"]),
    }
    text = say("deid.read_again", values) + (say("deid.read_words", values) if read["undecided"] else "")
    if read["found"]:
        return [Prose(text + say("deid.still_legible", values), "stop")]
    if read["unread"]:
        return [Prose(text + say("deid.not_legible", values) + say("deid.read_failed", values), "warn")]
    return [Prose(text + say("deid.not_legible", values))]


def _pixels(say: Texts, told: Told) -> list[Prose]:
    if "pixels" in told["clean"]:
        points = [Prose(say("deid.pixels_cleaned", {"boxes": number(told["boxes"], 0)}))]
        for row in told.get("unsearched", ()):
            values = {"files": say.count("files", row["n"]), "why": row["why"]}
            points.append(Prose(say("deid.pixels_unsearched", values), "warn"))
        return points
    stated, maybe = told["remarks"].get("burned_in", 0), told["remarks"].get("may_be_burned_in", 0)
    points = [Prose(say("deid.burned_in", {"files": say.count("files", stated)}), "stop")] if stated else []
    if maybe:
        points.append(Prose(say("deid.may_be_burned_in", {"files": say.count("files", maybe)}), "warn"))
    pictures = sum(row["n"] for row in told.get("formats", ()) if row["format"] in PICTURES)
    if pictures:
        points.append(Prose(say("deid.pictures", {"files": say.count("files", pictures)}), "warn"))
    return points or [Prose(say("deid.pixels_but_faces" if _faceless(told) else "deid.pixels_untouched"))]


def _faceless(told: Told) -> bool:
    return bool((told.get("faces") or {}).get("files"))


def _faces(say: Texts, told: Told) -> list[Prose]:
    taken = told.get("faces")
    if not taken:
        return []
    values = {"n": number(taken["samples"], 0), "files": say.count("files", taken["files"]), "series": taken["series"]}
    points = [Prose(say("deid.faces", values))]
    if taken["others"]:
        points.append(Prose(say("deid.no_faces", {"files": say.count("files", taken["others"])}), "warn"))
    return points


def _names(say: Texts, told: Told) -> Prose:
    n = sum(row["n"] for row in told["doubts"] if "name" in row["why"])
    return Prose(say("deid.names", {"n": number(n, 0)}), "warn") if n else Prose(say("deid.no_names"))


def _mixed(say: Texts, told: Told) -> list[Prose]:
    if not told["mixed"]:
        return []
    return [Prose(say("deid.mixed", {"n": len(told["mixed"]), "which": say.listed(list(told["mixed"]))}), "stop")]


def _alike(say: Texts, told: Told) -> Prose:
    group = told["anonymity"]
    if not group["kinds"]:
        return Prose(say("deid.none_kept") + ("" if _faceless(told) else say("deid.rebuilt")))
    values = {**group, "kinds": say.listed(list(group["kinds"])), "patients": told["patients"]}
    return Prose(say("deid.alike", values), "warn" if group["k"] < group["least"] else "plain")


def _done(say: Texts, told: Told) -> Table:
    head = _head(say, "attribute", "tag", "action")
    rows = tuple(
        (name_cell(row["keyword"]), text_cell(row["tag"]), text_cell(row["says"]), count_cell(row["n"]))
        for row in sorted(told["attributes"], key=lambda row: (row["tag"], row["action"]))
    )
    return Table(say("deid.done_table"), head, rows, say("deid.done_note"))


def _formats(say: Texts, told: Told) -> list[Block]:
    if not told.get("formats"):
        return []
    head = (
        Cell(say("deid_head.format")),
        Cell(say("deid_head.files"), is_number=True),
        Cell(say("deid_head.cut"), is_number=True),
    )
    rows = tuple((name_cell(row["format"]), count_cell(row["n"]), count_cell(row["cut"])) for row in told["formats"])
    return [Table(say("deid.formats_table"), head, rows, say("deid.formats_note"))]


def _kept(say: Texts, told: Told) -> list[Block]:
    if not told["kept"]:
        return [Prose(say("deid.kept_none"))]
    rows = tuple(
        (
            name_cell(row["keyword"]),
            text_cell(row["tag"]),
            text_cell(", ".join(row["because"]) or row["says"]),
            count_cell(row["n"]),
        )
        for row in told["kept"]
    )
    return [Table(say("deid.kept_table"), _head(say, "attribute", "tag", "because"), rows, say("deid.kept_note"))]


def _undecided(say: Texts, told: Told) -> list[Block]:
    if not told["doubts"]:
        return [Prose(say("deid.undecided_none"))]
    rows = tuple(
        (name_cell(row["keyword"]), text_cell(row["tag"]), text_cell(row["why"]), count_cell(row["n"]))
        for row in told["doubts"]
    )
    return [Table(say("deid.undecided_table"), _head(say, "attribute", "tag", "why"), rows)]


def _left(say: Texts, told: Told) -> list[Block]:
    if not told["not_copied"]:
        return [Prose(say("deid.left_none"))]
    rows = tuple(
        (name_cell(say(f"deid_state.{row['state']}")), text_cell(row["why"]), count_cell(row["n"]))
        for row in told["not_copied"]
    )
    return [Table(say("deid.left_table"), _head(say, "state", "why"), rows, say("deid.left_note"))]


def _methods(say: Texts, told: Told) -> str:
    codes = say.listed([f"{meaning} ({value})" for value, meaning in told["codes"]], most=20)
    return say("deid.method", {"codes": codes, "version": told["radiolucent"]})


def _head(say: Texts, *keys: str) -> tuple[Cell, ...]:
    return (*(Cell(say(f"deid_head.{key}")) for key in keys), Cell(say("deid_head.n"), is_number=True))
