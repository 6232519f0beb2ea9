"""The index of a whole folder: right, renewed by what changed, going on after a stop, and flat in memory."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from numpy import zeros
from small_dicom import write_dicom

from radiolucent.cli import main
from radiolucent.core import InputError
from radiolucent.flow.index import files as reading
from radiolucent.flow.index import job
from radiolucent.flow.index.columns import COLUMNS
from radiolucent.flow.index.job import index
from radiolucent.read import cohort as cohort_of
from radiolucent.read import keyed, pixels, read, secret_key


@pytest.fixture
def out(tmp_path):
    return tmp_path / "made" / "index.parquet"


def test_there_is_one_row_for_each_image(export, out):
    done = index(export, out)
    table = pd.read_parquet(out)
    assert list(table.columns) == [column.name for column in COLUMNS]
    assert (done.images, done.files, done.others, done.unreadable) == (4, 8, 1, 1)
    assert sorted(table["modality"]) == ["CT", "DX", "DX", "DX"]
    (ct,) = table[table["modality"] == "CT"].to_dict("records")
    assert (ct["files"], ct["axes"], list(ct["shape"])) == (5, "zyx", [5, 4, 6])
    assert list(ct["spacing_mm"]) == [2.5, 2.0, 3.0]
    assert (ct["gap_least_mm"], ct["gap_most_mm"], ct["tilt_deg"], ct["plane"]) == (2.5, 2.5, 0, "axial")


def test_each_row_leads_to_the_image_that_reading_gives(export, out):
    index(export, out)
    for row in pd.read_parquet(out).to_dict("records"):
        cases = {case.key: case for case in read(out.parent / row["path"])}
        image = cases[row["key"]].images[row["name"]]
        assert image.grid.shape == tuple(row["shape"])


def test_no_identifier_is_written_anywhere(export, out):
    index(export, out)
    assert not [
        word
        for word in (b"MRN-00", b"1.2.0.7", b"20240110", b"Doe")
        for file in out.parent.iterdir()
        if word in file.read_bytes()
    ]
    table = pd.read_parquet(out)
    assert set(table["patient"]) == {keyed(f"MRN-00{k}", secret_key()) for k in (1, 2, 3)}


def test_days_count_from_the_patients_first_examination(export, out):
    write_dicom(export / "later.dcm", zeros((4, 4), "u2"), PatientID="MRN-001", StudyDate="20240125", Modality="DX",
                StudyInstanceUID="1.2.55")  # fmt: skip
    index(export, out)
    table = pd.read_parquet(out)
    mine = table[table["patient"] == keyed("MRN-001", secret_key())]
    assert sorted(mine["days"]) == [0, 5, 15]


def test_only_what_is_new_or_changed_is_read_again(export, out, monkeypatch):
    index(export, out)
    before = pd.read_parquet(out)
    assert (index(export, out).read, index(export, out).unchanged) == (0, 10)
    pd.testing.assert_frame_equal(pd.read_parquet(out), before)
    (export / "pb" / "a.dcm").unlink()
    write_dicom(export / "pc" / "a.dcm", zeros((8, 8), "u2"), PatientID="MRN-003", Modality="CR")
    write_dicom(export / "new.dcm", zeros((8, 8), "u2"), PatientID="MRN-004", Modality="MG")
    read = []
    monkeypatch.setattr(
        reading, "record", lambda path, key, real=reading.record: read.append(path.name) or real(path, key)
    )
    done = index(export, out)
    assert (done.read, done.gone) == (2, 1)
    assert sorted(read) == ["a.dcm", "new.dcm"]
    assert sorted(pd.read_parquet(out)["modality"]) == ["CR", "CT", "DX", "MG"]


def test_files_that_cannot_be_read_are_listed_with_the_reason(export, out):
    whole = (export / "pa" / "a.dcm").read_bytes()
    (export / "cut.dcm").write_bytes(whole[:140])
    done = index(export, out)
    listed = pd.read_csv(done.unreadable_list)
    assert listed["file"].tolist() == ["cut.dcm", "fake.dcm"]
    assert "none that can be read" in listed["reason"][1]
    (export / "cut.dcm").unlink()
    (export / "fake.dcm").unlink()
    assert not index(export, out).unreadable_list.exists()


def test_a_stopped_index_goes_on_where_it_was(export, out, monkeypatch):
    def stops(root, key, batches, *, workers):
        yield reading.looked_at(root, key, next(iter(batches))[:4])
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "read_all", stops)
    with pytest.raises(KeyboardInterrupt):
        index(export, out)
    monkeypatch.undo()
    done = index(export, out)
    assert (done.read, done.unchanged, done.images) == (6, 4, 4)


def test_parts_in_a_folder_are_the_same_rows(export, out, tmp_path):
    index(export, out)
    index(export, tmp_path / "parts")
    one, many = pd.read_parquet(out), pd.read_parquet(tmp_path / "parts")
    pd.testing.assert_frame_equal(one.drop(columns="path"), many.drop(columns="path"))
    assert (tmp_path / "parts" / many["path"][0]).exists()


def test_an_index_inside_the_folder_does_not_list_itself(export):
    assert index(export, export / "index").images == index(export, export / "index").images == 4


def test_any_number_of_processes_gives_the_same_index(export, tmp_path, monkeypatch):
    monkeypatch.setattr(job, "FEW", 1)
    monkeypatch.setattr("radiolucent.flow.index.state.BATCH", 3)
    index(export, tmp_path / "one.parquet", workers=1)
    index(export, tmp_path / "two.parquet", workers=2)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "one.parquet"), pd.read_parquet(tmp_path / "two.parquet"))


def test_copies_in_two_folders_are_two_images_and_in_one_folder_a_problem(export, out):
    for file in (export / "pa" / "ct").iterdir():
        (export / "again").mkdir(exist_ok=True)
        os.link(file, export / "again" / file.name)
    index(export, out)
    table = pd.read_parquet(out)
    assert table[table["modality"] == "CT"][["files", "copies"]].values.tolist() == [[5, 0], [5, 0]]
    assert table["problem"].isna().all()
    for file in list((export / "again").iterdir()):
        os.link(file, export / "again" / f"copy-{file.name}")
    index(export, out)
    problem = pd.read_parquet(out).set_index("path")["problem"].dropna()
    assert len(problem) == 1
    assert "5 copies" in problem.iloc[0]


def test_a_series_in_many_folders_is_one_image(export, out):
    for k, file in enumerate(sorted((export / "pa" / "ct").iterdir())):
        (export / "pa" / "ct" / str(k)).mkdir()
        file.rename(export / "pa" / "ct" / str(k) / file.name)
    index(export, out)
    (ct,) = pd.read_parquet(out).query("modality == 'CT'").to_dict("records")
    assert (ct["files"], Path(ct["path"]).name) == (5, "ct")


def test_what_is_no_index_is_not_replaced(export, tmp_path):
    (tmp_path / "mine.parquet").write_bytes(b"precious")
    with pytest.raises(InputError, match="nothing beside it says that it is an index"):
        index(export, tmp_path / "mine.parquet")
    with pytest.raises(InputError, match="other things in it"):
        index(export, export)
    with pytest.raises(InputError, match=r"written as \.parquet"):
        index(export, tmp_path / "mine.xlsx")


def test_the_index_of_another_folder_or_key_is_not_mixed_with_this_one(export, out, tmp_path, monkeypatch):
    index(export, out)
    with pytest.raises(InputError, match="belongs to the index of"):
        index(export / "pa", out)
    monkeypatch.setenv("RADIOLUCENT_KEY_FILE", str(tmp_path / "other"))
    with pytest.raises(InputError, match="another key file"):
        index(export, out)
    assert index(export, out, anew=True).read == 10


def test_a_damaged_state_says_what_to_do(export, out):
    index(export, out)
    out.with_suffix(".files.sqlite").write_bytes(b"damaged" * 1000)
    with pytest.raises(InputError, match="--overwrite"):
        index(export, out)
    assert index(export, out, anew=True).images == 4


def test_a_folder_without_images_leaves_nothing_behind(tmp_path, out):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("Dear colleague")
    with pytest.raises(InputError, match=r"holds no image .*other files: 1"):
        index(tmp_path / "letters", out)
    assert not list(out.parent.iterdir())
    with pytest.raises(InputError, match="no such folder"):
        index(tmp_path / "nowhere", out)


def test_the_joined_table_is_a_cohort_that_learn_takes(export, tmp_path, capsys):
    for number in range(4, 31):
        about = {
            "PatientID": f"MRN-{number:03d}",
            "StudyInstanceUID": f"1.9.{number}",
            "SeriesInstanceUID": f"1.8.{number}",
        }
        plane = zeros((16, 16), "u2") + (number % 2) * 40
        write_dicom(export / f"{number}.dcm", plane, Modality="DX", **about)
    outcomes = pd.DataFrame({"PatientID": [f"MRN-{k:03d}" for k in range(2, 31)]})
    outcomes["died"] = [k % 2 for k in range(2, 31)]
    outcomes.to_excel(tmp_path / "outcomes.xlsx", index=False)
    cohort = tmp_path / "cohort.parquet"
    words = ["index", str(export), "-o", str(cohort), "--join", str(tmp_path / "outcomes.xlsx"), "--on", "PatientID"]
    assert main([*words, "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "29 images" in said
    assert "2 images without a row were left out" in said
    made = cohort_of(cohort, target="died", patient="patient")
    assert (len(made), made.classes, made.table["patient"].nunique()) == (29, ("0", "1"), 29)
    assert {pixels(reference).grid.shape for reference in made.table["reference"]} == {(16, 16)}


MANY = """
import resource, sys
from pathlib import Path
from radiolucent.flow.index.job import index
index(Path(sys.argv[1]), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_number_of_files(export, tmp_path):
    peaks = []
    for copies in (40, 400):
        many = tmp_path / f"many-{copies}"
        for copy in range(copies):
            (many / str(copy)).mkdir(parents=True)
            for file in (export / "pa" / "ct").iterdir():
                os.link(file, many / str(copy) / file.name)
        words = [sys.executable, "-c", MANY, str(many), str(tmp_path / f"{copies}.parquet")]
        peaks.append(int(subprocess.run(words, capture_output=True, text=True, check=True).stdout))
        assert len(pd.read_parquet(tmp_path / f"{copies}.parquet")) == copies
    assert peaks[1] - peaks[0] < 24
