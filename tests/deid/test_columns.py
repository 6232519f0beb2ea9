"""Tables: what no list or shape can judge goes whole, in whatever encoding a table comes."""

import pytest

from radiolucent.deid.columns import cleaned_csv
from radiolucent.deid.key import Key
from radiolucent.deid.profile import options

TABLE = "姓名,备注,size_mm,finding\n王小明,患者王小明咳嗽,7.5,nodule\nСмирнов,Γιώργος,8,µm and α\n"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_cells_in_other_scripts_go_whole_and_the_rest_stays(code):
    made, cut = cleaned_csv(TABLE.encode(code), Key(b"k" * 32), options(), str)
    assert made.decode().splitlines()[1:] == ["[removed],[removed],7.5,nodule", "[removed],[removed],8,µm and α"]
    assert cut == 4


def test_chinese_tables_as_old_programs_write_them_are_read_as_chinese():
    made, _ = cleaned_csv(TABLE.partition("Смирнов")[0].encode("gb18030"), Key(b"k" * 32), options(), str)
    assert made.decode().splitlines()[1:] == ["[removed],[removed],7.5,nodule"]
    made, _ = cleaned_csv("note;size_mm\nGerät größer;7\n".encode("cp1252"), Key(b"k" * 32), options(), str)
    assert made.decode().splitlines()[1].endswith(";7")
