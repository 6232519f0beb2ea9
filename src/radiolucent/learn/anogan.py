"""f-AnoGAN: a GAN of normal pictures and an encoder into it; what cannot be drawn again as normal is abnormal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError

from .batches import checked, resized, scaled
from .engine import compiled, descended, keras_on, seeded
from .gan import CHUNK, GAN
from .gan_nets import encoder
from .gan_state import State, asked_of, restored, stored
from .parts import parameters, unfitted

Pictures = NDArray[np.float32]


@dataclass(kw_only=True, eq=False, repr=False)
class AnoGAN(BaseEstimator):
    """Anomaly detection by f-AnoGAN (Schlegl et al. 2019, doi:10.1016/j.media.2019.01.010), trained on normals alone.

    A WGAN-GP learns to draw normal pictures, then an encoder E learns to find each picture's latent (izi_f): it brings
    down |x - G(E(x))|^2 + `kappa` |f(x) - f(G(E(x)))|^2, means over pixels and over the critic's last features f. The same
    sum is the score of a new picture x, and |x - G(E(x))| its map. `X` is uint8 (n, h, w), one channel.

    Parameters that change the result: those of the `GAN` (`size`, `latent`, `width`, `steps`, `critic_steps`, `batch`,
    `learning_rate`, `jitter`, `seed`), `encoder_steps` and `kappa`. `checkpoint`, `threads` and `progress` change none.
    """

    size: int | None = None
    latent: int = 64
    width: int = 24
    steps: int = 3000
    critic_steps: int | None = None
    encoder_steps: int = 2000
    batch: int = 32
    learning_rate: float = 3e-4
    jitter: float = 0.1
    kappa: float = 1.0
    seed: int = 0
    checkpoint: str | Path | None = None
    threads: int | None = None
    progress: Callable[[float], None] | None = None

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's contract
        """Train on pictures of what is normal; `losses_` are the encoder's at each step."""
        self.gan_ = self._gan().fit(X)
        self.size_, self.features_ = self.gan_.size_, self.gan_.features()
        pictures = scaled(resized(checked(X), size=self.size_))
        with seeded(keras_on(self.threads), self.seed):
            self.encoder_ = self._encoder()
        self._train_encoder(pictures)
        return self

    def score_samples(self, X: Any) -> NDArray[np.float64]:
        """How normal each picture is (n,): the higher, the more normal, as in scikit-learn; minus the anomaly score."""
        x = self._scaled(X)
        again = self._again(x)
        apart = self._features(x) - self._features(again)
        return -(np.square(x - again).mean(axis=(1, 2, 3)) + self.kappa * np.square(apart).mean(axis=1))

    def anomaly_map(self, X: Any) -> NDArray[np.float32]:
        """|x - G(E(x))| at each pixel (n, size, size), in grey values of 0..255: where a picture is not as normals are."""
        x = self._scaled(X)
        return np.abs(x - self._again(x))[..., 0] * np.float32(127.5)

    def normal_of(self, X: Any) -> NDArray[np.uint8]:
        """The normal picture nearest to each, G(E(x)), uint8 (n, size, size): what the map is the difference from."""
        return np.rint((self._again(self._scaled(X))[..., 0] + 1) * 127.5).clip(0, 255).astype(np.uint8)

    def to_parts(self) -> tuple[dict[str, Any], list[list[NDArray[Any]]]]:
        """What a fitted detector is rebuilt from: a JSON-able description, the weights of generator, critic, encoder."""
        check_is_fitted(self, "encoder_")
        nets = (self.gan_.generator_, self.gan_.critic_, self.encoder_)
        return {"parameters": parameters(self), "fitted": {"size": self.size_}}, [net.get_weights() for net in nets]

    @classmethod
    def from_parts(cls, description: Mapping[str, Any], weights: Sequence[Sequence[NDArray[Any]]]) -> Self:
        """Rebuild what `to_parts` gave."""
        made = unfitted(cls, description)
        made.gan_, made.size_ = made._gan(), description["fitted"]["size"]
        made.gan_.unfitted(size=made.size_)
        made.encoder_, made.features_ = made._encoder(), made.gan_.features()
        for net, arrays in zip((made.gan_.generator_, made.gan_.critic_, made.encoder_), weights, strict=True):
            net.set_weights(list(arrays))
        return made

    def _gan(self) -> GAN:
        whole = self.steps + self.encoder_steps
        return GAN(
            kind="wgan-gp", size=self.size, latent=self.latent, width=self.width, steps=self.steps,
            critic_steps=self.critic_steps, batch=self.batch, learning_rate=self.learning_rate, jitter=self.jitter,
            seed=self.seed, checkpoint=_beside(self.checkpoint, "gan"), threads=self.threads,
            progress=self.progress and (lambda done: self._told(done * self.steps / whole)),
        )  # fmt: skip

    def _encoder(self) -> Any:
        return encoder(size=self.size_, latent=self.latent, width=self.width)

    def _told(self, done: float) -> None:
        if self.progress is not None:
            self.progress(done)

    def _train_encoder(self, pictures: Pictures) -> None:
        keras = keras_on(self.threads)
        optimizer = keras.optimizers.Adam(self.learning_rate)
        optimizer.build(self.encoder_.trainable_variables)
        step = compiled(lambda x: descended(lambda: self._loss(x), self.encoder_.trainable_variables, optimizer))
        state, path = State(np.random.default_rng([self.seed, 1])), _beside(self.checkpoint, "encoder")
        asked = asked_of(self, pictures, np.zeros(0), aside=("checkpoint", "threads", "progress"))
        variables = [*self.encoder_.variables, *optimizer.variables]
        restored(path, variables, state, asked)
        whole, batch = self.steps + self.encoder_steps, min(self.batch, len(pictures))
        for number in range(len(state.losses), self.encoder_steps):
            self._told((self.steps + number) / whole)
            optimizer.learning_rate = self.learning_rate * min(1.0, 4 * (1 - number / self.encoder_steps))
            loss = float(step(pictures[state.generator.choice(len(pictures), batch, replace=False)]))
            if not math.isfinite(loss):
                raise InputError(
                    f"the encoder diverged at step {number}; lower learning_rate from {self.learning_rate:g}"
                )
            state.losses.append((loss, 0.0))
            if path is not None and ((number + 1) % 500 == 0 or number + 1 == self.encoder_steps):
                stored(path, variables, state, asked)
        self.losses_ = np.array([first for first, _ in state.losses])
        self._told(1.0)

    def _loss(self, x: Any) -> Any:
        ops = keras_on().ops
        again = self.gan_.generator_(self.encoder_(x, training=True), training=False)
        apart = self.features_(x, training=False) - self.features_(again, training=False)
        return ops.mean(ops.square(x - again)) + self.kappa * ops.mean(ops.square(apart))

    def _scaled(self, X: Any) -> Pictures:
        check_is_fitted(self, "encoder_")
        X = checked(X)
        if X.ndim == 4 and X.shape[3] != 1:
            raise InputError(f"the detector was trained on grey pictures, and these have {X.shape[3]} colours")
        return scaled(resized(X, size=self.size_))

    def _again(self, x: Pictures) -> Pictures:
        return _by_chunks(lambda part: self.gan_.generator_.predict_on_batch(self.encoder_.predict_on_batch(part)), x)

    def _features(self, x: Pictures) -> NDArray[np.float32]:
        return _by_chunks(self.features_.predict_on_batch, x)


def _by_chunks(function: Callable[[Pictures], Any], x: Pictures) -> NDArray[np.float32]:
    """The function on so many pictures at once that it is compiled for one size, whatever their number."""
    parts = []
    for start in range(0, len(x), CHUNK):
        part = x[start : start + CHUNK]
        wide = np.concatenate([part, np.zeros((CHUNK - len(part), *x.shape[1:]), np.float32)])
        parts.append(np.asarray(function(wide))[: len(part)])
    return np.concatenate(parts)


def _beside(path: str | Path | None, word: str) -> Path | None:
    return None if path is None else Path(path).with_name(f"{Path(path).stem}-{word}.npz")
