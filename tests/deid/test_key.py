"""Pseudonyms, identifiers and shifts come from the key file and from nothing else."""

import json
import os

import pytest

from radiolucent.core import InputError
from radiolucent.deid.key import BYTES, LEAST_DAYS, MOST_DAYS, Key, open_key

ONE, OTHER = Key(b"a" * BYTES), Key(b"b" * BYTES)


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path):
    first = open_key(tmp_path / "keys" / "key.json")
    assert open_key(tmp_path / "keys" / "key.json") == first
    assert os.stat(tmp_path / "keys" / "key.json").st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["key.json"]


def test_a_missing_key_is_told_where_none_may_be_made(tmp_path):
    with pytest.raises(InputError, match="no such key file"):
        open_key(tmp_path / "key.json", create=False)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"kind": "x", "secret": "00"}', json.dumps({"secret": "zz"}), "\xff"]
)
def test_a_file_that_is_no_key_is_refused(tmp_path, content):
    (tmp_path / "key.json").write_text(content, encoding="latin-1")
    with pytest.raises(InputError, match="not a key"):
        open_key(tmp_path / "key.json")


def test_another_key_gives_others_and_the_same_key_the_same():
    assert ONE.uid(b"1.2.3") == Key(b"a" * BYTES).uid(b"1.2.3") != OTHER.uid(b"1.2.3")
    assert ONE.word("patient", b"P1") != OTHER.word("patient", b"P1") != ONE.word("study", b"P1")
    assert ONE.mark != OTHER.mark


def test_identifiers_are_unique_valid_and_of_128_bits():
    uids = {ONE.uid(b"1.2.%d" % k) for k in range(2000)}
    assert len(uids) == 2000
    assert all(len(uid) <= 64 and uid.startswith(b"2.25.") and not uid[5:].startswith(b"0") for uid in uids)


def test_dates_go_back_by_one_to_ten_years():
    days = [ONE.days_back(b"%d" % k) for k in range(2000)]
    assert min(days) >= LEAST_DAYS
    assert max(days) <= MOST_DAYS
    assert len(set(days)) > 1000
