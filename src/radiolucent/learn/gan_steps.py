"""One step of a GAN's training: the losses, and the critic and the generator moved by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .engine import compiled, descended, slope

Loss = Callable[[Any, Any], Any]
DRIFT = 1e-3
"""Weight of the squared score of real pictures, which keeps a WGAN's critic near zero (Karras et al. 2018)."""


@dataclass(frozen=True)
class Adversary:
    """How a kind of GAN scores: the critic's loss of (ops, real, drawn) scores, the generator's, and its habits."""

    critic: Callable[[Any, Any, Any], Any]
    generator: Callable[[Any, Any], Any]
    momenta: tuple[float, float]
    critic_steps: int
    spectral: bool
    penalised: bool


def _wasserstein(ops: Any, real: Any, drawn: Any) -> Any:
    return ops.mean(drawn) - ops.mean(real) + DRIFT * ops.mean(ops.square(real))


def _crossed(ops: Any, real: Any, drawn: Any) -> Any:
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(drawn))


LOSSES: Mapping[str, Adversary] = {
    "wgan-gp": Adversary(_wasserstein, lambda ops, drawn: -ops.mean(drawn), (0.0, 0.9), 3, False, True),
    "dcgan": Adversary(_crossed, lambda ops, drawn: ops.mean(ops.softplus(-drawn)), (0.5, 0.999), 1, True, False),
}
"""Every kind of GAN by name."""


class Steps:
    """The two nets, their optimizers and the averaged generator, moved step by step; what is random is handed in."""

    def __init__(
        self, keras: Any, generator: Any, critic: Any, averaged: Any, *, kind: str, learning_rate: float,
        penalty: float, average: float,
    ) -> None:  # fmt: skip
        self.ops, self.how = keras.ops, LOSSES[kind]
        self.generator, self.critic, self.averaged = generator, critic, averaged
        self.penalty, self.average = penalty, average
        first, second = self.how.momenta
        self.optimizers = [keras.optimizers.Adam(learning_rate, beta_1=first, beta_2=second) for _ in range(2)]
        for optimizer, net in zip(self.optimizers, (critic, generator), strict=True):
            optimizer.build(net.trainable_variables)
        self.criticise, self.draw = compiled(self._criticise), compiled(self._draw)

    @property
    def variables(self) -> list[Any]:
        """All that a stopped training goes on from, but the random numbers."""
        nets = [v for net in (self.generator, self.critic, self.averaged) for v in net.variables]
        return nets + [v for optimizer in self.optimizers for v in optimizer.variables]

    def rate(self, value: float) -> None:
        """Set the learning rate of both."""
        for optimizer in self.optimizers:
            optimizer.learning_rate = value

    def _criticise(self, real: Any, latents: Any, classes: Any, share: Any, down: Any, across: Any) -> Any:
        drawn = self._generated(latents, classes, training=False)
        both = warped(self.ops, self.ops.concatenate([real, drawn]), down, across)
        n, twice = real.shape[0], self.ops.concatenate([classes, classes])

        def loss() -> Any:
            scores = self._scored(both, twice)
            value = self.how.critic(self.ops, scores[:n], scores[n:])
            if not self.how.penalised:
                return value
            between = share * both[:n] + (1 - share) * both[n:]
            steep = self.ops.sum(self.ops.square(slope(lambda x: self._scored(x, classes), between)), axis=(1, 2, 3))
            return value + self.penalty * self.ops.mean(self.ops.square(self.ops.sqrt(steep + 1e-8) - 1))

        return descended(loss, self.critic.trainable_variables, self.optimizers[0])

    def _draw(self, latents: Any, classes: Any, down: Any, across: Any) -> Any:
        def loss() -> Any:
            drawn = warped(self.ops, self._generated(latents, classes, training=True), down, across)
            return self.how.generator(self.ops, self._scored(drawn, classes, training=False))

        value = descended(loss, self.generator.trainable_variables, self.optimizers[1])
        for kept, new in zip(self.averaged.variables, self.generator.variables, strict=True):
            kept.assign(self.average * kept + (1 - self.average) * new)
        return value

    def _generated(self, latents: Any, classes: Any, *, training: bool) -> Any:
        return self.generator(latents if classes.shape[1] < 2 else [latents, classes], training=training)

    def _scored(self, pictures: Any, classes: Any, *, training: bool = True) -> Any:
        return self.critic(pictures if classes.shape[1] < 2 else [pictures, classes], training=training)


def jitter(
    n: int, size: int, most: float, random: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Matrices (n, size, size) that shift the rows and the columns of pictures by up to `most` of the side.

    By whole pixels, the edge repeated: between pixels a picture would be smoothed, and a critic that sees smooth pictures
    alone lets the generator draw chequers. As matrices they are differentiable twice and cost little.
    """
    return _lines(n, size, most, random), _lines(n, size, most, random)


def _lines(n: int, size: int, most: float, random: np.random.Generator) -> NDArray[np.float32]:
    reach = round(most * size)
    shift = random.integers(-reach, reach + 1, (n, 1))
    return np.eye(size, dtype=np.float32)[np.clip(np.arange(size) + shift, 0, size - 1)]


def warped(ops: Any, pictures: Any, down: Any, across: Any) -> Any:
    """Pictures (n, size, size, 1) with their rows and columns moved by the matrices of `jitter`."""
    moved = ops.matmul(ops.matmul(down, pictures[..., 0]), ops.transpose(across, (0, 2, 1)))
    return moved[..., None]
