"""Rows become Parquet, in one file or in parts, whatever headers state."""

import pyarrow as pa
import pytest
from pyarrow.parquet import read_table

from radiolucent.core import InputError
from radiolucent.flow.index import parts
from radiolucent.flow.index.parts import relative, write_list, write_parts


def some(count):
    return ({"path": f"{k}", "files": k, "shape": [k, 2]} for k in range(count))


@pytest.mark.parametrize(("count", "pieces"), [(0, 1), (3, 1), (4, 2), (9, 3)])
def test_a_folder_has_parts_of_a_bounded_length(tmp_path, monkeypatch, count, pieces):
    monkeypatch.setattr(parts, "ROWS_A_PART", 4)
    monkeypatch.setattr(parts, "ROWS_AT_ONCE", 3)
    write_parts(some(20), tmp_path / "index")
    assert write_parts(some(count), tmp_path / "index") == count
    assert len(list((tmp_path / "index").glob("*"))) == pieces
    assert read_table(tmp_path / "index")["files"].to_pylist() == list(range(count))


def test_what_does_not_fit_a_column_is_left_empty(tmp_path):
    row = {"kvp": "120", "bits": "twelve", "series_number": 10**30, "model": 7, "flip_deg": (1, 2)}
    write_parts([row], tmp_path / "a.parquet")
    (read,) = read_table(tmp_path / "a.parquet").to_pylist()
    assert [read[name] for name in row] == [120.0, None, None, "7", None]


def test_more_columns_follow_those_of_the_index(tmp_path):
    write_parts([{"path": "a", "died": 1.0}], tmp_path / "a.parquet", more=[("died", pa.float64())])
    assert read_table(tmp_path / "a.parquet").column_names[-1] == "died"


def test_a_failure_leaves_what_was_there(tmp_path):
    def failing():
        yield {"path": "a"}
        raise InputError("stopped")

    for out in (tmp_path / "a.parquet", tmp_path / "index"):
        write_parts(some(2), out)
        with pytest.raises(InputError, match="stopped"):
            write_parts(failing(), out)
        assert read_table(out).num_rows == 2


def test_a_list_without_rows_is_no_file(tmp_path):
    assert write_list([("a", "because, so")], tmp_path / "a.csv") == 1
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1] == 'a,"because, so"'
    assert write_list([], tmp_path / "a.csv") == 0
    assert not (tmp_path / "a.csv").exists()


def test_paths_are_seen_from_the_folder_of_the_table(tmp_path):
    assert relative(tmp_path / "x" / "a", tmp_path / "y" / "i.parquet") == "../x/a"
    assert relative(tmp_path / "x" / "a", tmp_path / "y") == "../x/a"
