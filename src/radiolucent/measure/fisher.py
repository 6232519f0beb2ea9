"""Fisher vectors: how a picture's descriptors would change a mixture of Gaussians that fits all pictures'."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

from radiolucent.core import InputError

from .descriptors import OfDescriptors, prepared, unit_rows


@dataclass(eq=False, repr=False)
class Fisher(OfDescriptors):
    """Turn the keypoint descriptors of pictures (n, K, d) into Fisher vectors (n, 2 n_words n_components).

    Descriptors are reduced to `n_components` principal components and described by a mixture of `n_words` Gaussians with
    diagonal covariance; a row is the gradient with respect to their means and deviations, with the sign and the square
    root of each value, brought to length 1 (Perronnin et al. 2010, doi:10.1007/978-3-642-15561-1_11). Parameters, absent
    slots and memory as in `Words`. Fitted: `axes_`, `mean_` (of the reduction), `weights_`, `means_`, `deviations_`,
    `length_` of a descriptor.
    """

    n_words: int = 16
    _: KW_ONLY
    n_components: int = 48

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        n_words, n_components = self.means_.shape
        names = [
            f"{part}_{w}_{c}" for part in ("mean", "deviation") for w in range(n_words) for c in range(n_components)
        ]
        return np.array(names, dtype=object)

    def _check_parameters(self) -> None:
        super()._check_parameters()
        if self.n_components < 1:
            raise InputError(f"n_components must be at least 1, got {self.n_components}")

    def _learn(self, descriptors: NDArray[np.float32]) -> None:
        reduction = PCA(min(self.n_components, *descriptors.shape), svd_solver="full").fit(descriptors)
        self.mean_, self.axes_ = reduction.mean_.astype(np.float32), reduction.components_.T.astype(np.float32)
        reduced = (descriptors - self.mean_) @ self.axes_
        mixture = GaussianMixture(
            min(self.n_words, len(reduced)), covariance_type="diag", max_iter=60, tol=1e-2, reg_covar=1e-5,
            random_state=self.seed,
        ).fit(reduced)  # fmt: skip
        self.weights_ = mixture.weights_.astype(np.float32)
        self.means_ = mixture.means_.astype(np.float32)
        self.deviations_ = np.sqrt(mixture.covariances_).astype(np.float32)

    def _rows(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        present = batch.any(axis=2)
        reduced = (prepared(batch[present], self.values) - self.mean_) @ self.axes_
        share = self._shares(reduced)
        ends = np.cumsum(present.sum(axis=1))[:-1]
        rows = [self._row(one, own) for one, own in zip(np.split(reduced, ends), np.split(share, ends))]
        rooted = np.stack(rows)
        return unit_rows(np.sign(rooted) * np.sqrt(np.abs(rooted)))

    def _shares(self, reduced: NDArray[np.float32]) -> NDArray[np.float32]:
        """To what part each descriptor belongs to each Gaussian (n, n_words)."""
        inverse = 1 / self.deviations_**2
        away = (
            (reduced**2) @ inverse.T - 2 * reduced @ (self.means_ * inverse).T + (self.means_**2 * inverse).sum(axis=1)
        )
        log = np.log(self.weights_) - np.log(self.deviations_).sum(axis=1) - away / 2
        part = np.exp(log - log.max(axis=1, keepdims=True, initial=-np.inf)) if len(log) else log
        return part / part.sum(axis=1, keepdims=True) if len(part) else part

    def _row(self, reduced: NDArray[np.float32], share: NDArray[np.float32]) -> NDArray[np.float32]:
        count = max(len(reduced), 1)
        total, first, second = share.sum(axis=0)[:, None], share.T @ reduced, share.T @ reduced**2
        mean = (first - total * self.means_) / self.deviations_
        spread = (second - 2 * self.means_ * first + total * self.means_**2) / self.deviations_**2 - total
        weight = np.sqrt(self.weights_)[:, None]
        row = np.concatenate([(mean / weight).ravel(), (spread / (weight * np.sqrt(2))).ravel()]) / count
        return row.astype(np.float32)
