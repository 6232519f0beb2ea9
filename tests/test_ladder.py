"""The phantom ladder: every operation of the stage stands on it, and its scenes are what they are said to be."""

import sys
from pathlib import Path

import numpy as np
import pytest

from radiolucent import segment

sys.path.insert(0, str(Path(__file__).parents[1] / "results"))
ladder, ladder_page = (pytest.importorskip(name) for name in ("ladder", "ladder_page"))
sys.path.pop(0)


def test_every_operation_is_on_the_ladder():
    assert {method.name.partition(" ")[0] for method in ladder.METHODS} == {op.__name__ for op in segment.OPS}


def test_discs_touch_and_have_labels_of_their_own():
    discs = ladder.scenes()[2].truth.array
    assert set(np.unique(discs)) == {0, 1, 2}
    assert ladder.ndimage.label(discs > 0)[1] == 1


def test_help_is_drawn_inside_the_objects_and_at_the_rim():
    for scene in ladder.scenes():
        seeds, truth = scene.seeds(together=False).array, scene.truth.array
        assert (truth[(seeds > 0) & (seeds < 9)] == seeds[(seeds > 0) & (seeds < 9)]).all()
        assert set(np.unique(seeds)) == {0, 9, *scene.labels()}
        assert (scene.outline().array[truth > 0] > 0).all()


def test_a_row_tells_scores_or_that_nothing_was_found():
    scene = ladder.scenes()[2]
    by_name = {method.name: method for method in ladder.METHODS}
    found = ladder.row(by_name["otsu"], scene, 5)
    assert found["dice"] > 0.95
    assert not found["empty"]
    told = {
        "rungs": [5],
        "scenes": [scene.name],
        "tolerance_mm": 1.0,
        "rows": [found, found | {"method": "none", "empty": True}],
    }
    text = "\n".join(ladder_page.lines(told))
    assert "| feature | otsu |  | 0.9" in text
    assert "**nothing found**" in text
