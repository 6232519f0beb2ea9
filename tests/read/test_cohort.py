"""Cohorts from tables, folders and archives, and what is said when they cannot be used."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow

from radiolucent.core import InputError
from radiolucent.read import cohort


@pytest.fixture
def folder(tmp_path):
    for k in range(6):
        Pillow.fromarray(np.full((4, 4), k, np.uint8)).save(tmp_path / f"{k}.png")
    return tmp_path


def _rows(**columns):
    rows = {
        "file": [f"{k}.png" for k in range(6)],
        "label": list("abbaab"),
        "pid": ["007", "007", "8", "9", "10", "11"],
    }
    return pd.DataFrame({**rows, "age": [50, 61, "", 43, 70, 38], "sex": list("MFFMMF"), **columns})


def _csv(folder, frame=None, text=None, name="t.csv", **options):
    path = folder / name
    path.write_text(text) if text is not None else (_rows() if frame is None else frame).to_csv(
        path, index=False, **options
    )
    return path


def test_a_table_becomes_references_targets_patients_and_groups(folder):
    got = cohort(_csv(folder), target="label", patient="pid", groups=("age", "sex"))
    assert list(got.table.columns) == ["reference", "target", "patient", "split", "age", "sex"]
    assert got.table.reference.tolist() == [str(folder / f"{k}.png") for k in range(6)]
    assert got.table.patient.tolist() == ["007", "007", "8", "9", "10", "11"]
    assert got.table.age.dtype == float
    assert got.table.age.isna().sum() == 1
    assert got.table.split.isna().all()
    assert (got.classes, got.kind, got.target_name, got.patient_column) == (("a", "b"), "table", "label", "pid")
    assert len(got.source_hash) == 64


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(folder, delimiter):
    path = _csv(folder, sep=delimiter)
    assert cohort(path, target="label").table.target.tolist() == list("abbaab")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_the_encoding_is_found(folder, encoding):
    path = folder / "t.csv"
    _rows(label=["gutartig", "bösartig"] * 3).to_csv(path, index=False, encoding=encoding)
    assert cohort(path, target="label").classes == ("bösartig", "gutartig")


def test_xlsx_and_parquet_give_what_csv_gives(folder):
    frame = _rows(label=[0, 1, 1, 0, 0, 1])
    frame["age"] = pd.to_numeric(frame["age"])
    frame.to_excel(folder / "t.xlsx", index=False)
    frame.to_parquet(folder / "t.parquet")
    names = {"target": "label", "patient": "pid", "groups": ("age", "sex")}
    plain = cohort(_csv(folder, frame), **names).table
    pd.testing.assert_frame_equal(cohort(folder / "t.xlsx", **names).table, plain)
    pd.testing.assert_frame_equal(cohort(folder / "t.parquet", **names).table, plain)


def test_classes_that_are_numbers_are_sorted_as_numbers(folder):
    frame = _rows(label=["10", "9", "2", "2", "9", "10"])
    assert cohort(_csv(folder, frame), target="label").classes == ("2", "9", "10")


def test_the_positive_class_comes_last(folder):
    assert cohort(_csv(folder), target="label", positive="a").classes == ("b", "a")
    with pytest.raises(InputError, match="no class 'c'"):
        cohort(_csv(folder), target="label", positive="c")


def test_a_class_called_none_is_a_class(folder):
    frame = _rows(label=["None", "mass"] * 3)
    assert cohort(_csv(folder, frame), target="label").classes == ("None", "mass")


def test_paths_may_start_elsewhere_or_be_absolute(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("tables")
    path = _csv(elsewhere)
    assert cohort(path, target="label", image_root=folder).table.reference[0] == str(folder / "0.png")
    absolute = _csv(elsewhere, _rows(file=[str(folder / f"{k}.png") for k in range(6)]))
    assert cohort(absolute, target="label").table.reference[5] == str(folder / "5.png")


def test_a_split_column_is_understood_in_any_usual_spelling(folder):
    path = _csv(folder, _rows(part=["Train", "training", "VAL", "valid", "test", "Testing"]))
    got = cohort(path, target="label", split="part").table.split
    assert got.tolist() == ["train", "train", "val", "val", "test", "test"]


def _refused(match, folder, frame=None, text=None, **names):
    with pytest.raises(InputError, match=match) as caught:
        cohort(_csv(folder, frame, text), **{"target": "label", **names})
    assert "\n" not in str(caught.value)


def test_a_column_that_does_not_exist_gets_its_nearest_name(folder):
    _refused("no column in t.csv 'lable'; did you mean 'label'", folder, target="lable")
    _refused("did you mean 'pid'", folder, patient="pids")
    _refused("did you mean 'sex'", folder, groups=("Sex",))


def test_an_image_column_that_cannot_be_guessed_is_asked_for(folder):
    _refused("columns scan, label.*--image", folder, _rows().rename(columns={"file": "scan"})[["scan", "label"]])


def test_a_target_that_is_not_named_is_asked_for(folder):
    _refused("columns file, label, pid, age, sex.*--target", folder, target=None)


def test_missing_files_are_counted_and_the_first_named(folder):
    (folder / "2.png").unlink()
    (folder / "4.png").unlink()
    _refused(r"2 of 6 files are not there \(rows 4, 6: 2\.png, 4\.png\).*--image-root", folder)
    assert len(cohort(_csv(folder), target="label", allow_missing=True)) == 6


def test_one_class_only_is_refused(folder):
    _refused("all 6 rows have the target 'a'", folder, _rows(label=["a"] * 6))


def test_labels_and_patients_that_are_missing_are_named_by_row(folder):
    _refused(
        r"label \(column 'label'\) is missing in 2 of 6 rows \(rows 3, 5\)",
        folder,
        _rows(label=["a", "", "b", "NA", "a", "b"]),
    )
    _refused(r"patient .* is missing in 1 of 6 rows \(row 2\)", folder, _rows(pid=["", *"12345"]), patient="pid")


def test_an_empty_table_is_refused(folder):
    _refused("no rows below its header", folder, text="file,label\n")
    _refused("is empty", folder, text="")


def test_a_picture_in_two_rows_is_refused(folder):
    frame = _rows(file=["0.png", "1.png", "0.png", "3.png", "4.png", "5.png"])
    _refused(r"1 pictures stand in several rows \(rows 2, 4: 0\.png\)", folder, frame)


def test_a_strange_split_is_refused(folder):
    _refused(r"'holiday' \(row 3\) is no split", folder, _rows(part=["train", "holiday", *["test"] * 4]), split="part")
    _refused("has no test row", folder, _rows(part=["train"] * 6), split="part")


def test_the_target_cannot_be_a_group_as_well(folder):
    _refused("cannot be a group", folder, groups=("label",))


def test_what_is_no_cohort_is_refused(folder):
    with pytest.raises(InputError, match="no cohort at"):
        cohort(folder / "gone.csv")
    (folder / "t.docx").write_text("x")
    with pytest.raises(InputError, match="no table that can be read"):
        cohort(folder / "t.docx", target="label")
    (folder / "t.xlsx").write_text("x")
    with pytest.raises(InputError, match="cannot be read as a table"):
        cohort(folder / "t.xlsx", target="label")


def test_folders_of_classes_are_a_cohort_without_patients(tmp_path):
    for label in ("cyst", "normal"):
        (tmp_path / label).mkdir()
        for k in range(2):
            Pillow.new("L", (4, 4)).save(tmp_path / label / f"{k}.png")
    (tmp_path / "cyst" / "notes.txt").write_text("x")
    got = cohort(tmp_path)
    assert (got.classes, got.kind, got.patient_column) == (("cyst", "normal"), "folders", None)
    assert got.table.target.tolist() == ["cyst", "cyst", "normal", "normal"]
    assert got.table.patient.isna().all()
    with pytest.raises(InputError, match="--target out"):
        cohort(tmp_path, target="label")


def test_folders_of_splits_are_a_split(tmp_path):
    for part in ("train", "test"):
        for label in "ab":
            (tmp_path / part / label).mkdir(parents=True)
            Pillow.new("L", (4, 4)).save(tmp_path / part / label / "0.png")
    got = cohort(tmp_path).table
    assert got.split.tolist() == ["test", "test", "train", "train"]
    assert got.target.tolist() == ["a", "b", "a", "b"]


def test_folders_without_folders_are_refused(folder):
    with pytest.raises(InputError, match="no folder per class"):
        cohort(folder)
