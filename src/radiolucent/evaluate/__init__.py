"""Arrays to numbers: splits that respect patients, leaks, figures with intervals, calibration, subgroups, the audit."""

from .audit import audit
from .calibrate import Calibrator, expected_ece, reliability, threshold, wilson
from .confound import alone, confounding, cramers_v, explained, giveaways, is_confounder
from .decision import net_benefit, roc
from .figures import figure, plain
from .interval import auc_figure, delong, delong_difference, difference, resamples
from .leak import label_conflicts, leaks, patients_across, twin_free
from .overlap import overlap, overlap_summary, overlaps
from .score import ece, macro_auc, scores
from .split import Merged, check_official, folds, merged, tuning
from .subgroup import banded, bands, subgroups
from .twins import Twins, identical, twins

__all__ = [
    "Calibrator",
    "Merged",
    "Twins",
    "alone",
    "auc_figure",
    "audit",
    "banded",
    "bands",
    "check_official",
    "confounding",
    "cramers_v",
    "delong",
    "delong_difference",
    "difference",
    "ece",
    "expected_ece",
    "explained",
    "figure",
    "folds",
    "giveaways",
    "identical",
    "is_confounder",
    "label_conflicts",
    "leaks",
    "macro_auc",
    "merged",
    "net_benefit",
    "overlap",
    "overlap_summary",
    "overlaps",
    "patients_across",
    "plain",
    "reliability",
    "resamples",
    "roc",
    "scores",
    "subgroups",
    "threshold",
    "tuning",
    "twin_free",
    "twins",
    "wilson",
]
