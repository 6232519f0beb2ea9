"""What every net on pictures shares: its parameters, its training, and how it is taken apart and put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError

from .batches import checked, resized, scaled
from .beside import Beside, Columns
from .engine import maps_and_gradients
from .heads import Head, described, head_of
from .inner import held_out
from .lesson import Lesson
from .nets import build
from .parts import parameters, unfitted
from .schedule import default_members, default_steps
from .start import start
from .training import Recipe, Training


@dataclass(kw_only=True, eq=False, repr=False)
class PictureNet(BaseEstimator):
    """Small nets on pictures, averaged; what they answer is their `Head`. See `KerasClassifier` for the parameters."""

    net: str = "small_resnet"
    width: int | None = None
    blocks: int | None = None
    dropout: float = 0.2
    size: int | None = None
    steps: int | None = None
    batch: int = 64
    learning_rate: float = 3e-3
    weight_decay: float = 5e-3
    mixup: float = 0.0
    cutmix: float = 0.0
    augmentations: Sequence[str] = ("flip", "shift")
    mirrored: bool = True
    numeric: Sequence[str] = ()
    categorical: Sequence[str] = ()
    members: int | None = None
    start: str | None = None
    seed: int = 0
    budget_s: float | None = None
    patience: int | None = None
    checkpoint: str | None = None
    threads: int | None = None
    progress: Callable[[float], None] | None = None

    def maps_and_gradients(self, X: Any, column: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Last feature maps (n, h, w, c), members side by side, and the gradient in them of what speaks for a column."""
        check_is_fitted(self, "nets_")
        pictures, head = scaled(self._reduced(checked(X))), self.head_
        pairs = [maps_and_gradients(net, pictures, lambda ops, out: head.score(ops, out, column)) for net in self.nets_]
        return np.concatenate([maps for maps, _ in pairs], -1), np.concatenate([slopes for _, slopes in pairs], -1)

    def to_parts(self) -> tuple[dict[str, Any], list[list[NDArray[Any]]]]:
        """What a fitted net is rebuilt from: a JSON-able description and the weights of each member."""
        check_is_fitted(self, "nets_")
        parts = {"parameters": parameters(self), "fitted": self._fitted(), "net": self._description()}
        return parts, [net.get_weights() for net in self.nets_]

    @classmethod
    def from_parts(cls, description: Mapping[str, Any], weights: Sequence[Sequence[NDArray[Any]]]) -> Self:
        """Rebuild what `to_parts` gave."""
        made = unfitted(cls, description)
        made._restore(description["fitted"])
        made.members_ = len(weights)
        made.nets_ = []
        for arrays in weights:
            net = build(description["net"])
            net.set_weights(list(arrays))
            made.nets_.append(net)
        return made

    def _fitted(self) -> dict[str, Any]:
        return {
            "size": self.size_,
            "depth": self.depth_,
            "channels": self.channels_,
            "steps": self.steps_,
            "members": self.members_,
            "head": described(self.head_),
            "columns": None if self.columns_ is None else self.columns_.to_dict(),
            "curve": self.curve_,
            "remarks": self.remarks_,
        }

    def _restore(self, fitted: Mapping[str, Any]) -> None:
        self.size_, self.channels_, self.steps_ = fitted["size"], fitted["channels"], fitted["steps"]
        self.depth_ = fitted.get("depth")
        columns = fitted.get("columns")
        self.columns_ = None if columns is None else Columns.from_dict(columns)
        self.curve_, self.remarks_ = list(fitted.get("curve", ())), list(fitted.get("remarks", ()))
        classes = len(fitted.get("classes", ()))
        self.head_ = head_of(fitted.get("head", {"kind": "categorical", "classes": classes}))  # kept since the heads

    def _learn(
        self, X: Any, y: NDArray[Any], head: Head, *, smoothing: float, weights: NDArray[np.float32], groups: Any
    ) -> None:
        """Train the members on pictures and what `head` makes of `y`; with patience, stop by a fifth of the `groups`."""
        self.head_ = head
        X, table = self._parted(X)
        self.columns_ = None
        if table is not None:
            self.columns_ = Columns.fit(table, numeric=self.numeric, categorical=self.categorical)
        side = X.shape[2] if X.ndim == 5 else X.shape[1]
        self.size_ = self.size or (side if side <= 64 else 96)
        pictures = resized(X, size=self.size_)
        self.depth_ = X.shape[1] if X.ndim == 5 else None
        self.channels_ = pictures.shape[-1]
        self.steps_ = self.steps or default_steps(len(X))
        self.members_ = self.members or default_members(self.steps_, len(X))
        beside = None if self.columns_ is None else self.columns_.transform(table)
        lesson, held = Lesson(pictures, head.targets(y), weights, beside), None
        if self.patience is not None:
            if groups is None:
                raise InputError("patience needs to know whose each picture is: fit(X, y, groups=patients)")
            out = held_out(y, groups, seed=self.seed)
            lesson, held = lesson.rows(~out), lesson.rows(out)
        if self.start is not None:
            self.started_ = start(build(self._description()), self.start)
        training = Training(
            self._recipe(smoothing), head, self._description(), self.threads, self.progress, self.checkpoint
        )
        self.nets_ = training.nets(lesson, held)
        begun = [] if self.start is None else [self.started_.says]
        self.curve_, self.remarks_ = training.curve, begun + training.remarks

    def _recipe(self, smoothing: float) -> Recipe:
        return Recipe(
            steps=self.steps_,
            members=self.members_,
            batch=self.batch,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            smoothing=smoothing,
            mixup=self.mixup,
            cutmix=self.cutmix,
            augmentations=tuple(self.augmentations),
            seed=self.seed,
            budget_s=self.budget_s,
            start=self.start,
            patience=self.patience,
        )

    def _description(self) -> dict[str, Any]:
        size = self.size_ if self.depth_ is None else [self.depth_, self.size_, self.size_]
        arguments = {"size": size, "channels": self.channels_, "classes": self.head_.outputs, "dropout": self.dropout}
        more = {"width": self.width, "blocks": self.blocks}
        told = {"architecture": self.net, "arguments": arguments | {k: v for k, v in more.items() if v is not None}}
        return told if self.columns_ is None else {**told, "table": self.columns_.width}

    def _answers(self, X: Any) -> NDArray[np.float64]:
        """What the members say of each picture on average, as the head tells it."""
        check_is_fitted(self, "nets_")
        return np.concatenate([self._told(part) for part in _chunks(X)])

    def _told(self, X: Any) -> NDArray[np.float64]:
        return np.mean(self._said(X, self.nets_), axis=0)

    def each(self, X: Any) -> list[NDArray[np.float64]]:
        """What every member says alone, as the head tells it: how far nets swing that differ in their first weights."""
        check_is_fitted(self, "nets_")
        return [np.concatenate([np.mean(self._said(part, [net]), axis=0) for part in _chunks(X)]) for net in self.nets_]

    def _said(self, X: Any, nets: Sequence[Any]) -> list[NDArray[np.float64]]:
        X, table = self._parted(X)
        pictures = scaled(self._reduced(X))
        views: list[Any] = [pictures, pictures[..., ::-1, :]] if self.mirrored else [pictures]
        if self.columns_ is not None:
            views = [[view, self.columns_.transform(table)] for view in views]
        return [self.head_.told(net.predict_on_batch(view)) for net in nets for view in views]

    def _parted(self, X: Any) -> tuple[Any, Any]:
        """Pictures, and the table beside them where the net is to see one."""
        has_table, wants = isinstance(X, Beside), bool(self.numeric or self.categorical)
        if has_table != wants:
            raise InputError(
                "this net sees pictures with a table beside them; give Beside(pictures, table)"
                if wants
                else "this net sees pictures alone; name the columns of the table in `numeric` and `categorical`"
            )
        return (X.pictures, X.table) if has_table else (X, None)

    def _reduced(self, X: Any) -> NDArray[np.uint8]:
        pictures = resized(X, size=self.size_)
        depth = pictures.shape[1] if pictures.ndim == 5 else None
        if depth != self.depth_:
            raise InputError(f"the net was trained on {_slices(self.depth_)}, and this is {_slices(depth)}")
        if pictures.shape[-1] != self.channels_:
            raise InputError(
                f"the net was trained on {self.channels_} colour channels, this picture has {pictures.shape[-1]}"
            )
        return pictures


def _chunks(X: Any) -> Iterator[Any]:
    """The rows in parts of 256."""
    if isinstance(X, Beside):
        checked(X.pictures)
        yield from (X.rows(slice(start, start + 256)) for start in range(0, len(X), 256))
        return
    X = checked(X)
    yield from (X[start : start + 256] for start in range(0, len(X), 256))


def _slices(depth: int | None) -> str:
    return "a picture" if depth is None else f"a volume of {depth} slices"
