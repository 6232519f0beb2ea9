"""What nets of sequences learn from: clips drawn anew from every sequence at every step, by the one training loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .batches import resized, scaled, shuffled, variations
from .lesson import Lesson
from .sequences import drawn, gathered
from .training import Training


@dataclass(frozen=True, eq=False)
class SequenceTraining(Training):
    """`Training` whose lesson holds sequences (rows of `sequence_dtype`); `sampling` says how clips are drawn."""

    sampling: str = "even"

    def _batches(self, lesson: Lesson, batch: int, generator: np.random.Generator) -> Iterator[tuple[Any, Any, Any]]:
        """Varied clips with the masks of their frames, what is wanted of them and their weights, without end."""
        for rows in shuffled(len(lesson.targets), batch, generator):
            yield self._clips(lesson.pictures, rows, generator), lesson.targets[rows], lesson.weights[rows]

    def _clips(self, X: Any, rows: NDArray[np.intp], generator: np.random.Generator) -> list[Any]:
        """A new clip of each sequence; every change is the same for all frames of a clip."""
        frames, size = self.net["arguments"]["frames"], self.net["arguments"]["size"]
        picked = [drawn(int(n), frames, generator, sampling=self.sampling) for n in X["length"][rows]]
        pictures, present = gathered(X, rows.tolist(), picked, frames=frames)
        over_time = np.moveaxis(scaled(sized(pictures, size)), 1, -1)  # frames as channels
        for change in variations(self.recipe.augmentations):
            over_time = change(over_time, generator)
        return [np.ascontiguousarray(np.moveaxis(over_time, -1, 1)[..., None], np.float32), present]


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
