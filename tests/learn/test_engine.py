import subprocess
import sys

import pytest

from radiolucent.learn.engine import keras_on, precision, reduced


@pytest.mark.parametrize(
    ("capabilities", "wanted"),
    [([], "float32"), ([(7, 5)], "float32"), ([(9, 0)], "mixed_bfloat16"), ([(8, 0), (7, 0)], "float32")],
)
def test_numbers_are_halved_where_every_gpu_multiplies_them(capabilities, wanted):
    assert precision(capabilities) == wanted


@pytest.mark.deep
def test_a_net_for_training_in_half_precision_keeps_single_weights_and_logits(monkeypatch):
    pytest.importorskip("tensorflow")
    from radiolucent.learn.nets import small_resnet

    keras = keras_on(1)
    monkeypatch.setattr("radiolucent.learn.engine.precision", lambda capabilities: "mixed_bfloat16")
    with reduced(keras):
        net = small_resnet(size=8, channels=1, classes=2, width=4)
    assert keras.config.dtype_policy().name == "float32", "what is built afterwards is single again"
    assert str(net.get_layer("maps").output.dtype) == "bfloat16"
    assert {str(weight.dtype) for weight in net.weights} == {"float32"}
    assert str(net.output.dtype) == "float32"


def test_importing_the_package_or_its_nets_imports_no_tensorflow():
    code = (
        "import sys, radiolucent as rl, radiolucent.learn, radiolucent.learn.nets, radiolucent.learn.training; rl.load; "
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
