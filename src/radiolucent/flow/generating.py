"""A cohort to a generator of its pictures: trained, judged beside real pictures, kept, and drawn from with marks."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..core import InputError, unknown
from ..evaluate import macro_auc, plain
from ..evaluate.generated import nearest
from ..learn import GAN, KerasClassifier, load, save
from ..learn.embedding import embedded
from ..report.generated import generated_page
from ..report.study import Picture
from ..write.picture import png_bytes
from ..write.synthetic import FORMS, SAYS, SUFFIX, write_synthetic, write_synthetic_npz
from . import three_parts
from .generating_quality import ARMS, Net, copied, downstream, quality
from .progress import bar, share_bar
from .study.question import write_json
from .three_parts import Parts, cohort_of, finished_parts

SHEET = 25
"""Generated pictures of each class on the contact sheet."""


@dataclass(frozen=True, kw_only=True)
class Asked(three_parts.Asked):
    """Everything that changes what is drawn: the cohort's columns, the generator's parameters, and what is measured."""

    kind: str = "wgan-gp"
    draw: int = 100
    form: str = "png"
    seeds: int = 5
    synthetic: float = 1.0
    splits: int = 10
    net_width: int = 24
    net_steps: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.form not in FORMS:
            raise unknown("form", self.form, FORMS)
        if self.seeds == 1:
            raise InputError("the downstream test needs 2 seeds at least (5 are usual); 0 leaves it out")


def generate(asked: Asked, out: Path, *, threads: int, resume: bool = False, shown: bool = False) -> dict[str, Any]:
    """Train and judge a generator; write model, marked pictures, `metrics.json` and `report.html` into `out`.

    The generator, the net that judges and the downstream classifiers see training rows alone. An interrupted run goes on
    with `resume` where it was. Gives what `metrics.json` holds.
    """
    read = cohort_of(asked)
    with finished_parts(asked, read, out, threads=threads, resume=resume, shown=shown) as (parts, work, final):
        made = trained(asked, parts, work / "generator.npz", threads=threads, shown=shown)
        net = Net(width=asked.net_width, steps=asked.net_steps, threads=threads)
        judge = net.made(asked.seed, classic=True).fit(parts.training.pictures, parts.training.codes)
        told = judged(asked, parts, made, judge)
        if asked.seeds:
            with bar("downstream test", asked.seeds * len(ARMS), shown=shown) as advance:
                told["downstream"] = downstream(
                    made, parts.training, parts.test, net, seeds=range(1, asked.seeds + 1), work=work / "downstream",
                    synthetic=asked.synthetic, progress=advance,
                )  # fmt: skip
        kept(asked, parts, made, final / "model")
        drawn(final / "model", final / "synthetic", n=asked.draw, seed=asked.seed, form=asked.form)
        told = plain(told)
        write_json(final / "metrics.json", told)
        page = generated_page(told, sheet(parts, made, asked.seed), pairs(parts, made, asked.seed))
        (final / "report.html").write_text(page, encoding="utf-8")
    return told


def trained(asked: Asked, parts: Parts, checkpoint: Path, *, threads: int | None, shown: bool) -> GAN:
    """The generator, fitted on training rows alone."""
    training = parts.training
    with share_bar("generator", shown=shown) as progress:
        made = GAN(
            kind=asked.kind, size=training.pictures.shape[1], width=asked.width, steps=asked.steps, batch=asked.batch,
            seed=asked.seed, checkpoint=checkpoint, threads=threads, progress=progress,
        )  # fmt: skip
        return made.fit(training.pictures, np.array(parts.classes)[training.codes])


def judged(asked: Asked, parts: Parts, made: GAN, judge: KerasClassifier) -> dict[str, Any]:
    """All figures but those of the downstream test."""
    training, held = parts.training, parts.held_out
    counts = {name: len(part) for name, part in zip(("training", "held_out", "test"), _three(parts), strict=True)}
    auc = macro_auc(held.codes, judge.predict_proba(held.pictures))[0] if len(held) else None
    dimensions = embedded(judge, training.pictures[:1]).shape[1]
    losses = made.losses_[:: max(1, len(made.losses_) // 100)]
    return {
        "version": 1, "radiolucent": __version__, "says": SAYS,
        "asked": asdict(asked) | {"source": Path(asked.source).name, "image_root": None},
        "n": counts, "skipped": parts.skipped, "patients_known": parts.patients_known,
        "classes": list(parts.classes), "class_counts": np.bincount(training.codes).tolist(),
        "size": int(training.pictures.shape[1]), "fit_s": made.seconds_, "losses": losses.tolist(),
        "embedding": {"net": "small_resnet", "n": len(training), "dimensions": dimensions, "auc": auc},
        "quality": quality(made, training, held, judge, splits=asked.splits, seed=asked.seed),
        "copied": copied(made, training, held, n=len(training), seed=asked.seed),
        "downstream": None,
    }  # fmt: skip


def _three(parts: Parts) -> tuple[Any, ...]:
    return parts.training, parts.held_out, parts.test


def kept(asked: Asked, parts: Parts, made: GAN, folder: Path) -> None:
    """Save the generator with what it was trained on."""
    told = {
        "classes": list(parts.classes), "draws": "synthetic pictures", "says": SAYS, "size": made.size_,
        "trained_on": {"rows": len(parts.training), "patients": len(np.unique(parts.training.patients))},
        "asked": {"kind": asked.kind, "steps": asked.steps, "seed": asked.seed}, "use": "research only, not for diagnosis",
    }  # fmt: skip
    save(folder, estimator=made, manifest=told)


def drawn(
    model: Path, out: Path, *, n: int, seed: int = 0, form: str = "png", label: str | None = None
) -> list[dict[str, str]]:
    """Draw `n` pictures from a kept generator into the new folder `out`, each marked, and list them in manifest.csv."""
    if form not in FORMS:
        raise unknown("form", form, FORMS)
    loaded = load(model)
    generator = loaded.estimator
    if not isinstance(generator, GAN):
        raise InputError(f"{model} is not a generator; `radiolucent generate COHORT -o RUN` makes one (RUN/model)")
    if out.exists() and any(out.iterdir()):
        raise InputError(f"{out} is not empty; give a new folder")
    pictures, labels = generator.sample(n, classes=label, seed=seed)
    told = {"model": hashlib.sha256(str(loaded.manifest["seal"]).encode()).hexdigest()[:16], "seed": str(seed)}
    out.mkdir(parents=True, exist_ok=True)
    rows = _files(pictures, labels, out, told, form)
    with (out / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ["file", "class", "number", "seed", "model", "synthetic", "says"])
        writer.writeheader()
        writer.writerows(rows)
    return rows


def _files(
    pictures: NDArray[np.uint8], labels: NDArray[Any], out: Path, told: Mapping[str, str], form: str
) -> list[dict[str, str]]:
    shared = {**told, "synthetic": "yes", "says": SAYS}
    if form == "npz":
        write_synthetic_npz(pictures, labels, out / "synthetic.npz", told=told)
    rows = []
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True), 1):
        name = re.sub(r"[^\w.-]+", "_", str(label)).strip(".") or "all"
        file = Path(name) / f"{number:05d}{SUFFIX[form]}"
        if form == "npz":
            file = Path("synthetic.npz")
        else:
            write_synthetic(picture, out / file, told={**told, "class": str(label), "number": str(number)})
        rows.append({"file": file.as_posix(), "class": str(label), "number": str(number), **shared})
    return rows


def sheet(parts: Parts, made: GAN, seed: int) -> dict[str, tuple[bytes, bytes]]:
    """For each class a sheet of generated and one of real training pictures."""
    shown = {}
    for code, name in enumerate(parts.classes):
        real = parts.training.pictures[parts.training.codes == code][:SHEET]
        shown[name] = (_tiled(made.sample(SHEET, classes=name, seed=seed)[0]), _tiled(real))
    return shown


def pairs(parts: Parts, made: GAN, seed: int, most: int = 6) -> list[Picture]:
    """The generated pictures that are nearest to a training picture, each beside it."""
    pictures, _ = made.sample(len(parts.training), seed=seed)
    at, away = nearest(pictures, parts.training.pictures)
    shots = []
    for row in np.argsort(away, kind="stable")[:most]:
        both = np.concatenate([pictures[row], parts.training.pictures[at[row]]], axis=1)
        apart = away[row] / parts.training.pictures[0].size ** 0.5
        shots.append(Picture(png_bytes(_larger(both)), f"{apart:.1f}"))
    return shots


def _tiled(pictures: NDArray[np.uint8], across: int = 5) -> bytes:
    side = pictures.shape[1]
    many = -(-len(pictures) // across) * across
    wide = np.full((many, side, side), 255, np.uint8)
    wide[: len(pictures)] = pictures
    rows = [np.concatenate(list(wide[k : k + across]), axis=1) for k in range(0, many, across)]
    return png_bytes(_larger(np.concatenate(rows)))


def _larger(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Twice the size, pixel by pixel, for small ones are hard to see."""
    return picture.repeat(2, axis=0).repeat(2, axis=1)


def sentence(told: Mapping[str, Any], out: Path) -> str:
    """What came of it, in one line."""
    rows = told["quality"]["rows"]
    said = f"KID {rows['generated']['kid']['value']:.3f} (real against real {rows['real']['kid']['value']:.3f})"
    return f"{said}, copying p = {told['copied']['p']:.2g}: {out / 'report.html'}"


def known_model(path: Path) -> bool:
    """Whether a folder is a kept model rather than a cohort."""
    manifest = path / "manifest.json"
    return manifest.is_file() and "seal" in json.loads(manifest.read_text(encoding="utf-8"))
