import math
from types import SimpleNamespace

import pytest

from radiolucent.core import InputError
from radiolucent.learn import memory
from radiolucent.learn.memory import LEAST_BATCH, available, fitting_batch, lowered, needed, per_picture


def net(side=100, weights=1000, dtype="float32"):
    """What a net tells about itself: 10 layers of (side, side, 10), and its weights."""
    output = SimpleNamespace(shape=(None, side, side, 10), dtype=dtype)
    layer = SimpleNamespace(output=output)
    return SimpleNamespace(layers=[layer] * 10, weights=[SimpleNamespace(shape=(weights,))])


def test_what_layers_give_for_a_picture_is_counted_in_bytes():
    assert per_picture(net()) == 10 * 100 * 100 * 10 * 4
    assert per_picture(net(dtype="bfloat16")) == 10 * 100 * 100 * 10 * 2


def test_what_is_needed_grows_with_batch_and_weights():
    assert needed(net(), 64) > needed(net(), 32) > needed(net(weights=1), 32)
    assert needed(net(weights=1_000_000), 2) > 4_000_000 * 5


def test_a_batch_that_fits_stays():
    assert fitting_batch(net(), 64, 10**12) == 64
    assert lowered(net(), 64, 64, 10**12) == ""


def test_a_batch_that_does_not_fit_is_halved_until_it_does_and_that_is_said():
    there = int(needed(net(), 20) / 0.8)
    fits = fitting_batch(net(), 64, there)
    assert fits == 16
    assert needed(net(), 32) > 0.8 * there >= needed(net(), 16)
    said = lowered(net(), 64, fits, there)
    assert said.startswith("batches of 16 pictures instead of 64")
    assert "GB" in said
    assert "available" in said


def test_a_net_too_large_for_two_pictures_is_refused_with_what_is_needed_and_available():
    with pytest.raises(InputError, match=r"needs \d+\.\d MB even with 2 pictures at once, and 1\.0 MB are available"):
        fitting_batch(net(), 64, 1_000_000)


def test_the_least_batch_is_not_undercut():
    assert fitting_batch(net(), LEAST_BATCH, math.ceil(needed(net(), LEAST_BATCH) / 0.8)) == LEAST_BATCH


def test_the_limit_of_a_container_counts_where_it_is_the_smaller(monkeypatch, tmp_path):
    free = available()
    (tmp_path / "max").write_text("1000000\n")
    (tmp_path / "current").write_text("400000\n")
    monkeypatch.setattr(memory, "_CGROUPS", ((str(tmp_path / "max"), str(tmp_path / "current")),))
    assert available() == 600_000 < free
    (tmp_path / "max").write_text("max\n")
    assert available() > 600_000


@pytest.mark.deep
def test_a_real_net_needs_more_for_larger_pictures():
    pytest.importorskip("tensorflow")
    from radiolucent.learn.nets import small_resnet

    small, large = (small_resnet(size=size, channels=1, classes=2, width=4) for size in (16, 32))
    assert per_picture(large) == pytest.approx(4 * per_picture(small), rel=0.05)
    assert needed(large, 8) > needed(small, 8)
