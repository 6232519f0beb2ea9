import pytest

from radiolucent.core import InputError
from radiolucent.learn.nets import build, small_resnet

pytestmark = pytest.mark.deep


@pytest.mark.parametrize(("size", "maps"), [(28, 7), (64, 8), (96, 6), (160, 10)])
def test_the_trunk_ends_in_small_maps_whatever_the_picture(size, maps):
    pytest.importorskip("tensorflow")
    net = small_resnet(size=size, channels=1, classes=2)
    assert net.get_layer("maps").output.shape[1:3] == (maps, maps)
    assert net.output_shape == (None, 2)
    assert net.count_params() < 1_000_000


def test_an_unknown_architecture_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'small_resnet'"):
        build({"architecture": "small_resnett", "arguments": {}})


def test_arguments_that_the_architecture_does_not_know_are_refused():
    pytest.importorskip("tensorflow")
    with pytest.raises(InputError, match="does not fit this version"):
        build({"architecture": "small_resnet", "arguments": {"size": 28, "channels": 1, "classes": 2, "wings": 2}})
