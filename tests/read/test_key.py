"""Keys: one secret a user, readable by nobody else; the same text gives the same key under the same secret only."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from radiolucent.core import InputError
from radiolucent.read import keyed, secret_key
from radiolucent.read.key import content_key


@pytest.fixture
def key_path(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "key"
    monkeypatch.setenv("RADIOLUCENT_KEY_FILE", str(path))
    return path


def test_the_key_file_is_made_once_and_for_its_owner_alone(key_path):
    first = secret_key()
    assert secret_key() == first
    assert len(first) == 32
    assert stat.S_IMODE(key_path.stat().st_mode) == 0o600
    assert [file.name for file in key_path.parent.iterdir()] == ["key"]


def test_many_that_start_together_end_with_one_key(key_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: secret_key(), range(32)))) == 1


def test_a_damaged_key_file_is_refused_rather_than_replaced(key_path):
    key_path.parent.mkdir()
    key_path.write_bytes(b"short")
    with pytest.raises(InputError, match="32 are needed"):
        secret_key()


def test_a_key_is_hmac_sha256():
    import hashlib
    import hmac

    assert keyed("patient 7", b"k" * 32) == hmac.new(b"k" * 32, b"patient 7", hashlib.sha256).hexdigest()[:16]
    assert keyed("patient 7", b"l" * 32) != keyed("patient 7", b"k" * 32)


def test_the_key_of_a_file_follows_its_content_not_its_name(tmp_path):
    (tmp_path / "a").write_bytes(b"same")
    (tmp_path / "b").write_bytes(b"same")
    (tmp_path / "c").write_bytes(b"other")
    a, b, c = (content_key(tmp_path / name, b"k" * 32) for name in "abc")
    assert a == b != c
