"""The page of rate and distortion: what compression costs in quality, and from where on it changes a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .blocks import Block, Cell, Figure, Prose, Row, Table, name_cell, number_cell
from .charts.lines import Curve, line_chart
from .shell import rendered
from .texts import Texts, texts


@dataclass(frozen=True)
class Coding:
    """One codec at one ratio: what was asked, what came of it, and how far each use still agrees (1: as before)."""

    codec: str
    asked: float
    ratio: float
    bits_per_pixel: float
    psnr_db: float | None
    ssim: float | None
    agreement: Mapping[str, float]


@dataclass(frozen=True)
class RateStudy:
    """All codings of one picture; `refused` says why a codec went no further."""

    name: str
    codings: tuple[Coding, ...]
    refused: Mapping[str, str]
    uses: tuple[str, ...]
    least: float

    @property
    def codecs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(coding.codec for coding in self.codings))

    def of(self, codec: str) -> tuple[Coding, ...]:
        """The codings of one codec, from the least ratio to the greatest."""
        return tuple(sorted((c for c in self.codings if c.codec == codec), key=lambda c: c.asked))


def tolerable(study: RateStudy, codec: str, use: str) -> float | None:
    """The greatest ratio tried up to which every agreement is enough; `None` where the first is not."""
    best = None
    for coding in study.of(codec):
        if coding.agreement[use] < study.least:
            break
        best = coding.asked
    return best


def rate_page(study: RateStudy, *, version: str, language: str = "en") -> str:
    """One self-contained HTML file."""
    say = texts(language)
    values = {
        "title": _title(say, study),
        "next": say("rate.lead", {"least": f"{study.least:g}"}),
        "parts": [
            (say("rate.use"), _uses(say, study)),
            (say("rate.quality"), _quality(say, study)),
            (say("rate.figures"), _figures(say, study)),
        ],
        "made": say("page.made", {"version": version}),
    }
    return rendered("check.html", say, values)


def _title(say: Texts, study: RateStudy) -> str:
    """The best codec for the first use."""
    use = study.uses[0]
    found = {codec: ratio for codec in study.codecs if (ratio := tolerable(study, codec, use)) is not None}
    about = {"name": study.name, "use": say.name("rate_use", use), "least": f"{study.least:g}"}
    if not found:
        return say("rate.none", about)
    codec = max(found, key=found.__getitem__)
    return say("rate.title", {**about, "codec": codec, "ratio": f"{found[codec]:g}"})


def _uses(say: Texts, study: RateStudy) -> list[Block]:
    head = (Cell(say("rate.codec")), *(Cell(say.name("rate_use", use), is_number=True) for use in study.uses))
    rows = tuple(
        (name_cell(codec), *(_ratio_cell(say, tolerable(study, codec, use)) for use in study.uses))
        for codec in study.codecs
    )
    charts = tuple(
        _chart(say, study, f"use{k}", say.name("rate_use", use), [c.agreement[use] for c in study.codings], study.least)
        for k, use in enumerate(study.uses)
    )
    return [Table(say("rate.table"), head, rows, say("rate.rule", {"least": f"{study.least:g}"})), Row(charts)]


def _ratio_cell(say: Texts, ratio: float | None) -> Cell:
    return Cell(say("rate.below") if ratio is None else f"{ratio:g}:1", is_number=True)


def _quality(say: Texts, study: RateStudy) -> list[Block]:
    psnr, ssim = [c.psnr_db for c in study.codings], [c.ssim for c in study.codings]
    return [
        Row((_chart(say, study, "psnr", say("rate.psnr"), psnr), _chart(say, study, "ssim", say("rate.ssim"), ssim)))
    ]


def _figures(say: Texts, study: RateStudy) -> list[Block]:
    names = [say(f"rate.{key}") for key in ("codec", "asked", "reached", "bits", "psnr", "ssim")]
    names += [say.name("rate_use", use) for use in study.uses]
    head = tuple(Cell(name, is_number=k > 0) for k, name in enumerate(names))
    rows = tuple(
        (
            name_cell(c.codec), number_cell(c.asked, 0), number_cell(c.ratio, 2), number_cell(c.bits_per_pixel, 3),
            number_cell(c.psnr_db, 1), number_cell(c.ssim, 4), *(number_cell(c.agreement[use], 4) for use in study.uses),
        )
        for c in study.codings
    )  # fmt: skip
    notes = [Prose(say("rate.refused", {"codec": codec, "why": why}), "soft") for codec, why in study.refused.items()]
    return [Table(say("rate.all"), head, rows, say("rate.note")), *notes]


def _chart(
    say: Texts, study: RateStudy, key: str, name: str, values: Sequence[float | None], level: float | None = None
) -> Figure:
    """One quantity over the ratio, a line for each codec."""
    curves = []
    for number, codec in enumerate(study.codecs):
        points = [(c.ratio, v) for c, v in zip(study.codings, values) if c.codec == codec and v is not None]
        curves.append(Curve(codec, f"c{number}", tuple(sorted(points))))
    sentence = say("rate.chart", {"name": name}) + ("" if level is None else say("rate.level", {"least": f"{level:g}"}))
    return Figure((line_chart(key, name, sentence, curves, axes=(say("rate.ratio"), name), level=level),), sentence)
