"""What a column of a table says of a label, to hold the labels of reports against it."""

from __future__ import annotations

import pandas as pd

from ..core import InputError
from ..evaluate.calibrate import wilson

YES = frozenset(("1", "yes", "true", "positive", "present", "y"))
NO = frozenset(("0", "no", "false", "negative", "absent", "n", "normal", "none"))


def truth_of(cells: pd.Series, label: str, positive: str | None) -> pd.Series:
    """The table's own label as true, false or missing; words that are neither are an error that names one."""
    yes, no = {*YES, label.lower(), (positive or label).lower()}, {*NO, f"no {label.lower()}", f"no_{label.lower()}"}
    words = cells.str.strip().str.lower()
    classes = set(words.dropna()) - {"-1"}
    if len(classes & yes) == 1 and (len(classes) == 2 or label.lower() in classes):
        no |= classes - yes
    strange = sorted(classes - yes - no)
    if strange:
        raise InputError(
            f"column {cells.name!r} holds {strange[0]!r}, which is neither {label} nor its absence; "
            "write 1 and 0, or say which class it is with --positive"
        )
    return words.map({**dict.fromkeys(no, False), **dict.fromkeys(yes, True)}).astype("boolean")


def share(hits: int, n: int) -> dict[str, float | None]:
    """A share with Wilson's 95 % interval; undefined where there is nothing to count."""
    if not n:
        return {"value": None, "low": None, "high": None}
    low, high = wilson(hits, n)
    return {"value": hits / n, "low": float(low), "high": float(high)}
