"""The page of pictures that look like one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .blocks import Block, Cell, Pictures, Prose, Table, count_cell, name_cell, number_cell
from .shell import rendered
from .study import Gallery, Picture
from .texts import Texts, texts


@dataclass(frozen=True)
class Near:
    """One picture of the cohort: PNG, likeness, class, key of its patient, and whether it is the very same picture."""

    png: bytes
    likeness: float
    target: str
    key: str
    same: bool


def similar_page(
    asked: bytes,
    near: Sequence[Near],
    classes: Mapping[str, int],
    failed: Sequence[str],
    *,
    by: str,
    version: str,
    language: str = "en",
) -> str:
    """One self-contained HTML file; `classes` says how many pictures of each class the cohort has."""
    say = texts(language)
    total = sum(classes.values())
    counted = {name: sum(one.target == name for one in near) for name in classes}
    first = max(counted, key=lambda name: (counted[name], -list(classes).index(name)))
    about = {
        "n": len(near),
        "count": counted[first],
        "name": first,
        "total": total,
        "share": f"{classes[first] / total:.0%}",
    }
    values = {
        "title": say("similar.title", about),
        "next": say("similar.lead", {"by": say(f"similar_by.{by}")}),
        "parts": [
            (say("similar.nearest"), [_gallery(say, asked, near), *_notes(say, near, failed)]),
            (say("similar.classes"), [_table(say, classes, counted, len(near))]),
        ],
        "made": say("page.made", {"version": version}),
    }
    return rendered("check.html", say, values)


def _gallery(say: Texts, asked: bytes, near: Sequence[Near]) -> Pictures:
    shots = [Picture(asked, say("similar.asked"))]
    shots += [
        Picture(
            one.png,
            say("similar.shot", {"k": k, "likeness": f"{one.likeness:.2f}", "target": one.target, "key": one.key}),
        )
        for k, one in enumerate(near, 1)
    ]
    return Pictures(Gallery(say("similar.gallery"), say("similar.order"), "other", tuple(shots)))


def _notes(say: Texts, near: Sequence[Near], failed: Sequence[str]) -> list[Block]:
    same = sum(one.same for one in near)
    notes: list[Block] = [Prose(say("similar.same", {"n": same}), "warn")] if same else []
    if failed:
        notes.append(Prose(say("similar.failed", {"n": len(failed), "first": failed[0]}), "warn"))
    return notes


def _table(say: Texts, classes: Mapping[str, int], counted: Mapping[str, int], n: int) -> Table:
    names = [say(f"similar.{key}") for key in ("class", "among", "share", "all")]
    head = tuple(Cell(name, is_number=k > 0) for k, name in enumerate(names))
    total = sum(classes.values())
    rows = tuple(
        (name_cell(name), count_cell(counted[name]), number_cell(counted[name] / n, 2), number_cell(count / total, 2))
        for name, count in classes.items()
    )
    return Table(say("similar.table"), head, rows, say("similar.note"))
