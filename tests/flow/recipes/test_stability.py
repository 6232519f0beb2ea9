import nibabel
import numpy as np
import pandas as pd
import pytest

from radiolucent.cli import main

SHAPE = (22, 20, 8)


@pytest.fixture
def folder(tmp_path):
    for case in range(2):
        grey = np.random.default_rng(case).normal(50 + 40 * case, 20, SHAPE).astype(np.float32)
        labels = np.zeros(SHAPE, np.uint8)
        labels[5 : 14 + case, 5:14, 2:6] = 1
        for name, array in (("image", grey), ("mask", labels)):
            nibabel.save(nibabel.Nifti1Image(array, np.diag([1.0, 1.0, 2.0, 1.0])), tmp_path / f"{name}{case}.nii.gz")
    rows = [f"image{case}.nii.gz,mask{case}.nii.gz" for case in (0, 1, 9)]
    (tmp_path / "cohort.csv").write_text("\n".join(["image,mask", *rows]) + "\n")
    return tmp_path


def test_every_region_is_perturbed_and_what_failed_is_told(folder, capsys):
    assert main(["measure", "stability", f"{folder}/cohort.csv", "-o", f"{folder}/out.csv", "--threads", "1"]) == 0
    table = pd.read_csv(folder / "out.csv").set_index("feature")
    assert table.loc["intensity_mean", "icc"] > 0.9
    assert (table["repeats"] == 11).all()
    said = capsys.readouterr().out
    assert "features of 2 subjects with 11 repeats" in said
    assert "not measured: row 4" in said


def test_test_and_retest_come_from_a_table(folder, capsys):
    random = np.random.default_rng(0)
    truth = np.repeat(random.normal(size=30), 2)
    table = pd.DataFrame({"patient": np.repeat(np.arange(30), 2), "visit": ["test", "retest"] * 30, "a": truth})
    table["b"] = truth + random.normal(0, 0.4, 60)
    table.to_csv(folder / "features.csv", index=False)
    words = ["measure", "stability", f"{folder}/features.csv", "-o", f"{folder}/out.csv", "--repeat", "visit"]
    assert main([*words, "--model", "consistency"]) == 0
    found = pd.read_csv(folder / "out.csv").set_index("feature")["icc"]
    assert found["a"] == 1
    assert found["b"] == pytest.approx(1 / 1.16, abs=0.1)
    assert "2 features of 30 subjects with 2 repeats" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "says"), [(["--repeat", "vist"], "did you mean 'visit'"), ([], "image")])
def test_a_table_without_the_columns_says_which(folder, words, says, capsys):
    (folder / "features.csv").write_text("patient,visit,a\n1,1,2\n")
    assert main(["measure", "stability", f"{folder}/features.csv", "-o", f"{folder}/out.csv", *words]) == 2
    assert says in capsys.readouterr().err
