import numpy as np
import pytest

from radiolucent.learn.nets import resnet18

pytestmark = pytest.mark.deep


def test_at_full_width_it_has_the_parameters_and_the_maps_of_resnet18():
    pytest.importorskip("tensorflow")
    net = resnet18(size=224, channels=3, classes=1000)
    assert net.get_layer("maps").output.shape[1:] == (7, 7, 512)
    trained = sum(int(np.prod(weight.shape)) for weight in net.trainable_weights)
    assert trained == 11_689_512, "torchvision's resnet18 has as many"


def test_volumes_pass_the_same_stages():
    pytest.importorskip("tensorflow")
    net = resnet18(size=[8, 32, 32], channels=1, classes=2, width=4, blocks=1)
    assert net.get_layer("maps").output.shape[-1] == 32
    assert net.output_shape == (None, 2)
