"""`medmnist:NAME` without the network: the cache, the checksum, and what is said when offline."""

import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.read import cohort, medmnist


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RADIOLUCENT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "medmnist"


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A record of our own, with one set in it."""
    folder = tmp_path / "record"
    folder.mkdir()
    parts = ("train", "val", "test")
    arrays = {f"{part}_images": np.zeros((4, 8, 8), np.uint8) for part in parts}
    np.savez(folder / "breastmnist.npz", **arrays, **{f"{part}_labels": np.array([0, 1, 0, 1]) for part in parts})

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(medmnist, "RECORD", f"http://127.0.0.1:{server.server_port}/")
    yield folder / "breastmnist.npz"
    server.shutdown()


def _with_sum(monkeypatch, md5):
    monkeypatch.setattr(medmnist, "checksums", lambda: {"breastmnist": dict.fromkeys(medmnist.SIZES, md5)})


def test_a_set_is_fetched_once_and_kept(cache, served, monkeypatch):
    _with_sum(monkeypatch, hashlib.md5(served.read_bytes()).hexdigest())
    assert len(cohort("medmnist:breastmnist")) == 12
    monkeypatch.setattr(medmnist, "RECORD", "http://127.0.0.1:9/")
    assert len(cohort("medmnist:BreastMNIST@28")) == 12
    assert (cache / "breastmnist.npz").exists()


def test_a_file_with_another_checksum_is_refused_and_not_kept(cache, served):
    with pytest.raises(InputError, match="another checksum"):
        cohort("medmnist:breastmnist")
    assert not (cache / "breastmnist.npz").exists()


def test_offline_the_address_and_the_place_are_named(cache, monkeypatch):
    monkeypatch.setattr(medmnist, "RECORD", "http://127.0.0.1:9/")
    with pytest.raises(InputError, match=r"fetch http://127.*breastmnist\.npz.*put it at .*medmnist") as caught:
        cohort("medmnist:breastmnist")
    assert "\n" not in str(caught.value)


def test_an_unknown_set_or_size_gets_its_nearest_name():
    with pytest.raises(InputError, match="did you mean 'breastmnist'"):
        cohort("medmnist:brestmnist")
    with pytest.raises(InputError, match="28, 64, 128, 224"):
        cohort("medmnist:breastmnist@32")


def test_the_table_holds_twelve_sets_with_distinct_sums():
    sums = medmnist.checksums()
    every = [sum_ for one in sums.values() for sum_ in one.values()]
    assert len(sums) == 12
    assert len(set(every)) == len(every) == 48
    assert all(len(sum_) == 32 and int(sum_, 16) for sum_ in every)
