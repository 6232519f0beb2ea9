import pytest

from radiolucent.learn.nets import small_resnet

pytestmark = pytest.mark.deep


@pytest.mark.parametrize(("size", "maps"), [(28, 7), (64, 8), (96, 6), (160, 10)])
def test_the_trunk_ends_in_small_maps_whatever_the_picture(size, maps):
    pytest.importorskip("tensorflow")
    net = small_resnet(size=size, channels=1, classes=2)
    assert net.get_layer("maps").output.shape[1:3] == (maps, maps)
    assert net.output_shape == (None, 2)
    assert net.count_params() < 1_000_000


def test_a_volume_is_seen_in_space():
    pytest.importorskip("tensorflow")
    net = small_resnet(size=[16, 16, 16], channels=1, classes=2, width=4)
    assert net.input_shape == (None, 16, 16, 16, 1)
    assert net.get_layer("maps").output.shape[1:4] == (4, 4, 4)


def test_few_slices_are_kept_while_their_planes_are_halved():
    pytest.importorskip("tensorflow")
    net = small_resnet(size=[6, 64, 64], channels=1, classes=2, width=4)
    assert net.get_layer("maps").output.shape[1:4] == (6, 8, 8)
