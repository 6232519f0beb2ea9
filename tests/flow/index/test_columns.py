"""The page on the index names the columns that there are."""

from pathlib import Path

from radiolucent.flow.index.columns import COLUMNS, table
from radiolucent.flow.index.parts import SCHEMA
from radiolucent.read.table import _USUAL_IMAGE

PAGE = Path(__file__).parents[3] / "docs" / "index.md"


def test_the_page_has_the_table_of_columns():
    assert table() in PAGE.read_text(encoding="utf-8"), (
        "paste radiolucent.flow.index.columns.table() into docs/index.md"
    )


def test_columns_are_named_once_and_explained():
    assert len({column.name for column in COLUMNS}) == len(COLUMNS) == len(SCHEMA)
    assert all(column.says for column in COLUMNS)


def test_learn_finds_the_column_of_paths_by_itself():
    usual = [name for name in _USUAL_IMAGE if name in {column.name for column in COLUMNS}]
    assert usual == ["path"]
