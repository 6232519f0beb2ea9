"""A U-Net with scikit-learn's contract: `fit(images, labels)` and `predict_proba(images)`, image by image."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError

from .engine import keras_on, seeded
from .nets import build
from .parts import parameters, unfitted
from .patches import drawn, normalised, padded, tiles, varied, window
from .schedule import schedule

Pair = tuple[NDArray[np.float32], NDArray[np.integer]]


@dataclass(kw_only=True, eq=False, repr=False)
class UNetSegmenter(BaseEstimator):
    """A U-Net trained on patches with Dice and cross-entropy, that labels whole images by overlapping windows.

    `images`: a sequence of 2-D or 3-D arrays of any sizes on one spacing; `labels`: integer arrays of the same shapes, 0
    being the ground. Nothing is chosen while training, so no inner part is held out; the same seed gives the same net.

    Parameters that change the result: `dimensions` (2 or 3; `None`: 3 for volumes whose median depth is 16 or more) and
    `slices` (odd; with 2, that many neighbouring slices are the channels: 2.5-D); `patch` [pixels] (`None`: the median
    image, at most 192^2 or 64^3); `width`, `levels` (`None`: by the patch), `residual`, `deep` (supervision); `steps`,
    `batch`, `learning_rate`, `weight_decay`; `flips` (axes that may be mirrored, also averaged over when predicting);
    `seed`. `budget_s` ends the schedule early on a slow machine. `threads` and `progress` (called with the finished
    fraction) change speed and sight only.
    """

    dimensions: int | None = None
    slices: int = 1
    patch: Sequence[int] | None = None
    width: int = 16
    levels: int | None = None
    residual: bool = True
    deep: bool = True
    steps: int = 2000
    batch: int = 2
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    flips: Sequence[int] = ()
    seed: int = 0
    budget_s: float | None = None
    threads: int | None = None
    progress: Callable[[float], None] | None = None

    def fit(self, images: Sequence[NDArray[Any]], labels: Sequence[NDArray[Any]]) -> Self:
        """Train on images and their labels; the losses of all steps are kept as `losses_`, the time as `seconds_`."""
        _check(images, labels)
        shapes = np.array([image.shape for image in images])
        self.axes_ = shapes.shape[1]
        self.dimensions_ = self.dimensions or (3 if self.axes_ == 3 and np.median(shapes[:, 0]) >= 16 else 2)
        if self.dimensions_ > self.axes_ or self.slices % 2 == 0:
            raise InputError(f"{self.dimensions_} dimensions and {self.slices} slices do not fit {self.axes_}-D images")
        self.classes_ = np.unique(np.concatenate([np.unique(one) for one in labels] + [np.zeros(1, int)]))
        if len(self.classes_) < 2:
            raise InputError("all masks are empty: there is nothing to learn to segment")
        self.patch_ = self._patch(shapes)
        self.levels_ = self.levels or int(np.clip(np.log2(min(self.patch_) / 8) + 1, 2, 5))
        step = 2 ** (self.levels_ - 1)
        self.patch_ = tuple(math.ceil(side / step) * step for side in self.patch_)
        begun = perf_counter()
        self.net_ = self._trained([normalised(image) for image in images], list(labels))
        self.seconds_ = perf_counter() - begun
        return self

    def predict_proba(self, images: Sequence[NDArray[Any]]) -> list[NDArray[np.float32]]:
        """Probability of each class at each pixel, (*shape, classes) for each image, columns as in `classes_`."""
        check_is_fitted(self, "net_")
        return [self._probabilities(normalised(image)) for image in images]

    def predict(self, images: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """The most probable label at each pixel of each image."""
        return [self.classes_[p.argmax(axis=-1)] for p in self.predict_proba(images)]

    def to_parts(self) -> tuple[dict[str, Any], list[list[NDArray[Any]]]]:
        """What a fitted segmenter is rebuilt from: a JSON-able description and the net's weights."""
        check_is_fitted(self, "net_")
        fitted = {
            "axes": self.axes_,
            "dimensions": self.dimensions_,
            "patch": list(self.patch_),
            "levels": self.levels_,
            "classes": self.classes_.tolist(),
        }
        return {"parameters": parameters(self), "fitted": fitted, "net": self._description()}, [self.net_.get_weights()]

    @classmethod
    def from_parts(cls, description: Mapping[str, Any], weights: Sequence[Sequence[NDArray[Any]]]) -> Self:
        """Rebuild what `to_parts` gave."""
        made = unfitted(cls, description)
        fitted = description["fitted"]
        made.axes_, made.dimensions_, made.levels_ = fitted["axes"], fitted["dimensions"], fitted["levels"]
        made.patch_, made.classes_ = tuple(fitted["patch"]), np.asarray(fitted["classes"])
        made.net_ = build(description["net"])
        made.net_.set_weights(list(weights[0]))
        return made

    def _patch(self, shapes: NDArray[np.integer]) -> tuple[int, ...]:
        if self.patch is not None:
            if len(self.patch) != self.dimensions_:
                raise InputError(f"a patch of {self.dimensions_} sides is needed, got {list(self.patch)}")
            return tuple(self.patch)
        most = 192 if self.dimensions_ == 2 else 64
        return tuple(int(min(most, side)) for side in np.median(shapes, axis=0)[-self.dimensions_ :])

    def _description(self) -> dict[str, Any]:
        channels = self.slices if self.dimensions_ < self.axes_ else 1
        arguments = {"shape": list(self.patch_), "channels": channels, "classes": len(self.classes_)}
        more = {"width": self.width, "levels": self.levels_, "residual": self.residual, "deep": self.deep}
        return {"architecture": "unet", "arguments": arguments | more}

    def _trained(self, images: list[NDArray[np.float32]], labels: list[NDArray[Any]]) -> Any:
        keras = keras_on(self.threads)
        with seeded(keras, self.seed):
            net = build(self._description())
        optimizer = keras.optimizers.AdamW(
            self.learning_rate, weight_decay=self.weight_decay, global_clipnorm=5.0, use_ema=True, ema_momentum=0.98
        )
        outputs = len(net.outputs)
        weights = [0.5**k / sum(0.5**j for j in range(outputs)) for k in range(outputs)]
        net.compile(optimizer, [dice_and_entropy(keras)] * outputs, loss_weights=weights, jit_compile=False)
        pairs = self._pairs(images, labels)
        places = [_places(labels) for _, labels in pairs]
        generator, start, self.losses_ = np.random.default_rng(self.seed), perf_counter(), []
        for step in range(self.steps):
            done = max(step / self.steps, (perf_counter() - start) / self.budget_s if self.budget_s else 0.0)
            if self.progress is not None:
                self.progress(min(done, 1.0))
            if done >= 1:
                break
            optimizer.learning_rate = self.learning_rate * schedule(done, warm=0.05)
            x, y = self._batch(pairs, places, generator)
            self.losses_.append(float(np.ravel(net.train_on_batch(x, _at_scales(y, outputs)))[0]))
            if not math.isfinite(self.losses_[-1]):
                raise InputError(f"training diverged at step {step}; lower learning_rate from {self.learning_rate:g}")
        optimizer.finalize_variable_values(net.trainable_variables)
        return net

    def _pairs(self, images: list[NDArray[np.float32]], labels: list[NDArray[Any]]) -> list[Pair]:
        """Images as large as a patch at least, with codes 0 .. classes - 1; depth is kept where slices are learned."""
        wide = (self.slices,) * (self.axes_ - self.dimensions_) + self.patch_
        pairs = []
        for image, label in zip(images, labels, strict=True):
            codes = np.searchsorted(self.classes_, label).astype(np.uint8)
            pairs.append((padded(image, wide)[0], padded(codes, wide)[0]))
        return pairs

    def _batch(
        self, pairs: list[Pair], places: list[list[NDArray[Any]]], generator: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        depth = (self.slices,) * (self.axes_ - self.dimensions_)
        x = np.empty((self.batch, *self.patch_, self.slices if depth else 1), np.float32)
        y = np.empty((self.batch, *self.patch_), np.uint8)
        for row in range(self.batch):
            chosen = int(generator.integers(len(pairs)))
            image, label = drawn(*pairs[chosen], places[chosen], depth + self.patch_, generator)
            vary = _varied_alike if depth else varied
            image, label = vary(image, label, self._flips(), generator)
            x[row] = np.moveaxis(image, 0, -1) if depth else image[..., None]
            y[row] = label[self.slices // 2] if depth else label
        return x, np.eye(len(self.classes_), dtype=np.float32)[y]

    def _flips(self) -> list[int]:
        """Axes of the image that may be mirrored, counted from the last so that they fit patches, too."""
        return [axis - self.axes_ if axis >= 0 else axis for axis in self.flips]

    def _probabilities(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        if image.ndim != self.axes_:
            raise InputError(f"the net was trained on {self.axes_}-D images, this one has {image.ndim} axes")
        total = self._windows(image)
        for axis in self._flips():
            turned = self._windows(np.ascontiguousarray(np.flip(image, axis)))
            total += np.flip(turned, axis - 1)
        total /= np.float32(1 + len(self.flips))
        return total

    def _windows(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Averages of the windows over an image, each weighted towards its middle."""
        depth = self.axes_ - self.dimensions_
        wide, before = padded(image, (1,) * depth + self.patch_)
        half = self.slices // 2
        stack = np.pad(wide, [(half, half)] * depth + [(0, 0)] * self.dimensions_, mode="edge")
        total = np.zeros((*wide.shape, len(self.classes_)), np.float32)
        weight, counted = window(self.patch_), np.zeros(wide.shape, np.float32)
        places = list(tiles(wide.shape, (1,) * depth + self.patch_))
        for first in range(0, len(places), self.batch):
            part = places[first : first + self.batch]
            x = np.zeros((self.batch, *self.patch_, self.slices if depth else 1), np.float32)
            for row, place in enumerate(part):
                x[row] = _around(stack, place, self.slices) if depth else wide[place][..., None]
            logits = self.net_.predict_on_batch(x)
            found = softmax(np.asarray(logits[0] if isinstance(logits, list) else logits), axis=-1)
            for place, patch in zip(part, found, strict=False):
                total[place] += (patch * weight[..., None]).reshape(total[place].shape)
                counted[place] += weight.reshape(counted[place].shape)
        inner = tuple(slice(b, b + n) for b, n in zip(before, image.shape, strict=True))
        total /= counted[..., None]
        return total[inner]


def dice_and_entropy(keras: Any) -> Callable[[Any, Any], Any]:
    """Cross-entropy plus one minus the mean Dice of the classes but the ground, over a whole batch."""
    ops = keras.ops

    def loss(truth: Any, logits: Any) -> Any:
        entropy = ops.mean(ops.categorical_crossentropy(truth, logits, from_logits=True))
        share = ops.softmax(logits, axis=-1)
        axes = list(range(len(logits.shape) - 1))
        both, sizes = ops.sum(truth * share, axis=axes), ops.sum(truth + share, axis=axes)
        return entropy + 1 - ops.mean((2 * both[1:] + 1) / (sizes[1:] + 1))

    return loss


def entropy_map(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Uncertainty of each pixel, 0 (sure) to 1 (all classes alike): entropy relative to its greatest value."""
    p = np.clip(probabilities, 1e-12, 1)
    return (-(p * np.log(p)).sum(axis=-1) / np.log(p.shape[-1])).astype(np.float32)


def _at_scales(y: NDArray[np.float32], outputs: int) -> list[NDArray[np.float32]]:
    """The same targets at every second, fourth ... pixel, for deep supervision."""
    return [y[(slice(None), *(slice(None, None, 2**k),) * (y.ndim - 2))] for k in range(outputs)]


def _around(stack: NDArray[np.float32], place: tuple[slice, ...], slices: int) -> NDArray[np.float32]:
    """A slice with its neighbours as channels, out of a stack that is wider by them."""
    first = place[0].start
    return np.moveaxis(stack[(slice(first, first + slices), *place[1:])], 0, -1)


def _varied_alike(image: Any, label: Any, flips: Sequence[int], generator: np.random.Generator) -> Pair:
    """Vary neighbouring slices alike, each within its plane."""
    state = generator.bit_generator.state
    parts = []
    for one, codes in zip(image, label, strict=True):
        generator.bit_generator.state = state
        parts.append(varied(one, codes, flips, generator))
    return np.stack([p[0] for p in parts]), np.stack([p[1] for p in parts])


def _places(labels: NDArray[np.integer]) -> list[NDArray[Any]]:
    """Where each label but the ground is, at most 5,000 places each."""
    found = [np.argwhere(labels == code) for code in np.unique(labels) if code]
    return [points[:: max(1, len(points) // 5000)] for points in found]


def _check(images: Sequence[NDArray[Any]], labels: Sequence[NDArray[Any]]) -> None:
    if not len(images) or len(images) != len(labels):
        raise InputError(f"{len(images)} images and {len(labels)} masks were given; give one mask an image")
    axes = {np.ndim(image) for image in images}
    if len(axes) > 1 or not axes <= {2, 3}:
        raise InputError(f"images must all be 2-D or all 3-D, and these have {sorted(axes)} axes")
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        if np.shape(image) != np.shape(label):
            raise InputError(f"image {number} has shape {np.shape(image)}, its mask {np.shape(label)}")
        if np.asarray(label).dtype.kind not in "iub":
            raise InputError(f"mask {number} holds {np.asarray(label).dtype}; labels are integers")
