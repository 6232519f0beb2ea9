"""A classifier that learns from the pictures it is given and from new ones that a GAN draws after them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

from .batches import checked
from .gan import GAN
from .gan_nets import fits
from .keras_estimator import KerasClassifier
from .schedule import default_steps

DRAWN = 64
"""Side at which a GAN draws for pictures that it cannot draw at their own [pixels]."""


class SyntheticClassifier(KerasClassifier):
    """The small residual net, taught on real pictures and on `synthetic` generated ones for each of them.

    The generator is a part of the fit: it sees the rows that this classifier is fitted on and no other, so in a study it is
    trained anew inside every fold. It is class-conditional and draws each class in its share. The net makes as many steps as
    without generated pictures, so that only what it learns from differs. Frid-Adar et al. 2018,
    doi:10.1016/j.neucom.2018.09.013.

    Parameters that change the result: `synthetic`, `kind` and `generator_steps` (of the `GAN`), and `width`, `steps`,
    `members`, `head`, `seed` of the `KerasClassifier`. `threads` and `progress` change speed and sight only.
    """

    def __init__(
        self,
        *,
        synthetic: float = 1.0,
        kind: str = "wgan-gp",
        generator_steps: int = 3000,
        generator_width: int = 24,
        width: int | None = None,
        steps: int | None = None,
        members: int | None = None,
        head: str = "categorical",
        seed: int = 0,
        threads: int | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        super().__init__(
            width=width, steps=steps, members=members, head=head, seed=seed, threads=threads, progress=progress
        )
        self.synthetic = synthetic
        self.kind = kind
        self.generator_steps = generator_steps
        self.generator_width = generator_width

    def fit(self, X: Any, y: Any, *, groups: Any = None) -> Self:  # noqa: ARG002 - nothing is held out
        """Train a generator on `X` and `y` (n,), then the net on these and on what was drawn; `drawn_` says how many."""
        X, y = checked(X), np.asarray(y)
        if not self.synthetic > 0:
            raise InputError(
                f"synthetic must be more than 0 generated pictures for each real one, got {self.synthetic:g}"
            )
        if y.ndim != 1:
            raise InputError("generated pictures bear one class each; leave them out for several labels a picture")
        self.drawn_ = max(1, round(self.synthetic * len(X)))
        pictures, classes = self._drawn(X, y)
        asked, self.steps = self.steps, self.steps or default_steps(len(X))
        try:
            return super().fit(np.concatenate([X.reshape(X.shape[:3]), pictures]), np.concatenate([y, classes]))
        finally:
            self.steps = asked

    def _drawn(self, X: Any, y: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        size = X.shape[1] if X.shape[1] == X.shape[2] and fits(X.shape[1]) else DRAWN
        generator = GAN(
            kind=self.kind, size=size, steps=self.generator_steps, width=self.generator_width, seed=self.seed,
            threads=self.threads,
        ).fit(X, y)  # fmt: skip
        classes = np.resize(np.random.default_rng(self.seed).permutation(y), self.drawn_)
        pictures, labels = generator.sample(self.drawn_, classes=classes, seed=self.seed)
        wide = X.shape[2], X.shape[1]
        return np.stack([cv2.resize(one, wide, interpolation=cv2.INTER_CUBIC) for one in pictures]), labels
