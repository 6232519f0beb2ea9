"""Lowe's own SIFT (his binary's keypoints of one picture, as VLFeat publishes them) beside ours, at most 700 points."""

from functools import cache

import cv2
import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from shared import shared

from radiolucent.core import Grid, Image
from radiolucent.measure import sift


def lowe() -> np.ndarray:
    """His 638 keypoints: row, column, scale [pixels], angle [rad, from +x towards -y]."""
    numbers = np.array(shared("reference/kp-vlfeat/data/box.sift").read_text().split(), float)
    count, length = numbers[:2].astype(int)
    return numbers[2:].reshape(count, 4 + length)[:, :4]


@cache
def agreed() -> tuple[int, int, int]:
    """How many points pair up one to one (1.5 px, 20 % of scale, 15 degrees), how many are his, how many ours."""
    picture = cv2.imread(str(shared("reference/kp-vlfeat/data/box.pgm")), cv2.IMREAD_GRAYSCALE)
    ours, his = sift(Image(picture, Grid(picture.shape, "yx")), max_points=700), lowe()
    away = np.linalg.norm(his[:, None, :2] - ours.points[None], axis=-1)
    scale = np.abs(np.log(his[:, None, 2] / ours.scale[None]))
    angle = np.abs((np.degrees(-his[:, None, 3]) - ours.angle_deg[None] + 180) % 360 - 180)
    alike = (away <= 1.5) & (scale <= np.log(1.2)) & (angle <= 15)
    pairs = maximum_bipartite_matching(csr_array(alike), perm_type="column")
    return int((pairs >= 0).sum()), len(his), len(ours)


@pytest.mark.parametrize(("part", "least"), [("recall", 0.75), ("precision", 0.85)])
def test_most_of_lowes_keypoints_are_found_where_and_as_he_found_them(part, least, record_property):
    both, his, ours = agreed()
    share = both / (his if part == "recall" else ours)
    record_property("difference", 1 - share)
    assert ours <= 700
    assert share >= least
