"""The gallery: one page on which every operation is seen at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .shell import rendered
from .texts import texts


@dataclass(frozen=True)
class View:
    """One picture before and after, its modality, and the words below it."""

    modality: str
    before: bytes | None
    after: bytes | None
    words: str
    remark: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One operation: its name, what it does, the command, and a view for each modality."""

    name: str
    summary: str
    command: str
    views: tuple[View, ...]


def gallery_page(stages: Mapping[str, Sequence[Entry]], *, about: str, version: str, language: str = "en") -> str:
    """One self-contained HTML file; `about` says whose pictures these are."""
    say = texts(language)
    count = sum(map(len, stages.values()))
    values = {
        "title": say("gallery.title", {"n": count}),
        "next": say("gallery.lead"),
        "about": about,
        "stages": stages,
        "made": say("page.made", {"version": version}),
    }
    return rendered("gallery.html", say, values)
