"""The training loop: several nets on one schedule, each from first weights of its own."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

from .batches import ahead, scaled, shuffled, variations
from .engine import keras_on, reduced, seeded
from .heads import Head
from .memory import available, fitting_batch, lowered
from .mixing import mixed
from .nets import build
from .schedule import schedule


@dataclass(frozen=True)
class Recipe:
    """All that decides how nets are trained; the words are those of `KerasClassifier`."""

    steps: int
    members: int
    batch: int
    learning_rate: float
    weight_decay: float
    smoothing: float
    mixup: float
    augmentations: tuple[str, ...]
    seed: int
    budget_s: float | None


@dataclass(frozen=True, eq=False)
class Lesson:
    """What nets learn from: pictures uint8 (n, size, size, c), what is wanted of each (n, outputs), and its weight."""

    pictures: NDArray[np.uint8]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Training:
    """Nets of one description, trained by one recipe; `progress` is told the finished fraction."""

    recipe: Recipe
    head: Head
    net: Mapping[str, Any]
    threads: int | None = None
    progress: Callable[[float], None] | None = None

    def nets(self, lesson: Lesson) -> list[Any]:
        """Train every member on the lesson."""
        keras = keras_on(self.threads)
        trainer = self._trainer(keras)
        batch = self._batch(trainer, len(lesson.targets))
        nets = []
        for member in range(self.recipe.members):
            with seeded(keras, self.recipe.seed * 1009 + member):
                net = build(self.net)
            trainer.set_weights(net.get_weights())  # one trainer for all: compiling it takes longer than training
            for variable in trainer.optimizer.variables:
                variable.assign(keras.ops.zeros_like(variable))
            generator = np.random.default_rng([self.recipe.seed, member])
            self._run(trainer, self._batches(lesson, batch, generator), member)
            trainer.optimizer.finalize_variable_values(trainer.trainable_variables)
            net.set_weights(trainer.get_weights())
            nets.append(net)
        return nets

    def _trainer(self, keras: Any) -> Any:
        recipe = self.recipe
        with seeded(keras, recipe.seed), reduced(keras):
            net = build(self.net)
        optimizer = keras.optimizers.AdamW(
            recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            global_clipnorm=5.0,
            use_ema=True,
            ema_momentum=min(0.98, 1 - 1 / (1 + 0.05 * recipe.steps)),  # the average spans the last 5 % of the steps
        )
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        optimizer.build(net.trainable_variables)
        net.compile(optimizer, self.head.loss(keras, recipe.smoothing), jit_compile=False)
        return net

    def _batch(self, net: Any, n: int) -> int:
        """Pictures in a step: as many as asked for, if there are so many and memory holds them."""
        free, asked = available(), min(self.recipe.batch, n)
        batch = fitting_batch(net, asked, free)
        if said := lowered(net, asked, batch, free):
            warnings.warn(said, stacklevel=2)
        return batch

    def _batches(self, lesson: Lesson, batch: int, generator: np.random.Generator) -> Iterator[tuple[Any, Any, Any]]:
        """Varied pictures, what is wanted of them and their weights, without end."""
        vary = variations(self.recipe.augmentations)
        for rows in shuffled(len(lesson.targets), batch, generator):
            x, t = scaled(lesson.pictures[rows]), lesson.targets[rows]
            for change in vary:
                x = change(x, generator)
            yield *mixed(x, t, self.recipe.mixup, generator), lesson.weights[rows]

    def _run(self, net: Any, batches: Iterator[tuple[Any, Any, Any]], member: int) -> None:
        recipe, start = self.recipe, perf_counter()
        with closing(ahead(batches)) as made:
            for step, (x, t, weights) in enumerate(made):
                done = self._done(step, perf_counter() - start)
                if self.progress is not None:
                    self.progress((member + done) / recipe.members)
                if done >= 1:
                    return
                net.optimizer.learning_rate = recipe.learning_rate * schedule(done)
                loss = net.train_on_batch(x, t, sample_weight=weights)
                if not math.isfinite(float(loss)):
                    raise InputError(
                        f"training diverged at step {step}; lower learning_rate from {recipe.learning_rate:g}"
                    )

    def _done(self, step: int, seconds: float) -> float:
        budget_s = self.recipe.budget_s
        of_time = 0.0 if budget_s is None else seconds / (budget_s / self.recipe.members)
        return min(1.0, max(step / self.recipe.steps, of_time))
