"""How good generated pictures are, each figure beside that of real pictures, and whether a classifier gains by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..core import InputError
from ..evaluate import difference, figure, macro_auc, resamples
from ..evaluate.generated import frechet, kid, memorised, precision_recall
from ..evaluate.interval import Resamples
from ..learn import GAN, KerasClassifier
from ..learn.batches import scaled, variations
from ..learn.embedding import embedded
from ..learn.schedule import default_steps
from .three_parts import Codes, Part

CLASSIC = ("flip", "shift")
"""The ways of classic augmentation: those that the small net learns with by default."""

ARMS: Mapping[str, tuple[bool, bool]] = {
    "real": (False, False),
    "classic": (True, False),
    "generated": (False, True),
    "both": (True, True),
}
"""What a classifier learns from in the downstream test: whether classic variations and generated pictures are added."""

PAIRS = (("classic", "real"), ("generated", "real"), ("generated", "classic"), ("both", "classic"))
Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Net:
    """The classifier whose embedding pictures are compared in, and which the downstream test trains anew."""

    width: int = 24
    steps: int | None = None
    threads: int | None = None

    def made(self, seed: int, *, classic: bool, steps: int | None = None) -> KerasClassifier:
        return KerasClassifier(
            width=self.width, steps=self.steps or steps, members=1, augmentations=CLASSIC if classic else (),
            mirrored=False, seed=seed, threads=self.threads,
        )  # fmt: skip


def quality(
    generator: GAN, training: Part, held_out: Part, net: KerasClassifier, *, splits: int = 10, seed: int = 0
) -> dict[str, Any]:
    """KID, Fréchet distance, precision and recall of generated pictures, in the embedding of a fitted classifier.

    Every figure compares one half of the training pictures with as many others: with the other half (the floor), with
    that half varied as classic augmentation does, with that half blurred, and with generated pictures of its classes;
    the mean over `splits` halvings, with the least and the greatest. `whole` are all training pictures against those held
    out and against generated ones, with the interval over pictures.
    """
    random = np.random.default_rng(seed)
    real = embedded(net, training.pictures)
    drawn: dict[str, list[dict[str, float]]] = {name: [] for name in ("real", "classic", "blurred", "generated")}
    for number in range(splits):
        first, second = _halves(training.codes, random)
        others = {
            "real": real[second],
            "classic": embedded(net, varied(training.pictures[second], random)),
            "blurred": embedded(net, blurred(training.pictures[second])),
            "generated": embedded(net, drawn_like(generator, training.codes[second], seed=seed + number)),
        }
        for name, rows in others.items():
            drawn[name].append(compared(real[first], rows))
    held, made = embedded(net, held_out.pictures), drawn_like(generator, training.codes, seed=seed)
    return {
        "n": len(training) // 2,
        "splits": splits,
        "rows": {name: _spread(each) for name, each in drawn.items()},
        "whole": {
            "held_out": {"n": len(held), "kid": kid(real, held)},
            "generated": {"n": len(made), "kid": kid(real, embedded(net, made))},
        },
    }


def compared(real: NDArray[Any], rows: NDArray[Any]) -> dict[str, float]:
    """Every figure of one sample against another."""
    return {"kid": kid(real, rows)["value"] or 0.0, "frechet": frechet(real, rows), **precision_recall(real, rows)}


def copied(generator: GAN, training: Part, held_out: Part, *, n: int, seed: int = 0) -> dict[str, Any]:
    """The test of copying, on pixels: a net that learned the training pictures would tell them from the others."""
    if not len(held_out):
        raise InputError("no picture was held out, so copying cannot be told from likeness; hold some out")
    codes = np.random.default_rng(seed).choice(len(generator.classes_), n, p=generator.shares_)
    made = drawn_like(generator, codes, seed=seed)
    found = memorised(training.pictures, held_out.pictures, made, strata=(training.codes, held_out.codes), seed=seed)
    return {"n": n, "n_training": len(training), "n_held_out": len(held_out), **found}


def downstream(
    generator: GAN,
    training: Part,
    test: Part,
    net: Net,
    *,
    seeds: Sequence[int],
    work: Path,
    synthetic: float = 1.0,
    replicates: int = 1000,
    progress: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """Does a classifier gain by generated pictures? Every arm learns with every seed and is tested on the same pictures.

    `synthetic` pictures are added for each real one. AUC is the mean over seeds; intervals draw both patients and seeds
    anew, for differences the same ones on both sides. A finished fit is a file in `work` and is not made again.
    """
    found: dict[str, list[NDArray[np.float64]]] = {}
    for name, (classic, generated) in ARMS.items():
        for seed in seeds:
            path = work / f"{name}-{seed}.npy"
            if not path.exists():
                rows = added(training, generator, synthetic, seed) if generated else training
                fitted = net.made(seed, classic=classic, steps=default_steps(len(training)))
                _kept(path, fitted.fit(rows.pictures, rows.codes).predict_proba(test.pictures))
            found.setdefault(name, []).append(np.load(path))
            progress(1)
    return scored(found, test, replicates=replicates) | {"seeds": list(seeds), "synthetic": synthetic}


def scored(found: Mapping[str, Sequence[NDArray[Any]]], test: Part, *, replicates: int) -> dict[str, Any]:
    """AUC of every arm and the differences of the pairs, out of each seed's probabilities."""
    draws = resamples(test.codes, test.patients, replicates=replicates)
    many = {name: len(each) for name, each in found.items()}
    seeds = np.random.default_rng(0).integers(0, min(many.values()), (replicates, min(many.values())))
    values, samples = {}, {}
    for name, each in found.items():
        one = np.array([macro_auc(test.codes, p)[0] for p in each])
        drawn = np.stack([_drawn_again(draws, test.codes, p) for p in each], axis=1)
        values[name], samples[name] = one, np.take_along_axis(drawn, seeds, axis=1).mean(axis=1)
    arms = {
        name: {"auc": figure(one.mean(), samples[name]), "sd": float(one.std(ddof=1)) if len(one) > 1 else None,
               "per_seed": one.tolist()}
        for name, one in values.items()
    }  # fmt: skip
    pairs = []
    for a, b in PAIRS:
        told, p = difference(values[a].mean(), values[b].mean(), samples[a], samples[b])
        pairs.append({"a": a, "b": b, "auc": told, "p": p})
    return {"n": len(test), "patients": len(np.unique(test.patients)), "arms": arms, "differences": pairs}


def added(training: Part, generator: GAN, synthetic: float, seed: int) -> Part:
    """Training pictures with so many generated ones for each, of the same classes in the same shares."""
    n = max(1, round(synthetic * len(training)))
    codes = np.resize(training.codes, n)
    made = drawn_like(generator, codes, seed=seed)
    nobody = np.full(n, -1)
    return Part(
        np.concatenate([training.pictures, made]), np.concatenate([training.codes, codes]),
        np.concatenate([training.patients, nobody]), np.concatenate([training.rows, nobody]),
    )  # fmt: skip


def drawn_like(generator: GAN, codes: Codes, *, seed: int) -> Pictures:
    """New pictures of these classes, one for each."""
    return generator.sample(len(codes), classes=generator.classes_[codes], seed=seed)[0]


def varied(pictures: Pictures, random: np.random.Generator) -> Pictures:
    """Pictures as classic augmentation varies them."""
    x = scaled(pictures[..., None])
    for change in variations(CLASSIC):
        x = change(x, random)
    return np.rint((x[..., 0] + 1) * 127.5).clip(0, 255).astype(np.uint8)


def blurred(pictures: Pictures) -> Pictures:
    """Pictures smoothed by a Gaussian of 1/28 of their side: what a quality figure must see to be worth something."""
    sigma = pictures.shape[1] / 28
    return np.stack([cv2.GaussianBlur(one, (0, 0), sigma) for one in pictures])


def _halves(codes: Codes, random: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Two halves of one size with the same classes, as far as they are even."""
    order = random.permutation(len(codes))
    order = order[np.argsort(codes[order], kind="stable")]
    half = len(codes) // 2
    return order[0 : 2 * half : 2], order[1 : 2 * half : 2]


def _spread(each: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Mean over the halvings, with the least and the greatest."""
    return {
        name: {"value": float(np.mean(v)), "low": float(np.min(v)), "high": float(np.max(v))}
        for name in each[0]
        for v in [[one[name] for one in each]]
    }


def _drawn_again(draws: Resamples, codes: Codes, probabilities: NDArray[Any]) -> NDArray[np.float64]:
    """AUC in every replicate."""
    return draws.apply(lambda weights: {"auc": macro_auc(codes, probabilities, weights)})["auc"]


def _kept(path: Path, probabilities: NDArray[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npy")
    np.save(part, probabilities)
    part.replace(path)
