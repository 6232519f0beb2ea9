"""A net with scikit-learn's contract: `fit(X, y)` and `predict_proba(X)` on pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError

from .batches import checked, resized, scaled, shuffled, variations
from .engine import keras_on, maps_and_gradients, seeded
from .nets import build


class KerasClassifier(ClassifierMixin, BaseEstimator):
    """A small net trained on a fixed schedule: AdamW, warm-up and cosine, averaged weights, `members` nets averaged.

    `X` is uint8 (n, size, size) or (n, size, size, colours), in memory or a memory-map read picture by picture; only a
    copy reduced to `size` x `size` is held. There is no inner validation set: nothing is chosen while training.
    The same seed gives the same weights again on the same machine with the same number of threads.

    Parameters that change the result: `net` and its `width`, `blocks`, `dropout`; `size` [pixels] (`None`: the
    picture's own up to 64, else 96); `steps` (`None`: by the number of pictures), `batch`, `learning_rate`,
    `weight_decay`, `smoothing` (of labels), `mixup` (the beta distribution's parameter, 0 for none), `augmentations`
    (names out of `batches.AUGMENTATIONS`), `mirrored` (average the prediction with the mirrored picture's),
    `members` (nets averaged; `None`: up to three where training is short, one under 200 pictures), `class_weight`
    (`None` or "balanced"), `seed`. `budget_s` ends the schedule early on a slow machine (`None`: never; the result
    then depends on its speed).
    `threads` and `progress` (called with the finished fraction, 0..1) change speed and sight only.
    """

    def __init__(
        self,
        *,
        net: str = "small_resnet",
        width: int = 24,
        blocks: int = 1,
        dropout: float = 0.2,
        size: int | None = None,
        steps: int | None = None,
        batch: int = 64,
        learning_rate: float = 3e-3,
        weight_decay: float = 5e-3,
        smoothing: float = 0.05,
        mixup: float = 0.0,
        augmentations: Sequence[str] = ("flip", "shift"),
        mirrored: bool = True,
        members: int | None = None,
        class_weight: str | None = None,
        seed: int = 0,
        budget_s: float | None = None,
        threads: int | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.net = net
        self.width = width
        self.blocks = blocks
        self.dropout = dropout
        self.size = size
        self.steps = steps
        self.batch = batch
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.smoothing = smoothing
        self.mixup = mixup
        self.augmentations = augmentations
        self.mirrored = mirrored
        self.members = members
        self.class_weight = class_weight
        self.seed = seed
        self.budget_s = budget_s
        self.threads = threads
        self.progress = progress

    def fit(self, X: Any, y: Any) -> Self:
        """Train on pictures `X` and their classes `y` (n,)."""
        X = checked(X)
        codes = self._codes(y, len(X))
        self.size_ = self.size or (X.shape[1] if X.shape[1] <= 64 else 96)
        pictures = resized(X, size=self.size_)
        self.channels_ = pictures.shape[3]
        self.steps_ = self.steps or default_steps(len(X))
        self.members_ = self.members or default_members(self.steps_, len(X))
        self.nets_ = self._trained(pictures, codes)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probability of each class (n, classes), columns in the order of `classes_`; not calibrated."""
        check_is_fitted(self, "nets_")
        X = checked(X)
        parts = [self._probabilities(X[start : start + 256]) for start in range(0, len(X), 256)]
        return np.concatenate(parts)

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of each picture."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def maps_and_gradients(self, X: Any, column: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Last feature maps (n, h, w, c), members side by side, and the gradient in them of a class's log odds."""
        check_is_fitted(self, "nets_")
        pictures = scaled(self._reduced(checked(X)))
        pairs = [maps_and_gradients(net, pictures, column) for net in self.nets_]
        return np.concatenate([maps for maps, _ in pairs], -1), np.concatenate([slopes for _, slopes in pairs], -1)

    def to_parts(self) -> tuple[dict[str, Any], list[list[NDArray[Any]]]]:
        """What a fitted classifier is rebuilt from: a JSON-able description and the weights of each member."""
        check_is_fitted(self, "nets_")
        told = {name: value for name, value in self.get_params().items() if name not in ("progress", "threads")}
        told["augmentations"] = list(self.augmentations)
        fitted = {
            "size": self.size_,
            "channels": self.channels_,
            "steps": self.steps_,
            "members": self.members_,
            "classes": self.classes_.tolist(),
        }
        return {"parameters": told, "fitted": fitted, "net": self._description()}, [n.get_weights() for n in self.nets_]

    @classmethod
    def from_parts(cls, description: Mapping[str, Any], weights: Sequence[Sequence[NDArray[Any]]]) -> Self:
        """Rebuild what `to_parts` gave."""
        known = set(cls._get_param_names())
        told = {name: value for name, value in description["parameters"].items() if name in known}
        made = cls(**told)
        fitted = description["fitted"]
        made.size_, made.channels_, made.steps_ = fitted["size"], fitted["channels"], fitted["steps"]
        made.members_ = len(weights)
        made.classes_ = np.asarray(fitted["classes"])
        made.nets_ = []
        for arrays in weights:
            net = build(description["net"])
            net.set_weights(list(arrays))
            made.nets_.append(net)
        return made

    def _codes(self, y: Any, n: int) -> NDArray[np.intp]:
        y = np.asarray(y)
        if y.shape != (n,):
            raise InputError(f"there are {n} pictures but labels of shape {y.shape}; give one label a picture")
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise InputError(f"all {n} pictures bear the label {self.classes_[0]!r}; a classifier needs two classes")
        return codes

    def _description(self) -> dict[str, Any]:
        arguments = {"size": self.size_, "channels": self.channels_, "classes": len(self.classes_)}
        more = {"width": self.width, "blocks": self.blocks, "dropout": self.dropout}
        return {"architecture": self.net, "arguments": arguments | more}

    def _trained(self, pictures: NDArray[np.uint8], codes: NDArray[np.intp]) -> list[Any]:
        keras = keras_on(self.threads)
        trainer = self._trainer(keras)
        nets = []
        for member in range(self.members_):
            with seeded(keras, self.seed * 1009 + member):
                net = build(self._description())
            trainer.set_weights(net.get_weights())  # one trainer for all: compiling it takes longer than training
            for variable in trainer.optimizer.variables:
                variable.assign(keras.ops.zeros_like(variable))
            self._run(trainer, pictures, codes, np.random.default_rng([self.seed, member]), member)
            trainer.optimizer.finalize_variable_values(trainer.trainable_variables)
            net.set_weights(trainer.get_weights())
            nets.append(net)
        return nets

    def _trainer(self, keras: Any) -> Any:
        with seeded(keras, self.seed):
            net = build(self._description())
        optimizer = keras.optimizers.AdamW(
            self.learning_rate,
            weight_decay=self.weight_decay,
            global_clipnorm=5.0,
            use_ema=True,
            ema_momentum=min(0.98, 1 - 1 / (1 + 0.05 * self.steps_)),  # the average spans the last 5 % of the steps
        )
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        optimizer.build(net.trainable_variables)
        loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=self.smoothing)
        net.compile(optimizer, loss, jit_compile=False)
        return net

    def _run(self, net: Any, pictures: Any, codes: Any, generator: np.random.Generator, member: int) -> None:
        targets = np.eye(len(self.classes_), dtype=np.float32)[codes]
        weights = _row_weights(codes, self.class_weight)
        vary = variations(self.augmentations)
        start = perf_counter()
        for step, rows in enumerate(shuffled(len(codes), self.batch, generator)):
            done = self._done(step, perf_counter() - start)
            if self.progress is not None:
                self.progress((member + done) / self.members_)
            if done >= 1:
                return
            net.optimizer.learning_rate = self.learning_rate * schedule(done)
            x, t = scaled(pictures[rows]), targets[rows]
            for change in vary:
                x = change(x, generator)
            x, t = mixed(x, t, self.mixup, generator)
            loss = net.train_on_batch(x, t, sample_weight=weights[rows])
            if not math.isfinite(float(loss)):
                raise InputError(f"training diverged at step {step}; lower learning_rate from {self.learning_rate:g}")

    def _done(self, step: int, seconds: float) -> float:
        of_time = 0.0 if self.budget_s is None else seconds / (self.budget_s / self.members_)
        return min(1.0, max(step / self.steps_, of_time))

    def _reduced(self, X: Any) -> NDArray[np.uint8]:
        pictures = resized(X, size=self.size_)
        if pictures.shape[3] != self.channels_:
            raise InputError(
                f"the net was trained on {self.channels_} colour channels, this picture has {pictures.shape[3]}"
            )
        return pictures

    def _probabilities(self, X: Any) -> NDArray[np.float64]:
        pictures = scaled(self._reduced(X))
        views = [pictures, pictures[:, :, ::-1]] if self.mirrored else [pictures]
        logits = [np.asarray(net.predict_on_batch(view), np.float64) for net in self.nets_ for view in views]
        return np.mean([softmax(part, axis=1) for part in logits], axis=0)


def default_steps(n: int) -> int:
    """Optimizer steps for `n` pictures: many passes over a few, few passes over many."""
    return int(np.clip(60 * n / 64, 300, 800))


def default_members(steps: int, n: int) -> int:
    """Nets to average, up to three: one net's AUC swings by 0.04 with its first weights when the pictures are few.

    Under 200 pictures it is one, for 300 steps already are a hundred passes, and a small study should end soon.
    """
    return int(np.clip(1600 // steps, 1, 3)) if n >= 200 else 1


def schedule(done: float, *, warm: float = 0.1) -> float:
    """Factor of the learning rate after the fraction `done`: a linear rise, then half a cosine down to 0."""
    if done < warm:
        return (done + 1e-3) / (warm + 1e-3)
    return 0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm)))


def mixed(x: Any, t: Any, alpha: float, generator: np.random.Generator) -> tuple[Any, Any]:
    """Blend each picture and its label with another of the batch (mixup, arXiv:1710.09412)."""
    if alpha <= 0:
        return x, t
    share = generator.beta(alpha, alpha, len(x)).astype(np.float32)
    share = np.maximum(share, 1 - share)
    other = generator.permutation(len(x))
    wide = share[:, None, None, None]
    return wide * x + (1 - wide) * x[other], share[:, None] * t + (1 - share[:, None]) * t[other]


def _row_weights(codes: NDArray[np.intp], class_weight: str | None) -> NDArray[np.float32]:
    if class_weight not in (None, "balanced"):
        raise InputError(f"class_weight must be None or 'balanced', got {class_weight!r}")
    if class_weight is None:
        return np.ones(len(codes), np.float32)
    counts = np.bincount(codes)
    return (len(codes) / (len(counts) * counts[codes])).astype(np.float32)
