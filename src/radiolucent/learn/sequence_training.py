"""The training of nets on clips drawn anew from every sequence at every step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

from .batches import resized, scaled, shuffled, variations
from .engine import keras_on, seeded
from .schedule import schedule
from .sequence_nets import sequence_net
from .sequences import drawn, gathered


@dataclass(frozen=True)
class SequenceRecipe:
    """All that decides how nets are trained; the words are those of `SequenceClassifier`."""

    steps: int
    members: int
    batch: int
    learning_rate: float
    weight_decay: float
    smoothing: float
    augmentations: tuple[str, ...]
    sampling: str
    seed: int
    budget_s: float | None


@dataclass(frozen=True, eq=False)
class SequenceTraining:
    """Nets of one description (the arguments of `sequence_net`), trained by one recipe; `progress` is told how far."""

    recipe: SequenceRecipe
    net: Mapping[str, Any]
    threads: int | None = None
    progress: Callable[[float], None] | None = None

    def nets(self, X: Any, targets: NDArray[np.float32], weights: NDArray[np.float32]) -> list[Any]:
        """Train every member on sequences `X`, what is wanted of each (n, classes), and its weight (n,)."""
        keras = keras_on(self.threads)
        trainer = self._trainer(keras)
        nets = []
        for member in range(self.recipe.members):
            with seeded(keras, self.recipe.seed * 1009 + member):
                net = sequence_net(**self.net)
            trainer.set_weights(net.get_weights())  # one trainer for all: compiling it takes longer than training
            for variable in trainer.optimizer.variables:
                variable.assign(keras.ops.zeros_like(variable))
            self._run(trainer, X, targets, weights, member)
            trainer.optimizer.finalize_variable_values(trainer.trainable_variables)
            net.set_weights(trainer.get_weights())
            nets.append(net)
        return nets

    def _trainer(self, keras: Any) -> Any:
        recipe = self.recipe
        with seeded(keras, recipe.seed):
            whole = sequence_net(**self.net)
        net = keras.Model(whole.inputs, whole.outputs[0])  # frames are judged by the layer that the sequences teach
        optimizer = keras.optimizers.AdamW(
            recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            global_clipnorm=5.0,
            use_ema=True,
            ema_momentum=min(0.98, 1 - 1 / (1 + 0.05 * recipe.steps)),  # the average spans the last 5 % of the steps
        )
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        optimizer.build(net.trainable_variables)
        loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing)
        net.compile(optimizer, loss, jit_compile=False)
        return net

    def _run(self, net: Any, X: Any, targets: Any, weights: Any, member: int) -> None:
        recipe = self.recipe
        generator = np.random.default_rng([recipe.seed, member])
        start = perf_counter()
        for step, rows in enumerate(shuffled(len(targets), recipe.batch, generator)):
            done = self._done(step, perf_counter() - start)
            if self.progress is not None:
                self.progress((member + done) / recipe.members)
            if done >= 1:
                return
            net.optimizer.learning_rate = recipe.learning_rate * schedule(done)
            clip, present = self._clips(X, rows, generator)
            loss = net.train_on_batch([clip, present], targets[rows], sample_weight=weights[rows])
            if not math.isfinite(float(loss)):
                raise InputError(f"training diverged at step {step}; lower learning_rate from {recipe.learning_rate:g}")

    def _clips(self, X: Any, rows: NDArray[np.intp], generator: np.random.Generator) -> tuple[Any, Any]:
        """A new clip of each sequence; every change is the same for all frames of a clip."""
        frames, size = self.net["frames"], self.net["size"]
        lengths = X["length"][rows]
        picked = [drawn(int(n), frames, generator, sampling=self.recipe.sampling) for n in lengths]
        pictures, present = gathered(X, rows.tolist(), picked, frames=frames)
        over_time = np.moveaxis(scaled(sized(pictures, size)), 1, -1)  # frames as channels
        for change in variations(self.recipe.augmentations):
            over_time = change(over_time, generator)
        return np.ascontiguousarray(np.moveaxis(over_time, -1, 1)[..., None], np.float32), present

    def _done(self, step: int, seconds: float) -> float:
        budget_s = self.recipe.budget_s
        of_time = 0.0 if budget_s is None else seconds / (budget_s / self.recipe.members)
        return min(1.0, max(step / self.recipe.steps, of_time))


def sized(clips: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Clips (k, frames, s, s) with frames of `size` pixels a side."""
    if clips.shape[-1] == size:
        return clips
    flat = resized(clips.reshape(-1, *clips.shape[2:]), size=size)
    return flat.reshape(*clips.shape[:2], size, size)


def judged(
    nets: Sequence[Any], clips: NDArray[np.uint8], present: NDArray[np.float32], *, size: int, mirrored: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logits of clips (views, k, classes) and of their frames (views, k, frames, classes), a view per net and mirroring."""
    pictures = scaled(sized(clips, size))[..., None]
    views = [pictures, pictures[:, :, :, ::-1]] if mirrored else [pictures]
    both = [net.predict_on_batch([view, present]) for net in nets for view in views]
    return tuple(np.stack([np.asarray(one[k], np.float64) for one in both]) for k in (0, 1))  # type: ignore[return-value]
