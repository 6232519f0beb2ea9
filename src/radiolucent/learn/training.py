"""The training loop: several nets on one schedule, each from first weights of its own."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

from .batches import ahead, scaled, shuffled, variations
from .checkpoint import Checkpoint, Reached
from .engine import keras_on, reduced, seeded
from .heads import Head, described
from .lesson import Lesson
from .look import LOOKS, Look
from .memory import available, fitting_batch, lowered
from .mixing import blended
from .nets import build
from .schedule import schedule
from .start import start


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
    cutmix: float
    augmentations: tuple[str, ...]
    seed: int
    budget_s: float | None
    start: str | None = None
    patience: int | None = None


@dataclass(frozen=True, eq=False)
class Training:
    """Nets of one description, trained by one recipe; `progress` is told the finished fraction.

    `curve` grows while training: a point names its member and step and holds the mean training loss since the point
    before, and, where rows are held out, their loss and figure (`inner.held_figure`). `remarks` are what a person should
    know of it. With a `checkpoint` file a fit that was interrupted goes on from there, and ends as it would have ended:
    the batches that were learned are made again and passed over, and every variable is put back.
    """

    recipe: Recipe
    head: Head
    net: Mapping[str, Any]
    threads: int | None = None
    progress: Callable[[float], None] | None = None
    checkpoint: Path | str | None = None
    curve: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def nets(self, lesson: Lesson, held: Lesson | None = None) -> list[Any]:
        """Train every member on the lesson; stop early by what `held` shows, where the recipe has patience."""
        keras = keras_on(self.threads)
        trainer = self._trainer(keras)
        batch = self._batch(trainer, len(lesson.targets))
        arrays: list[NDArray[Any]] = [lesson.pictures, lesson.targets, lesson.weights]
        arrays += [] if lesson.table is None else [lesson.table]
        kept = Checkpoint.of(self.checkpoint, self._key(batch), arrays)
        reached = kept.load()
        self.curve.extend(reached.curve)
        nets = [self._again(weights) for weights in reached.finished]
        for member in range(len(nets), self.recipe.members):
            with seeded(keras, self.recipe.seed * 1009 + member):
                net = build(self.net)
            if self.recipe.start is not None:
                start(net, self.recipe.start)
            if not reached.step:
                trainer.set_weights(net.get_weights())  # one trainer for all: compiling takes longer than training
                for variable in trainer.optimizer.variables:
                    variable.assign(keras.ops.zeros_like(variable))
            generator = np.random.default_rng([self.recipe.seed, member])
            net.set_weights(self._run(trainer, self._batches(lesson, batch, generator), held, kept, reached))
            nets.append(net)
            reached = Reached([*reached.finished, net.get_weights()], curve=self.curve)
            kept.save(reached)
        kept.clear()
        return nets

    def _again(self, weights: list[NDArray[Any]]) -> Any:
        net = build(self.net)
        net.set_weights(weights)
        return net

    def _key(self, batch: int) -> Any:
        return [asdict(self.recipe), described(self.head), self.net, batch]

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
            self.remarks.append(said)
            warnings.warn(said, stacklevel=2)
        return batch

    def _batches(self, lesson: Lesson, batch: int, generator: np.random.Generator) -> Iterator[tuple[Any, Any, Any]]:
        """Varied pictures, what is wanted of them and their weights, without end."""
        vary = variations(self.recipe.augmentations)
        for rows in shuffled(len(lesson.targets), batch, generator):
            x, t = scaled(lesson.pictures[rows]), lesson.targets[rows]
            for change in vary:
                x = change(x, generator)
            if lesson.table is None:
                x, t = blended(x, t, generator, mixup=self.recipe.mixup, cutmix=self.recipe.cutmix)
                yield x, t, lesson.weights[rows]
                continue
            both = np.hstack([t, lesson.table[rows]])  # what stands beside a picture is blended as its target is
            x, both = blended(x, both, generator, mixup=self.recipe.mixup, cutmix=self.recipe.cutmix)
            yield [x, both[:, t.shape[1] :]], both[:, : t.shape[1]], lesson.weights[rows]

    def _run(
        self,
        net: Any,
        batches: Iterator[tuple[Any, Any, Any]],
        held: Lesson | None,
        kept: Checkpoint,
        reached: Reached,
    ) -> list[NDArray[Any]]:
        """Train one member from where it is; gives its averaged weights, or those that were best on the inner part."""
        recipe, member = self.recipe, len(reached.finished)
        if reached.step:
            _put_back(net, reached)
        net.reset_metrics()
        begun = perf_counter() - reached.seconds
        look = Look(self.head, net, held, recipe.patience, best=reached.best, curve=self.curve, member=member)
        with closing(ahead(batches)) as made:
            for step, (x, t, weights) in enumerate(made):
                if step < reached.step:
                    continue
                done = self._done(step, perf_counter() - begun)
                if self.progress is not None:
                    self.progress((member + done) / recipe.members)
                if done >= 1:
                    break
                if step and step > reached.step and kept.is_due:
                    kept.save(_reached(net, reached, step, perf_counter() - begun, look))
                net.optimizer.learning_rate = recipe.learning_rate * schedule(done)
                loss = float(net.train_on_batch(x, t, sample_weight=weights))
                if not math.isfinite(loss):
                    raise InputError(
                        f"training diverged at step {step}; lower learning_rate from {recipe.learning_rate:g}"
                    )
                if (step + 1) % max(1, recipe.steps // LOOKS) == 0 and look.is_over(step + 1, loss):
                    break
        self._remark(member, step, look)
        return look.weights()

    def _remark(self, member: int, step: int, look: Look) -> None:
        """Say where a member ended before its last step."""
        of = f"net {member + 1} of {self.recipe.members}"
        if look.best and look.since:
            self.remarks.append(
                f"{of}: the weights of step {look.best_step} of {self.recipe.steps} were best and are kept"
            )
        elif step < self.recipe.steps and not look.best:
            self.remarks.append(
                f"{of}: the budget of {self.recipe.budget_s:g} s ended training after {step} of {self.recipe.steps} "
                "steps; what was reached is kept"
            )

    def _done(self, step: int, seconds: float) -> float:
        budget_s = self.recipe.budget_s
        of_time = 0.0 if budget_s is None else seconds / (budget_s / self.recipe.members)
        return min(1.0, max(step / self.recipe.steps, of_time))


def _reached(net: Any, before: Reached, step: int, seconds: float, look: Look) -> Reached:
    """Everything that the rest of the training depends on."""
    variables, optimizer = ([np.asarray(v) for v in kept] for kept in (net.variables, net.optimizer.variables))
    return Reached(before.finished, step, seconds, variables, optimizer, look.best, [*look.curve])


def _put_back(net: Any, reached: Reached) -> None:
    for variables, values in ((net.variables, reached.net), (net.optimizer.variables, reached.optimizer)):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
