import numpy as np
import pandas as pd

from radiolucent.flow.study.technical import differences, properties

SAID = {"classes": ("ill", "well"), "target": "state", "seed": 0}


def cohort(n=200):
    random = np.random.default_rng(0)
    return np.tile([0, 1], n // 2), np.arange(n), random


def test_classes_from_two_scanners_are_found_out():
    y, patients, random = cohort()
    table = pd.DataFrame({"image height": np.where(y, 512.0, 500.0), "file size": random.normal(1e5, 1e3, len(y))})
    (found,) = differences(table, y, patients, **SAID)
    assert (found["kind"], found["severity"], found["column"]) == ("confounder", "warn", "image height")
    assert "Image height alone tells state with an AUC of 1.00" in found["says"]


def test_nothing_is_said_where_nothing_differs():
    y, patients, random = cohort()
    table = pd.DataFrame({"image height": 512.0, "file size": random.normal(1e5, 1e3, len(y))})
    assert differences(table, y, patients, **SAID) == []


def test_rows_that_could_not_be_read_do_not_count():
    y, patients, _ = cohort()
    table = pd.DataFrame({"image height": np.where(y, 512.0, 500.0)})
    table.loc[:9, "image height"] = np.nan
    assert differences(table, y, patients, **SAID)[0]["count"] == 190


def test_an_image_within_a_larger_file_has_no_file_size(tmp_path):
    (tmp_path / "a.png").write_bytes(b"1234")
    assert properties(str(tmp_path / "a.png"), (3, 5)) == {"image height": 3.0, "image width": 5.0, "file size": 4.0}
    assert properties("set.npz::train_images[3]", (3, 5)) == {"image height": 3.0, "image width": 5.0}
