"""The one file that names TensorFlow: Keras on it, with its log silenced and its threads limited."""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import require


def keras_on(threads: int | None = None) -> ModuleType:
    """Import Keras on TensorFlow, limited to `threads` (`None`: all cores); imported late because it takes 10 s.

    TensorFlow takes a number of threads once per process: the first call decides, later ones change nothing.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    tensorflow = _tensorflow()
    if threads is not None:
        _limit(tensorflow, threads)
    return require("keras", extra="deep")


def _tensorflow() -> ModuleType:
    if "tensorflow" in sys.modules:
        return sys.modules["tensorflow"]
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    with _held_back():
        return require("tensorflow", extra="deep")


@contextmanager
def _held_back() -> Iterator[None]:
    """Keep the error stream quiet: TensorFlow's libraries write to it before their log can be set. Shown on failure."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        stream = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(stream, held.read())
            raise
        finally:
            os.dup2(stream, 2)
            os.close(stream)


def _limit(tensorflow: ModuleType, threads: int) -> None:
    threading = tensorflow.config.threading
    if threading.get_intra_op_parallelism_threads() == threads:
        return
    try:
        threading.set_intra_op_parallelism_threads(threads)
        threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # already running with another number: results stay, only speed differs
        return


def precision(capabilities: Sequence[tuple[int, int]]) -> str:
    """The numbers that nets are trained in, by the GPUs' compute capabilities: a policy of Keras.

    Half as wide (bfloat16) where every GPU multiplies them, from Ampere (8.0) on; weights, sums and logits stay single.
    Without a GPU, or with an older one (whose float16 would need its losses scaled), all is single.
    """
    return "mixed_bfloat16" if capabilities and min(capabilities) >= (8, 0) else "float32"


@contextmanager
def reduced(keras: ModuleType) -> Iterator[None]:
    """Let nets that are built in here compute in the `precision` of this machine."""
    config, before = _tensorflow().config, keras.config.dtype_policy()
    gpus = [config.experimental.get_device_details(gpu) for gpu in config.list_physical_devices("GPU")]
    keras.config.set_dtype_policy(precision([gpu.get("compute_capability", (0, 0)) for gpu in gpus]))
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@contextmanager
def seeded(keras: ModuleType, seed: int) -> Iterator[None]:
    """Draw Keras's own random numbers (initial weights, dropout) from `seed`, and give back the caller's generators."""
    states = random.getstate(), np.random.get_state()  # noqa: NPY002 - Keras draws from the global generators
    keras.utils.set_random_seed(seed)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002


def maps_and_gradients(
    net: Any, pictures: NDArray[np.float32], score: Callable[[Any, Any], Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Values of the layer named `maps` (n, h, w, c), and the gradient in them of `score(keras.ops, outputs)` (n,)."""
    keras, tensorflow = keras_on(), _tensorflow()
    both = keras.Model(net.input, [net.get_layer("maps").output, net.outputs[0]])
    with tensorflow.GradientTape() as tape:
        maps, outputs = both(pictures, training=False)
        told = score(keras.ops, outputs)
    return maps.numpy(), tape.gradient(told, maps).numpy()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """A training step as TensorFlow's graph: several times faster than line by line."""
    return _tensorflow().function(function, jit_compile=False)


def descended(loss: Callable[[], Any], variables: Sequence[Any], optimizer: Any) -> Any:
    """One step of the optimizer down the gradient of `loss` in `variables`; gives the loss before the step."""
    with _tensorflow().GradientTape() as tape:
        value = loss()
    optimizer.apply(tape.gradient(value, variables), variables)
    return value


def slope(function: Callable[[Any], Any], x: Any) -> Any:
    """Gradient of the sum of `function` in x, shape of x, of which gradients can be taken again."""
    with _tensorflow().GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x)
