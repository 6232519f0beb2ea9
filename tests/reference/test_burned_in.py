"""Names burnt into an ultrasound picture by others, who give their boxes; and every picture with other encodings."""

import json

import numpy as np
import pytest
from shared import shared

from radiolucent.core import InputError
from radiolucent.deid.blanking import blank
from radiolucent.deid.pixels import clean, find
from radiolucent.dicom import read_dataset, stored_values
from radiolucent.kernels.lettering import Box, covered

FOLDER = "reference/deid-pydicom-deid-data"


def burned():
    answer = json.loads((shared(FOLDER) / "burned-in.GREYSCALE_IMAGE.json").read_text())
    path = shared(f"{FOLDER}/deid_data/data/ultrasounds") / answer["file"]
    return path, [item["box"] for item in answer["items"]]


def test_every_box_is_constant_and_all_outside_is_untouched(record_property):
    path, boxes = burned()
    dataset = read_dataset(path)
    before = stored_values(path, dataset)
    made = clean(dataset, name=path)
    after = stored_values(path, made.dataset)
    inside = covered(list(made.boxes), before.shape[1:3])
    changed = float((before[:, ~inside] != after[:, ~inside]).sum())
    left = [float(np.ptp(after[:, y0:y1, x0:x1])) for x0, y0, x1, y1 in boxes]
    record_property("difference", changed + sum(left))
    assert len(boxes) == 7
    assert changed == 0
    assert not any(left)


def test_the_detector_alone_covers_every_box(record_property):
    path, boxes = burned()
    found = covered(list(find(stored_values(path, read_dataset(path)))), (768, 1024))
    shares = [float(found[y0:y1, x0:x1].mean()) for x0, y0, x1, y1 in boxes]
    record_property("difference", 1 - min(shares))
    assert min(shares) >= 0.9


@pytest.mark.parametrize("folder", ["reference/read-pydicom", "reference/read-highdicom"])
def test_blanking_leaves_all_outside_as_it_decodes(folder, record_property):
    """One box in every file that decodes, without the detector: only the writing is looked at."""
    tried, differing = 0, []
    for path in sorted(shared(folder).rglob("*.dcm")):
        try:
            dataset = read_dataset(path)
            before = stored_values(path, dataset)
        except InputError:
            continue
        rows, columns = before.shape[1:3]
        if before.size > 4_000_000 or min(rows, columns) < 4:
            continue
        box = Box(rows // 4, columns // 4, rows // 2, columns // 2)
        blank(dataset, [box], before)
        after = stored_values(path, dataset)
        inside = covered([box], (rows, columns))
        same = np.array_equal(before[:, ~inside], after[:, ~inside], equal_nan=before.dtype.kind == "f")
        flat = len(np.unique(after[:, inside].reshape(-1, *after.shape[3:]), axis=0)) == 1
        tried += 1
        if not (same and flat):
            differing.append(path.name)
    record_property("difference", float(len(differing)))
    assert not differing, f"{len(differing)} of {tried}: {differing}"
    assert tried >= 10
