"""Tables: what no list or shape can judge goes whole, in whatever encoding a table comes."""

import pytest

from radiolucent.deid.columns import cleaned_csv, kind_of
from radiolucent.deid.key import Key
from radiolucent.deid.profile import options

TABLE = "姓名,备注,size_mm,finding\n王小明,患者王小明咳嗽,7.5,nodule\nСмирнов,Γιώργος,8,µm and α\n"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_cells_in_other_scripts_go_whole_and_the_rest_stays(code):
    made, cut = cleaned_csv(TABLE.encode(code), Key(b"k" * 32), options(), str)
    assert made.decode().splitlines()[1:] == [",[removed],7.5,nodule", ",[removed],8,µm and α"]
    assert cut == 4


def test_chinese_tables_as_old_programs_write_them_are_read_as_chinese():
    made, _ = cleaned_csv(TABLE.partition("Смирнов")[0].encode("gb18030"), Key(b"k" * 32), options(), str)
    assert made.decode().splitlines()[1:] == [",[removed],7.5,nodule"]
    rare = "姓名,患者编号,检查日期\n王囍喆,病人甲十七,20240203\n李堃,病人乙,20240204\n"  # characters beyond GB 2312
    made, _ = cleaned_csv(rare.encode("gb18030"), Key(b"k" * 32), options(["modified-dates"]), str)
    first = made.decode().splitlines()[1].split(",")
    assert (first[0], first[1] != "病人甲十七", len(first[2])) == ("", True, 8)
    made, _ = cleaned_csv("note;size_mm\nGerät größer;7\n".encode("cp1252"), Key(b"k" * 32), options(), str)
    assert made.decode().splitlines()[1].endswith(";7")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("姓名", "gone"), ("患者姓名", "gone"), ("出生日期", "gone"), ("联系电话", "gone"), ("检查医生", "gone"),
        ("患者编号", "patient"), ("病历号", "patient"), ("住院号", "accession"), ("检查号", "accession"),
        ("检查日期", "day"), ("年龄", "person"), ("性别", "person"), ("图像文件", "file"), ("诊断", "text"), ("大小_mm", "text"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_chinese_names(name, kind):
    assert kind_of(name) == kind
