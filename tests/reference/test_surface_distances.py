"""Surface distances against the published cases of google-deepmind/surface-distance (3 decimals, empty regions too)."""

import json

import numpy as np
import pytest
from shared import shared

from radiolucent.evaluate import overlap
from radiolucent.kernels.surfels import surface_distances

NAMES = (
    "2D two pixels 2 mm", "2D empty pred", "2D empty gt", "2D both empty", "3D two voxels 2 mm",
    "3D half cube shifted by 1", "3D empty pred", "3D empty gt", "3D both empty",
)  # fmt: skip


def case(name):
    cases = json.loads(shared("reference/metrics-surface-distance/cases.json").read_text())["cases"]
    return next(one for one in cases if one["name"] == name)


def region(one, which):
    flags = np.zeros(one["shape"], bool)
    if f"{which}_slices" in one:
        stop = int(one[f"{which}_slices"].split(":")[1].split(",")[0])
        flags[:stop] = True
    for point in one.get(which, []):
        flags[tuple(point)] = True
    return flags


def worst(ours, theirs):
    theirs = [float(v) for v in theirs]
    np.testing.assert_array_equal(np.isfinite(ours), np.isfinite(theirs))
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    gaps = [abs(a - b) for a, b in zip(ours, theirs, strict=True) if np.isfinite(b)]
    return max(gaps, default=0.0)


@pytest.mark.parametrize("name", NAMES)
def test_the_distances_are_the_published_ones(name, record_property):
    one = case(name)
    truth, found = region(one, "gt"), region(one, "pred")
    to_found, to_truth = surface_distances(truth, found, tuple(one["spacing"]))
    scores = overlap(found, truth, spacing_mm=one["spacing"], tolerance=1.0)

    def within(distances):
        return distances.within(1.0) / distances.area.sum() if len(distances.area) else np.nan

    ours = [to_found.mean(), to_truth.mean(), scores["hd_mm"], scores["hd95_mm"], within(to_found), within(to_truth)]
    theirs = [*one["asd"], one["hd100"], one["hd95"], *one["overlap1mm"]]
    gap = worst([*ours, scores["nsd"], scores["dice"]], [*theirs, one["sdice1mm"], one["dice"]])
    record_property("difference", gap)
    assert gap <= 0.5e-3


def test_no_published_case_is_left_out():
    cases = json.loads(shared("reference/metrics-surface-distance/cases.json").read_text())["cases"]
    assert sorted(one["name"] for one in cases) == sorted(NAMES)
