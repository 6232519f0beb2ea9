"""Arrays and tables in, scikit-learn estimators out: classical and deep, saved without pickle."""

from .anogan import AnoGAN
from .candidates import CANDIDATES, Candidate
from .classic import boosting, forest, metadata, svm
from .gan import GAN
from .keras_estimator import KerasClassifier, KerasRegressor
from .model import Model, load, save, size_mb
from .rows import Rows
from .segmenter import UNetSegmenter, entropy_map
from .sequence import SequenceClassifier
from .synthetic import SyntheticClassifier

__all__ = [
    "CANDIDATES",
    "GAN",
    "AnoGAN",
    "Candidate",
    "KerasClassifier",
    "KerasRegressor",
    "Model",
    "Rows",
    "SequenceClassifier",
    "SyntheticClassifier",
    "UNetSegmenter",
    "boosting",
    "entropy_map",
    "forest",
    "load",
    "metadata",
    "save",
    "size_mb",
    "svm",
]
