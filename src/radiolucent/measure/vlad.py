"""VLAD: how a picture's descriptors lie around each visual word, not only how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .descriptors import OfDescriptors, prepared, unit_rows
from .words import centres, nearest


@dataclass(eq=False, repr=False)
class Vlad(OfDescriptors):
    """Turn the keypoint descriptors of pictures (n, K, d) into sums of differences from `n_words` words (n, n_words d).

    The sum at each word is brought to length 1, then the whole row, so that a few repeated structures do not outweigh
    the rest (Arandjelovic and Zisserman 2013, doi:10.1109/CVPR.2013.207; Jegou et al. 2010,
    doi:10.1109/CVPR.2010.5540039). Parameters, absent slots and memory as in `Words`; bits count one value each.
    Fitted: `centres_` (at most n_words, d) float32, `length_` of a descriptor.
    """

    n_words: int = 32

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        values = range(self.centres_.shape[1])
        return np.array([f"vlad_{word}_{value}" for word in range(self.n_words) for value in values], dtype=object)

    def _learn(self, descriptors: NDArray[np.float32]) -> None:
        self.centres_ = centres(descriptors, self.n_words, self.seed)

    def _rows(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        present = batch.any(axis=2)
        given = prepared(batch[present], self.values)
        word = nearest(given, self.centres_)
        sums = np.zeros((len(batch), self.n_words, given.shape[1]), np.float32)
        np.add.at(sums, (np.nonzero(present)[0], word), given - self.centres_[word])
        each = unit_rows(sums.reshape(-1, given.shape[1]))
        return unit_rows(each.reshape(len(batch), -1))
