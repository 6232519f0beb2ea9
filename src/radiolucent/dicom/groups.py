"""Functional groups: what an enhanced multi-frame file says of all its frames, or of one."""

from __future__ import annotations

from pydicom.dataset import Dataset


def group_of(dataset: Dataset, frame: int, keyword: str) -> Dataset | None:
    """The item named `keyword` that rules this frame: its own, the shared one, or that of the whole file."""
    own = dataset.get("PerFrameFunctionalGroupsSequence") or []
    shared = dataset.get("SharedFunctionalGroupsSequence") or []
    for group in (*own[frame : frame + 1], *shared[:1], dataset):
        if group.get(keyword):
            return group[keyword].value[0]
    return None


def ruling(dataset: Dataset, frame: int, keyword: str) -> Dataset:
    """As `group_of`; where nothing of that name is stated (classic files) the dataset itself."""
    found = group_of(dataset, frame, keyword)
    return dataset if found is None else found


def is_enhanced(dataset: Dataset) -> bool:
    """True where frames have groups of their own."""
    return bool(dataset.get("PerFrameFunctionalGroupsSequence"))
