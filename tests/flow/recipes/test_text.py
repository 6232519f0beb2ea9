"""radiolucent reason text"""

import pandas as pd
import pytest

from radiolucent.cli import main

REPORT = "FINDINGS: Small left pleural effusion. No pneumothorax.\nIMPRESSION: Pneumonia cannot be excluded.\n"


@pytest.fixture
def table(tmp_path):
    rows = ["id,report,age", f'a1,"{REPORT}",60', "a2,双肺清晰，双侧胸腔未见积液。,70", "a3,,50", "a4,123 45,50"]
    (tmp_path / "reports.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path / "reports.csv"


def labelled(*words, out):
    assert main(["reason", "text", *map(str, words), "-o", str(out)]) == 0
    return pd.read_csv(out)


def test_a_table_keeps_its_columns_and_gains_fourteen(table, tmp_path, capsys):
    out = labelled(table, out=tmp_path / "labels.csv")
    assert list(out["id"]) == ["a1", "a2", "a3", "a4"]
    assert "report" not in out
    assert list(out["Pleural Effusion"][:2]) == [1, 0]
    assert list(out["Pneumonia"][:1]) == [-1]
    assert out.loc[2:, "Pneumonia"].isna().all()
    assert out["problem"].notna().sum() == 2
    assert "4 reports read; 2 could not be" in capsys.readouterr().out


def test_every_mention_stands_in_the_table_of_findings_and_on_the_page(table, tmp_path):
    words = [table, "--findings", tmp_path / "found.csv", "--html", tmp_path / "page.html"]
    labelled(*words, out=tmp_path / "labels.csv")
    found = pd.read_csv(tmp_path / "found.csv")
    assert set(found["status"]) == {"present", "absent", "possible"}
    assert found.loc[found["finding"] == "pleural effusion", "side"].iloc[0] == "left"
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<mark class="possible" title="pneumonia: possible (cannot be excluded)">Pneumonia</mark>' in page
    assert "http" not in page.split("<body>")[1]


def test_one_text_file_is_one_report(tmp_path):
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    assert len(labelled(tmp_path / "report.txt", out=tmp_path / "labels.csv")) == 1


def test_chinese_of_another_encoding_is_read(tmp_path, capsys):
    (tmp_path / "a.csv").write_bytes("id,report\n1,左侧气胸。\n".encode("gb18030"))
    assert labelled(tmp_path / "a.csv", out=tmp_path / "a_labels.csv")["Pneumothorax"].tolist() == [1]
    assert "decoded as GB 18030" in capsys.readouterr().out
    (tmp_path / "b.txt").write_bytes("左侧气胸。".encode("gb18030"))
    assert labelled(tmp_path / "b.txt", out=tmp_path / "b_labels.csv")["Pneumothorax"].tolist() == [1]


def test_several_columns_are_read_as_sections(tmp_path):
    (tmp_path / "a.csv").write_text("history,findings\npneumonia,Left effusion.\n", encoding="utf-8")
    out = labelled(tmp_path / "a.csv", "--column", "history", "findings", out=tmp_path / "labels.csv")
    assert out["Pleural Effusion"].tolist() == [1]
    assert out["Pneumonia"].isna().all()


def test_a_column_of_reports_without_a_header_is_taken_whole(tmp_path):
    (tmp_path / "a.csv").write_text("There is a left pneumothorax.\nNo left pneumothorax is seen.\n", encoding="utf-8")
    assert labelled(tmp_path / "a.csv", out=tmp_path / "labels.csv")["Pneumothorax"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("content", "words", "complaint"),
    [
        (b"", (), "is empty"),
        (b"id,words\n1,no edema\n", (), "say which one holds the report with --column"),
        (b"id,report\n1,no edema\n", ("--column", "reprot"), "did you mean 'report'"),
        (b"id,report\n1,12 34\n", (), "only digits"),
        (b"id,report,Pneumonia\n1,no edema,0\n", (), "rename it"),
        (b"id,report\n1,no edema\n", ("--html", "page.txt"), "ends in .html"),
        (b"id,report\n1,no edema\n", ("--findings", "found.txt"), "no file form"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(tmp_path, capsys, content, words, complaint):
    (tmp_path / "a.csv").write_bytes(content)
    assert main(["reason", "text", str(tmp_path / "a.csv"), "-o", str(tmp_path / "out.csv"), *words]) == 2
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("content", "complaint"), [(b"", "empty"), (b"\xff\xff\x81", "encoding"), (b"12 34", "digits")]
)
def test_a_text_file_that_is_no_report_is_refused(tmp_path, capsys, content, complaint):
    (tmp_path / "a.txt").write_bytes(content)
    assert main(["reason", "text", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out.csv")]) == 2
    assert complaint in capsys.readouterr().err
