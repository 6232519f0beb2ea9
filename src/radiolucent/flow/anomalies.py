"""A cohort of normal pictures to a detector of what is not: trained on normals, held against simple scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .. import __version__
from ..core import InputError, unknown
from ..evaluate import difference, figure, plain, resamples
from ..evaluate.score import auc
from ..learn import AnoGAN, save
from ..read import keyed, secret_key
from ..report.anomalies import anomalies_page
from ..report.study import Picture
from ..write.picture import overlay, png_bytes
from . import three_parts
from .progress import share_bar
from .study.question import write_json
from .three_parts import Part, Parts, cohort_of, finished_parts

NEIGHBOURS = 5
"""Training normals that the simple score by correlation looks at."""

ALARMS = 0.05
"""Share of held-out normals above the threshold."""

SHOTS = 8


@dataclass(frozen=True, kw_only=True)
class Asked(three_parts.Asked):
    """Everything that changes what is learned: the cohort's columns, the normal class, and the nets' parameters."""

    normal: str
    encoder_steps: int = 2000


def learn_normal(asked: Asked, out: Path, *, threads: int, resume: bool = False, shown: bool = False) -> dict[str, Any]:
    """Learn what is normal in training rows, test on others; write model, scores, `metrics.json`, `report.html` to `out`.

    The threshold is that which 5 % of the held-out normals pass; the tested rows choose nothing.
    """
    read = cohort_of(asked)
    if asked.normal not in read.classes:
        raise unknown("class for --normal", asked.normal, read.classes)
    with finished_parts(asked, read, out, threads=threads, resume=resume, shown=shown) as (parts, work, final):
        normals = parts.training.of(is_normal(parts, parts.training, asked.normal))
        made = trained(asked, normals, work / "detector.npz", threads=threads, shown=shown)
        told = plain(tested(asked, parts, made))
        kept(asked, parts, made, told, final / "model")
        _table(read.table, parts.test, made, told["threshold"]).to_csv(final / "scores.csv", index=False)
        write_json(final / "metrics.json", told)
        page = anomalies_page(told, shots(parts, made, asked.normal))
        (final / "report.html").write_text(page, encoding="utf-8")
    return told


def trained(asked: Asked, normals: Part, checkpoint: Path, *, threads: int | None, shown: bool) -> AnoGAN:
    """The detector, fitted on normal training rows alone."""
    with share_bar("normals", shown=shown) as progress:
        made = AnoGAN(
            size=normals.pictures.shape[1], width=asked.width, steps=asked.steps, encoder_steps=asked.encoder_steps,
            batch=asked.batch, seed=asked.seed, checkpoint=checkpoint, threads=threads, progress=progress,
        )  # fmt: skip
        return made.fit(normals.pictures)


def tested(asked: Asked, parts: Parts, made: AnoGAN) -> dict[str, Any]:
    """AUC of the detector and of simple scores on the tested rows, their paired differences, and the alarms."""
    training, held, test = parts.training, parts.held_out, parts.test
    normals = training.pictures[is_normal(parts, training, asked.normal)]
    scores = {
        "f_anogan": -made.score_samples(test.pictures),
        "deviation": spread_of_grey(test.pictures),
        "correlation": unlikeness(test.pictures, normals),
    }
    held_normal = held.pictures[is_normal(parts, held, asked.normal)]
    turned = {"deviation": _turned(spread_of_grey(held.pictures), ~is_normal(parts, held, asked.normal))}
    scores = {name: turned.get(name, 1) * values for name, values in scores.items()}
    bound = float(np.quantile(-made.score_samples(held_normal), 1 - ALARMS)) if len(held_normal) else None
    abnormal = ~is_normal(parts, test, asked.normal)
    return {
        "version": 1, "radiolucent": __version__,
        "asked": asdict(asked) | {"source": Path(asked.source).name, "image_root": None}, "normal": asked.normal,
        "n": {"normals": len(normals), "held_out_normals": len(held_normal), "test": len(test), "abnormal": int(abnormal.sum())},
        "patients": len(np.unique(test.patients)), "patients_known": parts.patients_known, "skipped": parts.skipped,
        "size": made.size_, "neighbours": NEIGHBOURS, "threshold": bound, "alarms": ALARMS,
        "deviation_turned": turned["deviation"] < 0,
        **compared(scores, abnormal, test.patients), "rates": rates(scores["f_anogan"], abnormal, test.patients, bound),
    }  # fmt: skip


def compared(
    scores: Mapping[str, NDArray[Any]], abnormal: NDArray[np.bool_], patients: NDArray[Any], *, replicates: int = 2000
) -> dict[str, Any]:
    """AUC of each score with its interval, and of the first less each other, from the same draws of patients."""
    if not abnormal.any() or abnormal.all():
        raise InputError(
            "the tested rows are all normal, or none is; both are needed to say how well a score tells them"
        )
    draws = resamples(abnormal, patients, replicates=replicates)
    values = {name: float(auc(abnormal, score)[0]) for name, score in scores.items()}
    samples = draws.apply(lambda weights: {name: auc(abnormal, score, weights) for name, score in scores.items()})
    first, *others = scores
    pairs = []
    for name in others:
        told, p = difference(values[first], values[name], samples[first], samples[name])
        pairs.append({"a": first, "b": name, "auc": told, "p": p})
    return {"scores": {name: figure(values[name], samples[name]) for name in scores}, "differences": pairs}


def rates(
    score: NDArray[Any], abnormal: NDArray[np.bool_], patients: NDArray[Any], bound: float | None
) -> dict[str, Any] | None:
    """Share of abnormal and of normal test pictures above the threshold."""
    if bound is None:
        return None
    above, draws = score > bound, resamples(abnormal, patients)
    shares = draws.apply(
        lambda w: {
            "alarm": (w @ (above & abnormal)) / (w @ abnormal),
            "false": (w @ (above & ~abnormal)) / (w @ ~abnormal),
        }
    )
    return {
        "sensitivity": figure(above[abnormal].mean(), shares["alarm"]),
        "false_alarms": figure(above[~abnormal].mean(), shares["false"]),
    }


def is_normal(parts: Parts, part: Part, normal: str) -> NDArray[np.bool_]:
    """Which pictures of a part are of the normal class."""
    return part.codes == parts.classes.index(normal)


def spread_of_grey(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Standard deviation of each picture's grey values: the simplest score there is."""
    return pictures.reshape(len(pictures), -1).std(axis=1)


def unlikeness(pictures: NDArray[np.uint8], normals: NDArray[np.uint8], *, k: int = NEIGHBOURS) -> NDArray[np.float64]:
    """One less the mean correlation with the `k` training normals that are most like each picture."""
    likeness = _standard(pictures) @ _standard(normals).T
    return 1 - np.sort(likeness, axis=1)[:, -k:].mean(axis=1)


def _standard(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    rows = pictures.reshape(len(pictures), -1).astype(np.float64)
    rows -= rows.mean(axis=1, keepdims=True)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _turned(score: NDArray[Any], abnormal: NDArray[np.bool_]) -> int:
    """-1 where low values speak for abnormal pictures, by the held-out rows."""
    if not abnormal.any() or abnormal.all():
        return 1
    return 1 if float(auc(abnormal, score)[0]) >= 0.5 else -1


def kept(asked: Asked, parts: Parts, made: AnoGAN, told: Mapping[str, Any], folder: Path) -> None:
    """Save the detector with its threshold, and what its pictures were like."""
    manifest = {
        "normal": asked.normal, "threshold": told["threshold"], "alarms": ALARMS, "size": made.size_,
        "seen": asdict(parts.seen), "trained_on": {"rows": told["n"]["normals"]}, "use": "research only, not for diagnosis",
    }  # fmt: skip
    save(folder, estimator=made, manifest=manifest)


def shots(parts: Parts, made: AnoGAN, normal: str) -> dict[str, list[Picture]]:
    """The tested pictures with the highest scores, and those that the detector gets most wrong, with their heat maps."""
    test, score = parts.test, -made.score_samples(parts.test.pictures)
    wrong = np.where(is_normal(parts, test, normal), score, -score)
    shown = {}
    for kind, order in (("highest", np.argsort(-score, kind="stable")), ("errors", np.argsort(-wrong, kind="stable"))):
        rows = order[:SHOTS]
        maps = made.anomaly_map(test.pictures[rows])
        again = made.normal_of(test.pictures[rows])
        shown[kind] = [
            Picture(
                png_bytes(_larger(np.concatenate([test.pictures[row], near], axis=1))),
                f"{parts.classes[test.codes[row]]}: {score[row]:.3f}",
                png_bytes(_larger(overlay(test.pictures[row], heat))),
            )
            for row, heat, near in zip(rows, maps, again, strict=True)
        ]
    return shown


def _larger(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture.repeat(3, axis=0).repeat(3, axis=1)


def _table(rows: pd.DataFrame, test: Part, made: AnoGAN, bound: float | None) -> pd.DataFrame:
    """Score of each tested row, by key."""
    score, secret = -made.score_samples(test.pictures), secret_key()
    references = rows["reference"].iloc[test.rows]
    return pd.DataFrame(
        {
            "row": test.rows + 1,
            "key": [keyed(str(reference), secret) for reference in references],
            "target": rows["target"].iloc[test.rows].to_numpy(),
            "score": score.round(6),
            "unusual": "" if bound is None else np.where(score > bound, "yes", "no"),
        }
    )
