import nibabel
import numpy as np
import pandas as pd
import pytest

from radiolucent.cli import main
from radiolucent.flow import radiomics_cohort
from radiolucent.flow.radiomics_cohort import Region, Work, measured
from radiolucent.flow.study.features import measured_features
from radiolucent.flow.study.question import Question
from radiolucent.measure.radiomics import Settings, names
from radiolucent.read import cohort, pixels

SHAPE = (12, 12, 10)


def write(path, array, affine=None):
    nibabel.save(nibabel.Nifti1Image(array, np.diag([1.0, 1.0, 2.0, 1.0]) if affine is None else affine), path)


@pytest.fixture
def folder(tmp_path):
    for case in range(3):
        rng = np.random.default_rng(case)
        write(tmp_path / f"image{case}.nii.gz", rng.normal(50, 20, SHAPE).astype(np.float32))
        labels = np.zeros(SHAPE, np.uint8)
        labels[2:6, 2:7, 2:7], labels[8:11, 2:7, 2:7] = 1, 4
        write(tmp_path / f"mask{case}.nii.gz", labels)
    rows = [f"image{case}.nii.gz,mask{case}.nii.gz,P{case},{case % 2}" for case in range(3)]
    (tmp_path / "cohort.csv").write_text("\n".join(["image,mask,patient,outcome", *rows]) + "\n")
    return tmp_path


def run(folder, *words):
    return main(
        ["measure", "radiomics", *[str(word) for word in words], "-o", str(folder / "out.csv"), "--threads", "1"]
    )


def test_one_image_gives_a_row_for_each_label(folder, capsys):
    assert run(folder, folder / "image0.nii.gz", folder / "mask0.nii.gz") == 0
    table = pd.read_csv(folder / "out.csv")
    assert table["label"].tolist() == [1, 4]
    assert sorted(table.columns.drop("label")) == sorted(names("common"))
    assert capsys.readouterr().out.startswith("2 regions, ")


def test_a_cohort_keeps_its_columns_and_their_order(folder):
    assert run(folder, "--cohort", folder / "cohort.csv", "--label", 1) == 0
    table = pd.read_csv(folder / "out.csv")
    assert list(table.columns[:5]) == ["image", "mask", "patient", "outcome", "label"]
    assert table["patient"].tolist() == ["P0", "P1", "P2"]
    assert not list(folder.glob("*.part"))


def test_a_row_that_fails_is_told_and_the_others_go_on(folder, capsys):
    (folder / "mask1.nii.gz").unlink()
    write(folder / "mask2.nii.gz", np.zeros(SHAPE, np.uint8))
    assert run(folder, "--cohort", folder / "cohort.csv") == 0
    assert pd.read_csv(folder / "out.csv")["patient"].unique().tolist() == ["P0"]
    remarks = pd.read_csv(folder / "out.remarks.csv")
    assert remarks["row"].tolist() == [3, 4]
    assert "no such file" in remarks["says"][0]
    assert "mask is empty" in remarks["says"][1]
    assert "2 of 3 rows failed (first: row 3:" in capsys.readouterr().out


def test_a_mask_on_another_grid_says_what_differs(folder, capsys):
    write(folder / "mask0.nii.gz", np.ones((12, 12, 9), np.uint8))
    assert run(folder, folder / "image0.nii.gz", folder / "mask0.nii.gz") == 2
    assert "shape (10, 12, 12) is not (9, 12, 12)" in capsys.readouterr().err


def test_a_mask_elsewhere_says_how_far(folder, capsys):
    away = np.diag([1.0, 1.0, 2.0, 1.0])
    away[0, 3] = 40
    write(folder / "mask0.nii.gz", np.ones(SHAPE, np.uint8), away)
    assert run(folder, folder / "image0.nii.gz", folder / "mask0.nii.gz") == 2
    assert "40 mm apart" in capsys.readouterr().err


def test_nan_in_the_image_is_told_and_counted(folder, capsys):
    grey = np.zeros(SHAPE, np.float32)
    grey[0, 0, :3] = np.nan
    write(folder / "image0.nii.gz", grey)
    assert run(folder, folder / "image0.nii.gz", folder / "mask0.nii.gz") == 2
    assert "NaN" in capsys.readouterr().err
    assert run(folder, folder / "image0.nii.gz", folder / "mask0.nii.gz", "--allow-blocked") == 2
    assert "3 of 1440 pixels are NaN" in capsys.readouterr().err


def test_a_constant_region_lists_what_is_undefined(folder, capsys):
    write(folder / "image0.nii.gz", np.full(SHAPE, 7, np.int16))
    assert run(folder, folder / "image0.nii.gz", folder / "mask0.nii.gz", "--label", 1) == 0
    assert "features are undefined here and left out: glcm_correlation" in capsys.readouterr().out
    assert not pd.read_csv(folder / "out.csv").isna().any().any()


def test_a_stopped_run_goes_on_and_ends_as_an_uninterrupted_one(folder, monkeypatch):
    regions = tuple(Region(k, str(folder / f"image{k}.nii.gz"), str(folder / f"mask{k}.nii.gz")) for k in range(3))
    work, journal = Work(regions, Settings()), folder / "journal"
    whole = measured(work, folder / "other", threads=1)
    measured(Work(regions, Settings()), journal, threads=1)
    kept = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(kept[:2]) + kept[2][:50])  # one row done, the second cut off in the middle
    seen = []
    one_by_one = radiomics_cohort._measure
    monkeypatch.setattr(
        radiomics_cohort, "_measure", lambda region, work: seen.append(region.row) or one_by_one(region, work)
    )
    again = measured(work, journal, threads=1)
    assert seen == [1, 2]
    pd.testing.assert_frame_equal(again.features, whole.features)


def test_other_settings_begin_anew(folder):
    regions = (Region(0, str(folder / "image0.nii.gz"), str(folder / "mask0.nii.gz")),)
    first = measured(Work(regions, Settings()), folder / "journal", threads=1)
    second = measured(Work(regions, Settings(bins=8)), folder / "journal", threads=1)
    assert first.features["glcm_contrast"][0] != second.features["glcm_contrast"][0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "needs IMAGE and MASK, or --cohort"),
        (("image0.nii.gz", "mask0.nii.gz", "--cohort", "cohort.csv"), "leave IMAGE and MASK out"),
        (("--cohort", "bare.csv"), "mask"),
        (("--cohort", "gap.csv"), "row 2 has no mask"),
        (("image0.nii.gz", "mask0.nii.gz", "--label", "9"), "label 9 has no pixel in the mask; labels present: [1, 4]"),
        (("image0.nii.gz", "mask0.nii.gz", "--config", "C", "--bins", "8"), "config C decides bins as well"),
    ],
)
def test_what_cannot_be_measured_is_told_in_a_line(folder, words, says, capsys):
    (folder / "bare.csv").write_text("image,outcome\nimage0.nii.gz,1\n")
    (folder / "gap.csv").write_text("image,mask\nimage0.nii.gz,\n")
    assert run(folder, *[folder / word if "." in word else word for word in words]) == 2
    assert says in capsys.readouterr().err
    assert not (folder / "out.csv").exists()


def test_pictures_of_the_regions_are_named_in_the_table(folder):
    assert run(folder, "--cohort", folder / "cohort.csv", "--label", 1, "--pictures", folder / "seen") == 0
    table = pd.read_csv(folder / "out.csv")
    assert len(table["picture"].unique()) == 3
    picture = pixels(table["picture"][0])
    assert picture.array.dtype == np.uint8
    assert min(picture.array.shape) >= 5


def test_the_table_is_one_that_learn_takes(folder):
    run(folder, "--cohort", folder / "cohort.csv", "--label", 1, "--pictures", folder / "seen")
    found = cohort(folder / "out.csv", image="picture", target="outcome", patient="patient")
    assert found.classes == ("0", "1")
    question = Question(source=str(folder / "out.csv"), image="picture", features=("glcm_*", "morphology_*"))
    features = measured_features(question, found)
    assert "glcm_contrast" in features
    assert np.isfinite(features.to_numpy()).all()
