"""Arrays and tables in, scikit-learn estimators out: classical and deep, saved without pickle."""

from .candidates import CANDIDATES, Candidate
from .classic import boosting, forest, metadata, svm
from .keras_estimator import KerasClassifier
from .model import Model, load, save, size_mb
from .rows import Rows

__all__ = [
    "CANDIDATES",
    "Candidate",
    "KerasClassifier",
    "Model",
    "Rows",
    "boosting",
    "forest",
    "load",
    "metadata",
    "save",
    "size_mb",
    "svm",
]
