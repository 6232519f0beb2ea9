"""A net for sequences of frames with scikit-learn's contract: video, slices of a volume, one slice over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError

from .heads import Categorical
from .lesson import Lesson, coded, row_weights
from .nets import build, with_frames
from .parts import parameters, unfitted
from .sequence_training import SequenceTraining, judged
from .sequences import as_sequences, clips, gathered
from .training import Recipe

BATCH = 16
"""Clips judged at once."""


@dataclass(kw_only=True, eq=False, repr=False)
class SequenceClassifier(ClassifierMixin, BaseEstimator):
    """A small net on clips of `frames` frames: one encoder for all frames, `recurrence` or none, `pooling`, scores.

    `X` is what `sequences.as_sequences` takes: the structured array of `sequence_dtype` (in memory or memory-mapped,
    read clip by clip), uint8 (n, frames, size, size), or a list of uint8 (frames, size, size) of any lengths. A sequence
    of one frame is a sequence. Shorter ones are masked; of longer ones each training step draws another clip, and the
    prediction is the mean over up to `clips` clips that share no frame. Nothing is chosen while training. The same seed
    gives the same weights again on the same machine with the same number of threads.

    Parameters that change the result: `recurrence` ("none", "gru", "lstm", "bigru", "bilstm", "convlstm"), `pooling`
    ("mean", "attention"), `units`; `frames`, `clips`, `sampling` ("even" over the whole sequence, "window": neighbours);
    `width`, `blocks`, `dropout`, `size` [pixels] (`None`: the frames' own up to 64, else 96); `steps` (`None`: by the
    number of sequences), `batch`, `learning_rate`, `weight_decay`, `smoothing`, `augmentations` (names out of
    `batches.AUGMENTATIONS`, the same for all frames of a clip), `mirrored`, `members`, `class_weight` ("balanced" or
    `None`), `seed`. `budget_s` ends the schedule early. `threads` and `progress` change speed and sight only.
    """

    recurrence: str = "gru"
    pooling: str = "mean"
    units: int = 32
    frames: int = 16
    clips: int = 3
    sampling: str = "even"
    width: int = 12
    blocks: int = 1
    dropout: float = 0.3
    size: int | None = None
    steps: int | None = None
    batch: int = 8
    learning_rate: float = 2e-3
    weight_decay: float = 5e-3
    smoothing: float = 0.05
    augmentations: Sequence[str] = ("flip", "shift", "intensity")
    mirrored: bool = True
    members: int = 1
    class_weight: str | None = "balanced"
    seed: int = 0
    budget_s: float | None = None
    threads: int | None = None
    progress: Callable[[float], None] | None = None

    def fit(self, X: Any, y: Any) -> Self:
        """Train on sequences `X` and their classes `y` (n,)."""
        X = as_sequences(X)
        if self.frames < 1 or self.clips < 1:
            raise InputError(f"a clip needs 1 frame or more, got frames={self.frames}, clips={self.clips}")
        y = np.asarray(y)
        if y.shape != (len(X),):
            raise InputError(f"there are {len(X)} sequences but labels of shape {y.shape}; give one label a sequence")
        self.classes_, codes = coded(y, "sequences")
        side = X.dtype["frames"].shape[1]
        self.size_ = self.size or (side if side <= 64 else 96)
        self.frames_ = min(self.frames, X.dtype["frames"].shape[0])
        self.steps_, self.members_ = self.steps or default_steps(len(X)), self.members
        head = Categorical(len(self.classes_))
        training = SequenceTraining(
            self._recipe(),
            head,
            self._description(),
            threads=self.threads,
            progress=self.progress,
            sampling=self.sampling,
        )
        lesson = Lesson(X, head.targets(codes), row_weights(codes, self.class_weight))
        self.nets_ = [with_frames(net) for net in training.nets(lesson)]
        self.curve_, self.remarks_ = training.curve, training.remarks
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probability of each class (n, classes) for each sequence, in the order of `classes_`; not calibrated."""
        check_is_fitted(self, "nets_")
        return self._averaged(as_sequences(X), self.nets_)

    def each(self, X: Any) -> list[NDArray[np.float64]]:
        """What every member says alone: how far nets swing that differ in their first weights."""
        check_is_fitted(self, "nets_")
        X = as_sequences(X)
        return [self._averaged(X, [net]) for net in self.nets_]

    def predict_frames(self, X: Any) -> NDArray[np.float64]:
        """Probability of each class (n, frames, classes) for each frame; NaN where there is none or it was in no clip.

        With recurrence a frame's probability rests on the clip up to this frame, read in both directions on all of it.
        """
        check_is_fitted(self, "nets_")
        X = as_sequences(X)
        out = np.full((len(X), X.dtype["frames"].shape[0], len(self.classes_)), np.nan)
        for rows, picked, _, each in self._judged(X, self.nets_):
            for row, indices, told in zip(rows, picked, each, strict=True):
                out[row, indices] = told[: len(indices)]
        return out

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of each sequence."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def to_parts(self) -> tuple[dict[str, Any], list[list[NDArray[Any]]]]:
        """What a fitted classifier is rebuilt from: a JSON-able description and the weights of each member."""
        check_is_fitted(self, "nets_")
        fitted = {"steps": self.steps_, "classes": self.classes_.tolist(), "remarks": list(self.remarks_)}
        return {"parameters": parameters(self), "fitted": fitted, "net": self._description()}, [
            n.get_weights() for n in self.nets_
        ]

    @classmethod
    def from_parts(cls, description: Mapping[str, Any], weights: Sequence[Sequence[NDArray[Any]]]) -> Self:
        """Rebuild what `to_parts` gave."""
        made = unfitted(cls, description)
        made.classes_ = np.asarray(description["fitted"]["classes"])
        made.steps_, made.remarks_ = description["fitted"]["steps"], description["fitted"].get("remarks", [])
        made.size_, made.frames_ = (description["net"]["arguments"][name] for name in ("size", "frames"))
        made.members_, made.nets_ = len(weights), []
        for arrays in weights:
            net = with_frames(build(description["net"]))
            net.set_weights(list(arrays))
            made.nets_.append(net)
        return made

    def _description(self) -> dict[str, Any]:
        seen = {"size": self.size_, "channels": 1, "frames": self.frames_, "classes": len(self.classes_)}
        names = ("recurrence", "pooling", "units", "width", "blocks", "dropout")
        return {"architecture": "sequence_net", "arguments": seen | {name: getattr(self, name) for name in names}}

    def _recipe(self) -> Recipe:
        names = ("batch", "learning_rate", "weight_decay", "smoothing", "members", "seed", "budget_s")
        rest = {name: getattr(self, name) for name in names}
        return Recipe(steps=self.steps_, augmentations=tuple(self.augmentations), mixup=0.0, cutmix=0.0, **rest)

    def _averaged(self, X: Any, nets: Sequence[Any]) -> NDArray[np.float64]:
        """Mean probabilities over the clips of each sequence."""
        total, count = np.zeros((len(X), len(self.classes_))), np.zeros(len(X))
        for rows, _, whole, _ in self._judged(X, nets):
            np.add.at(total, rows, whole)
            np.add.at(count, rows, 1)
        return total / count[:, None]

    def _judged(self, X: Any, nets: Sequence[Any]) -> Iterator[tuple[list[int], list[NDArray[np.intp]], Any, Any]]:
        """By batches of clips: their rows, their frames' numbers, probabilities (k, c) and of frames (k, frames, c)."""
        lengths = X["length"]
        every = [
            (row, picked)
            for row in range(len(X))
            for picked in clips(int(lengths[row]), self.frames_, self.clips, sampling=self.sampling)
        ]
        for start in range(0, len(every), BATCH):
            rows, picked = (list(part) for part in zip(*every[start : start + BATCH], strict=True))
            pictures, present = gathered(X, rows, picked, frames=self.frames_)
            logits = judged(nets, pictures, present, size=self.size_, mirrored=self.mirrored)
            whole, each = (softmax(part, axis=-1).mean(axis=0) for part in logits)
            yield rows, picked, whole, each


def default_steps(n: int) -> int:
    """Optimizer steps for `n` sequences: about forty passes, from 200 to 1000."""
    return int(np.clip(5 * n, 200, 1000))
