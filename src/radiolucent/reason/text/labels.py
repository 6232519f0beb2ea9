"""The 14 CheXpert observations (or the 14 classes of ChestX-ray14) of a report, from what it names.

Irvin et al. 2019, arXiv:1901.07031: an observation that is stated anywhere is 1; else one that is doubted anywhere -1;
else one that is denied 0; else it is blank. "No Finding" is 1 where nothing but support devices is stated or doubted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from radiolucent.core import unknown

from .mentions import concepts
from .report import Observation, Reading, read_report
from .sections import ASIDE

Scheme = Literal["chexpert", "chestxray14"]

CHEXPERT = (
    "No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Lesion", "Lung Opacity", "Edema", "Consolidation",
    "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices",
)  # fmt: skip
CHESTXRAY14 = (
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
    "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
)  # fmt: skip
SCHEMES: Mapping[str, tuple[str, ...]] = {"chexpert": CHEXPERT, "chestxray14": CHESTXRAY14}
VALUES = {"present": 1, "possible": -1, "absent": 0}
DEVICES = "Support Devices"


def labels(text: str, *, scheme: Scheme = "chexpert") -> dict[str, int | None]:
    """The labels of a report: 1 stated, 0 denied, -1 doubted, `None` not named. A text that cannot be read has none."""
    return labels_of(read_report(text), scheme=scheme)


def labels_of(reading: Reading, *, scheme: Scheme = "chexpert") -> dict[str, int | None]:
    """The labels of a report that was read."""
    seen: dict[str, set[int]] = {}
    for one in counted(reading):
        seen.setdefault(label_of(one, scheme=scheme), set()).add(VALUES[one.mention.status])
    out = {name: _joined(seen.get(name, set())) for name in SCHEMES[scheme]}
    if scheme == "chexpert" and reading.problem is None:
        out["No Finding"] = _no_finding(reading, out)
    return out


def counted(reading: Reading) -> Iterator[Observation]:
    """Observations of this patient, now, in sections that tell what the picture shows."""
    return (one for one in reading.observations if one.mention.counts and one.section not in ASIDE)


def label_of(one: Observation, *, scheme: Scheme = "chexpert") -> str:
    """The label that an observation speaks for, or ""."""
    concept = concepts()[one.mention.concept]
    return concept.label if scheme == "chexpert" else concept.nih


def _joined(said: set[int]) -> int | None:
    return next((value for value in (1, -1, 0) if value in said), None)


def _no_finding(reading: Reading, found: Mapping[str, int | None]) -> int | None:
    """1 where nothing is stated or doubted; an abnormality without an observation of its own must not be stated, either."""
    if any(value in (1, -1) for name, value in found.items() if name != DEVICES):
        return None
    others = (one for one in counted(reading) if concepts()[one.mention.concept].other)
    return None if any(one.mention.status == "present" for one in others) else 1


WRONG, OF = 7, 593
"""Measured: sentences of the NegEx set, not looked at while the rules were made, whose denial was judged wrongly.

It is the error of the rules in clinical sentences, not that of labels of whole reports from anybody's hospital.
"""


def known_label(name: str) -> str:
    """The label or observation that a person means by `name` ("pneumonia", "lung nodule"), or the error that lists them."""
    known = [
        *CHEXPERT,
        *(one for one in CHESTXRAY14 if one not in CHEXPERT),
        *(one.replace("_", " ") for one in concepts()),
    ]
    found = {_bare(one): one for one in reversed(known)}
    if _bare(name) not in found:
        raise unknown("label that a report's text gives", name, known)
    return found[_bare(name)]


def value_of_label(reading: Reading, name: str) -> int | None:
    """What a report says of one label of `known_label`: 1, 0, -1 or `None` (not named, or not to be read)."""
    if name in CHEXPERT:
        return labels_of(reading)[name]
    if name in CHESTXRAY14:
        return labels_of(reading, scheme="chestxray14")[name]
    told = (one.mention for one in counted(reading) if one.mention.concept.replace("_", " ") == name)
    return _joined({VALUES[mention.status] for mention in told})


def _bare(name: str) -> str:
    return name.strip().lower().replace("_", " ").replace("-", " ")
