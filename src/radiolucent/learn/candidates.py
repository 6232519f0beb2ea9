"""The candidates of a study: an ordered list of names, what each needs to see, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

from . import classic
from .keras_estimator import KerasClassifier
from .lightgbm import LightGBM
from .sequence import SequenceClassifier
from .synthetic import SyntheticClassifier

Needs = Literal["rows", "pictures", "both", "sequences", "features", "table"]


@dataclass(frozen=True)
class Candidate:
    """How a classifier is made (`make(seed=..., ...)`) and what its X is.

    "rows": the numeric table that `Rows` joins; "pictures": uint8 (n, size, size); "both":
    `Beside`, these with the metadata;
    "sequences": rows of `sequence_dtype`; "features": a data frame of measured features; "table": a data frame of
    metadata. A study runs those that are `default` (or, of sequences, all) unless others are asked for by name.
    """

    name: str
    needs: Needs
    make: Callable[..., Any]
    says: str
    default: bool = True


LARGER: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "resnet18": {"net": "resnet18", "width": 32, "members": 1},
        "efficientnet": {"net": "efficientnet", "width": 16, "members": 1},
    }
)
"""Nets for larger pictures, at half of their published width, so that a laptop trains them within an hour or so."""

_ALL = (
    Candidate("svm", "rows", classic.svm, "Support vector machine on keypoint words and statistics"),
    Candidate("forest", "rows", classic.forest, "Random forest on keypoint words and statistics"),
    Candidate("boosting", "rows", classic.boosting, "Gradient boosting on keypoint words and statistics"),
    Candidate(
        "svm_linear",
        "rows",
        classic.svm_linear,
        "Linear support vector machine on keypoint words and statistics",
        default=False,
    ),
    Candidate(
        "logistic",
        "rows",
        classic.logistic,
        "Logistic regression (ridge) on keypoint words and statistics",
        default=False,
    ),
    Candidate(
        "elastic_net",
        "rows",
        classic.elastic_net,
        "Logistic regression (elastic net) on keypoint words and statistics",
        default=False,
    ),
    Candidate(
        "extra_trees",
        "rows",
        classic.extra_trees,
        "Extremely randomised trees on keypoint words and statistics",
        default=False,
    ),
    Candidate(
        "lightgbm", "rows", LightGBM, "Gradient boosting by LightGBM on keypoint words and statistics", default=False
    ),
    Candidate("cnn", "pictures", KerasClassifier, "Small residual net on the pictures"),
    Candidate(
        "resnet18",
        "pictures",
        partial(KerasClassifier, **LARGER["resnet18"]),
        "Net like ResNet-18, at half its width, on the pictures",
        default=False,
    ),
    Candidate(
        "efficientnet",
        "pictures",
        partial(KerasClassifier, **LARGER["efficientnet"]),
        "Net like EfficientNet-B0, at half its width, on the pictures",
        default=False,
    ),
    Candidate(
        "cnn_synthetic",
        "pictures",
        SyntheticClassifier,
        "Small residual net on the pictures and on as many that a GAN drew after them",
        default=False,
    ),
    Candidate(
        "pooling",
        "sequences",
        partial(SequenceClassifier, recurrence="none"),
        "Small residual net on each frame and the mean of the frames, without recurrence",
        default=False,
    ),
    Candidate(
        "gru",
        "sequences",
        partial(SequenceClassifier, recurrence="gru"),
        "The same net on each frame, a GRU over the frames",
        default=False,
    ),
    Candidate(
        "lstm",
        "sequences",
        partial(SequenceClassifier, recurrence="lstm"),
        "The same net on each frame, an LSTM over the frames",
        default=False,
    ),
    Candidate(
        "bigru",
        "sequences",
        partial(SequenceClassifier, recurrence="bigru"),
        "The same net on each frame, a GRU over the frames in both directions",
        default=False,
    ),
    Candidate(
        "convlstm",
        "sequences",
        partial(SequenceClassifier, recurrence="convlstm", units=16),
        "The same net on each frame, a convolutional LSTM over its feature maps",
        default=False,
    ),
    Candidate(
        "frame_voting",
        "sequences",
        classic.svm,
        "Support vector machine on gradients and patterns of each frame, the mean of its votes",
        default=False,
    ),
    Candidate(
        "fusion",
        "both",
        KerasClassifier,
        "Small residual net on the pictures with the columns of metadata joined before its last layer",
        default=False,
    ),
    Candidate("features", "features", classic.features, "Random forest on the table's own columns of features"),
    Candidate("metadata", "table", classic.metadata, "Logistic regression on the metadata alone"),
)

CANDIDATES: Mapping[str, Candidate] = MappingProxyType({candidate.name: candidate for candidate in _ALL})
"""Every candidate by name, in the order in which a study runs and shows them."""

RECURRENT, CONTROL = ("gru", "lstm", "bigru", "convlstm"), "pooling"
"""Candidates that join frames by recurrence, and the one that is the same net without it."""
