"""What a report is made of: the figures of a study, where they come from, and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from radiolucent.core import InputError, freeze

GalleryKind = Literal["best", "worst", "uncertain", "errors", "twins", "conflicts", "other"]

SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Picture:
    """A small picture (PNG or JPEG bytes) with its caption; `overlay` is the same picture with the heat map drawn in.

    The caption is shown to people who may not know the patients: keys and row numbers, never raw ids or paths.
    """

    png: bytes
    caption: str
    overlay: bytes | None = None

    def __post_init__(self) -> None:
        for content in (self.png, self.overlay):
            if content is not None:
                media_type(content)


@dataclass(frozen=True)
class Gallery:
    """Pictures under one heading. In a gallery of twins or conflicts, two pictures at a time are a pair."""

    title: str
    sentence: str
    kind: GalleryKind
    pictures: tuple[Picture, ...]

    @property
    def is_pairs(self) -> bool:
        return self.kind in ("twins", "conflicts")


@dataclass(frozen=True)
class Importance:
    """How much each named feature weighs: of a candidate (global) or of one case (local SHAP values, signed).

    `rows` are mappings `{"name", "value", "low", "high"}`; `low` and `high` may be absent.
    """

    title: str
    sentence: str
    rows: tuple[Mapping[str, Any], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", freeze(list(self.rows)))


@dataclass(frozen=True)
class Study:
    """All that a report shows.

    `metrics` follows docs/metrics.md (metrics.json, version 1). `provenance` holds command, seed, versions, hashes,
    started, finished, seconds, machine. `cohort` holds flow ``[{"label", "n"}]``, demographics
    ``[{"column", "rows": [{"value", "all", "folds": [n per fold]}]}]`` and missing ``[{"column", "n"}]``.
    `methods` may hold preprocessing (a sentence), candidates ``{name: sentence}``, metadata_columns, modality.
    `baseline` names the candidate that sees no picture. Whatever is absent is left out of the page, and said so.
    """

    metrics: Mapping[str, Any]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    cohort: Mapping[str, Any] = field(default_factory=dict)
    galleries: tuple[Gallery, ...] = ()
    importances: tuple[Importance, ...] = ()
    methods: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    baseline: str = "metadata"

    def __post_init__(self) -> None:
        for name in ("metrics", "provenance", "cohort", "methods"):
            object.__setattr__(self, name, freeze(getattr(self, name)))
        object.__setattr__(self, "galleries", tuple(self.galleries))
        object.__setattr__(self, "importances", tuple(self.importances))
        if self.metrics.get("version") != 1:
            raise InputError(
                f"this report reads metrics.json version 1, got {self.metrics.get('version')!r}; "
                "run the study again with this version of radiolucent"
            )


def media_type(content: bytes) -> str:
    """`image/png` or `image/jpeg`, by the first bytes; anything else is refused, for it would go into a page."""
    for signature, name in SIGNATURES.items():
        if content.startswith(signature):
            return name
    raise InputError("a picture of a report must be PNG or JPEG bytes; write it as one of these")
