"""Generative adversarial nets with an estimator's contract: `fit(X, y)` on pictures, `sample(n)` gives new ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError, unknown

from .batches import checked, resized, scaled
from .engine import keras_on, seeded
from .gan_nets import critic, generator, halvings
from .gan_state import State, asked_of, restored, stored
from .gan_steps import LOSSES, Steps, jitter
from .parts import parameters, unfitted

FEWEST = 20
"""Pictures below which a generator can only learn them by heart."""

CHUNK = 64
CLIFF = 1e4
"""A critic whose loss is larger than this has run away, though it is a number still."""


@dataclass(kw_only=True, eq=False, repr=False)
class GAN(BaseEstimator):
    """A generator trained against a critic: WGAN-GP (`kind` "wgan-gp") or DCGAN ("dcgan"), class-conditional with `y`.

    "wgan-gp" holds the critic's gradient at norm 1 by a penalty (Gulrajani et al. 2017, arXiv:1704.00028), "dcgan" has
    the nets of Radford et al. 2016 (arXiv:1511.06434), the loss of Goodfellow et al. 2014 (arXiv:1406.2661) and spectral
    normalisation (arXiv:1802.05957). In both, generated and real pictures are shifted alike before the critic
    sees them, so that it cannot learn few pictures by heart (Zhao et al. 2020, arXiv:2006.10738), and the generator
    that is kept is the average over the last steps. `X` is uint8 (n, h, w), one channel.

    Parameters that change the result: `kind`, `size` [pixels] (`None`: the pictures' own), `latent` (its dimensions),
    `width` (filters at the finest scale), `steps` (of the generator), `critic_steps` (of the critic for each of them;
    `None`: 3 for wgan-gp, 1 for dcgan), `batch`, `learning_rate`, `penalty` (weight of the gradient penalty), `jitter`
    (greatest shift, as a share of the side), `average` (decay of the averaged generator), `seed`; `budget_s`
    ends training early on a slow machine. `checkpoint` names a file that keeps the state every `keep_every` steps: a fit
    that was stopped goes on there and gives what it would have given. `threads` and `progress` (called with the finished
    fraction) change speed and sight only.
    """

    kind: str = "wgan-gp"
    size: int | None = None
    latent: int = 64
    width: int = 24
    steps: int = 3000
    critic_steps: int | None = None
    batch: int = 32
    learning_rate: float = 3e-4
    penalty: float = 10.0
    jitter: float = 0.1
    average: float = 0.995
    seed: int = 0
    budget_s: float | None = None
    checkpoint: str | Path | None = None
    keep_every: int = 250
    threads: int | None = None
    progress: Callable[[float], None] | None = None

    def fit(self, X: Any, y: Any = None) -> Self:
        """Train on pictures and, for a generator that draws what class is asked, their classes `y` (n,).

        Keeps the critic's and the generator's loss at each step as `losses_` (steps, 2) and the time as `seconds_`.
        """
        if self.kind not in LOSSES:
            raise unknown("kind of GAN", self.kind, LOSSES)
        pictures = self._pictures(X)
        codes = self._codes(y, len(pictures))
        begun = perf_counter()
        self._train(scaled(pictures), codes)
        self.seconds_ = perf_counter() - begun
        return self

    def sample(self, n: int, *, classes: Any = None, seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        """Draw `n` new pictures uint8 (n, size, size), and the class of each; as scikit-learn's mixtures do.

        `classes` is one class for all, or one for each; `None`: as many of each as the training pictures had. Picture k
        of a seed is the same however many are drawn. They show nobody, and whatever keeps them should say so.
        """
        check_is_fitted(self, "generator_")
        if n < 1:
            raise InputError(f"{n} pictures were asked; ask for at least 1")
        codes = self._asked(n, classes, seed)
        latents = np.random.default_rng([seed, 1]).standard_normal((n, self.latent)).astype(np.float32)
        drawn = np.concatenate([self._drawn(latents[k : k + CHUNK], codes[k : k + CHUNK]) for k in range(0, n, CHUNK)])
        return drawn, self.classes_[codes]

    def to_parts(self) -> tuple[dict[str, Any], list[list[NDArray[Any]]]]:
        """What a fitted generator is rebuilt from: a JSON-able description and its weights; the critic is not kept."""
        check_is_fitted(self, "generator_")
        fitted = {"size": self.size_, "classes": self.classes_.tolist(), "shares": self.shares_.tolist()}
        return {"parameters": parameters(self), "fitted": fitted}, [self.generator_.get_weights()]

    @classmethod
    def from_parts(cls, description: Mapping[str, Any], weights: Sequence[Sequence[NDArray[Any]]]) -> Self:
        """Rebuild what `to_parts` gave."""
        made = unfitted(cls, description)
        fitted = description["fitted"]
        made.size_ = fitted["size"]
        made.classes_, made.shares_ = np.asarray(fitted["classes"]), np.asarray(fitted["shares"])
        made.generator_ = made._generator()
        made.generator_.set_weights(list(weights[0]))
        return made

    def features(self) -> Any:
        """The critic's last values (n, k) of pictures, as a net: what f-AnoGAN compares."""
        return keras_on().Model(self.critic_.inputs[0], self.critic_.get_layer("features").output)

    def unfitted(self, *, size: int) -> Self:
        """Make both nets of a GAN without classes, with weights that are still to be set."""
        self.size_, self.classes_, self.shares_ = size, np.array([""]), np.ones(1)
        self.generator_, self.critic_ = self._generator(), self._critic()
        return self

    def _pictures(self, X: Any) -> NDArray[np.uint8]:
        X = checked(X)
        if X.ndim == 4 and X.shape[3] != 1:
            raise InputError(f"a GAN draws grey pictures, and these have {X.shape[3]} colours; make them grey first")
        if len(X) < FEWEST:
            raise InputError(
                f"{len(X)} pictures were given; a generator needs {FEWEST} at least, and some hundreds to be of use"
            )
        if self.size is None and X.shape[1] != X.shape[2]:
            raise InputError(f"pictures of {X.shape[1]} x {X.shape[2]} pixels are not square; say size=28, 32 or 64")
        self.size_ = self.size or int(X.shape[1])
        halvings(self.size_)
        return resized(X, size=self.size_)

    def _codes(self, y: Any, n: int) -> NDArray[np.intp]:
        """The class of each row as 0 .. classes - 1; without `y` all are of one that has no name."""
        if y is None:
            self.classes_, self.shares_ = np.array([""]), np.ones(1)
            return np.zeros(n, np.intp)
        y = np.asarray(y)
        if y.shape != (n,):
            raise InputError(f"there are {n} pictures but labels of shape {y.shape}; give one label a picture")
        self.classes_, codes = np.unique(y, return_inverse=True)
        counts = np.bincount(codes)
        if len(counts) < 2:
            raise InputError(
                f"all {n} pictures bear the label {str(self.classes_[0])!r}; leave the labels out for a generator of one class"
            )
        if counts.min() < 2:
            rare = self.classes_[counts.argmin()]
            raise InputError(f"class {str(rare)!r} has 1 picture; a class that is to be drawn needs 2 at least")
        self.shares_ = counts / n
        return codes

    def _generator(self) -> Any:
        arguments = {"size": self.size_, "latent": self.latent, "classes": len(self.classes_), "width": self.width}
        return generator(**arguments)

    def _critic(self) -> Any:
        return critic(
            size=self.size_, classes=len(self.classes_), width=self.width, spectral=LOSSES[self.kind].spectral
        )

    def _train(self, pictures: NDArray[np.float32], codes: NDArray[np.intp]) -> None:
        keras = keras_on(self.threads)
        with seeded(keras, self.seed):
            self.generator_, drawing, self.critic_ = self._generator(), self._generator(), self._critic()
        self.generator_.set_weights(drawing.get_weights())
        steps = Steps(
            keras, drawing, self.critic_, self.generator_, kind=self.kind, learning_rate=self.learning_rate,
            penalty=self.penalty, average=self.average,
        )  # fmt: skip
        asked = asked_of(self, pictures, codes, aside=("checkpoint", "keep_every", "threads", "progress", "budget_s"))
        state = State(np.random.default_rng(self.seed))
        restored(self.checkpoint, steps.variables, state, asked)
        for step in self._counted(state):
            steps.rate(
                self.learning_rate * min(1.0, 4 * (1 - step / self.steps))
            )  # straight down over the last quarter
            state.losses.append(self._step(steps, pictures, codes, state.generator))
            self._sane(step, state.losses[-1])
            if self.checkpoint is not None and ((step + 1) % self.keep_every == 0 or step + 1 == self.steps):
                stored(self.checkpoint, steps.variables, state, asked)
        self.losses_ = np.asarray(state.losses, np.float64).reshape(-1, 2)

    def _counted(self, state: State) -> Iterator[int]:
        """Numbers of the steps that are still to be made, until they or the time are used up."""
        start = perf_counter()
        for step in range(len(state.losses), self.steps):
            done = max(step / self.steps, (perf_counter() - start) / self.budget_s if self.budget_s else 0.0)
            if self.progress is not None:
                self.progress(min(1.0, done))
            if done >= 1:
                return
            yield step
        if self.progress is not None:
            self.progress(1.0)

    def _step(
        self, steps: Steps, pictures: NDArray[np.float32], codes: NDArray[np.intp], random: np.random.Generator
    ) -> tuple[float, float]:
        batch = min(self.batch, len(pictures))
        loss = math.nan
        for _ in range(self.critic_steps or LOSSES[self.kind].critic_steps):
            rows = random.choice(len(pictures), batch, replace=False)
            told = self._one_hot(codes[rows])
            share = random.random((batch, 1, 1, 1)).astype(np.float32)
            warps = jitter(2 * batch, self.size_, self.jitter, random)
            loss = float(steps.criticise(pictures[rows], self._latents(batch, random), told, share, *warps))
        told = self._one_hot(codes[random.choice(len(pictures), batch, replace=False)])
        return loss, float(
            steps.draw(self._latents(batch, random), told, *jitter(batch, self.size_, self.jitter, random))
        )

    def _latents(self, n: int, random: np.random.Generator) -> NDArray[np.float32]:
        return random.standard_normal((n, self.latent)).astype(np.float32)

    def _one_hot(self, codes: NDArray[np.intp]) -> NDArray[np.float32]:
        return np.eye(len(self.classes_), dtype=np.float32)[codes]

    def _sane(self, step: int, losses: tuple[float, float]) -> None:
        if not all(math.isfinite(loss) and abs(loss) < CLIFF for loss in losses):
            raise InputError(
                f"training diverged at step {step} (losses {losses[0]:.3g} and {losses[1]:.3g}); lower learning_rate from "
                f"{self.learning_rate:g}"
            )

    def _asked(self, n: int, classes: Any, seed: int) -> NDArray[np.intp]:
        if classes is None:
            return np.random.default_rng([seed, 0]).choice(len(self.classes_), n, p=self.shares_)
        asked = np.broadcast_to(np.asarray(classes), (n,)) if np.ndim(classes) == 0 else np.asarray(classes)
        if asked.shape != (n,):
            raise InputError(f"{n} pictures were asked and {len(asked)} classes given; give one class, or one for each")
        codes = np.searchsorted(self.classes_, asked).clip(max=len(self.classes_) - 1)
        for wrong in asked[self.classes_[codes] != asked]:
            raise unknown("class of the generator", str(wrong), [str(name) for name in self.classes_])
        return codes

    def _drawn(self, latents: NDArray[np.float32], codes: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Pictures for some latents, always CHUNK at once: the last digits depend on how many are drawn together."""
        wide = np.zeros((CHUNK, self.latent), np.float32)
        wide[: len(latents)] = latents
        inputs = [wide]
        if len(self.classes_) > 1:
            inputs.append(self._one_hot(np.pad(codes, (0, CHUNK - len(codes)))))
        drawn = np.asarray(self.generator_.predict_on_batch(inputs))[: len(latents), :, :, 0]
        return np.rint((drawn + 1) * 127.5).clip(0, 255).astype(np.uint8)
