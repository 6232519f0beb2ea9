"""Images scored by a kept detector of anomalies: how unlike normal ones each is, and where."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import InputError, UnreadableError
from ..learn import AnoGAN, Model, load
from ..read import keyed, pixels, prepare, secret_key
from ..write.picture import overlay, png_bytes
from .predict import images_of
from .progress import bar
from .study.pictures import Seen, unlike


def unusual(model: Path, source: str, out: Path, *, heat: bool = True, shown: bool = False) -> str:
    """Score images by a kept detector: out/scores.csv, and out/heat/KEY.png; gives one sentence.

    An image unlike the training pictures is refused with the reason in its row. out/keys.csv says which file each key is.
    """
    loaded = load(model)
    if not isinstance(loaded.estimator, AnoGAN):
        raise InputError(
            f"{model} is no detector; `radiolucent anomaly COHORT --normal CLASS -o RUN` makes one (RUN/model)"
        )
    paths = images_of(source)
    if out.exists() and any(out.iterdir()):
        raise InputError(f"the output folder {out} is not empty; give another with -o")
    with bar("anomaly", len(paths), shown=shown) as advance:
        rows = [_scored(loaded, path, out, heat=heat, advance=advance) for path in paths]
    if all(row["refused"] for row in rows):
        raise InputError(f"none of {len(rows)} images can be judged; the first: {rows[0]['refused']}")
    out.mkdir(parents=True, exist_ok=True)
    pd.DataFrame([{k: v for k, v in row.items() if k != "file"} for row in rows]).to_csv(
        out / "scores.csv", index=False
    )
    with (out / "keys.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([("key", "file"), *((row["key"], row["file"]) for row in rows)])
    return _sentence(rows, out)


def _sentence(rows: Sequence[Mapping[str, Any]], out: Path) -> str:
    refused = sum(bool(row["refused"]) for row in rows)
    found = sum(row["unusual"] == "yes" for row in rows)
    more = f", {refused} refused" if refused else ""
    return (
        f"{found} of {len(rows) - refused} images unusual{more}: {out / 'scores.csv'} (keys.csv says which file each key "
        "is: do not share it; research software, not for diagnosis)"
    )


def _scored(model: Model, path: Path, out: Path, *, heat: bool, advance: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": keyed(str(path.resolve()), secret_key()),
        "file": str(path),
        "score": "",
        "unusual": "",
    }
    advance(1)
    try:
        image = pixels(str(path))
    except UnreadableError as error:
        return row | {"refused": str(error)}
    refused = unlike(image, Seen(**model.manifest["seen"]))
    if refused:
        return row | {"refused": refused}
    picture = prepare(image, size=model.manifest["size"])
    score = float(-model.estimator.score_samples(picture[None])[0])
    if heat:
        (out / "heat").mkdir(parents=True, exist_ok=True)
        map_ = model.estimator.anomaly_map(picture[None])[0]
        (out / "heat" / f"{row['key']}.png").write_bytes(png_bytes(overlay(picture, map_)))
    bound = model.manifest["threshold"]
    said = "" if bound is None else "yes" if score > bound else "no"
    return row | {"score": round(score, 6), "unusual": said, "refused": ""}
