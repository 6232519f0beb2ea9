"""The training loop beside bare Keras, what augmentation costs it, and how long predictions and the MNIST sets take.

Rates are taken while training runs, after its first steps: compiling (some seconds, once a training) is left out of both.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from side_by_side import Figure, main

from radiolucent.learn import KerasClassifier
from radiolucent.learn.augment import AUGMENTATIONS
from radiolucent.learn.engine import keras_on
from radiolucent.learn.nets import small_resnet

THREADS = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))
KEPT = Path(__file__).resolve().parents[1] / "docs/results/learn.json"
BATCH, WARM, STEPS, ROUNDS = 64, 20, 80, 3


def pictures(n: int, size: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    random = np.random.default_rng(0)
    return random.integers(0, 256, (n, size, size)).astype(np.uint8), np.arange(n) % 2


def ours(size: int, augmentations: tuple[str, ...] = ()) -> float:
    """Seconds a step of `KerasClassifier`, median of steps."""
    times: list[float] = []
    X, y = pictures(512, size)
    told: dict[str, Any] = {"steps": STEPS, "batch": BATCH, "members": 1, "threads": THREADS}
    KerasClassifier(**told, augmentations=augmentations, progress=lambda _: times.append(time.perf_counter())).fit(X, y)
    return statistics.median(b - a for a, b in pairwise(times[WARM:]))


def theirs(size: int) -> float:
    """Seconds a step of `Model.fit` on float32 arrays in memory: the same net, optimizer and batch."""
    keras = keras_on(THREADS)
    X, y = pictures(512, size)
    x, t = X[..., None].astype(np.float32) / 127.5 - 1, np.eye(2, dtype=np.float32)[y]
    net = small_resnet(size=size, channels=1, classes=2)
    optimizer = keras.optimizers.AdamW(1e-3, weight_decay=5e-3, global_clipnorm=5.0, use_ema=True)
    net.compile(optimizer, keras.losses.CategoricalCrossentropy(from_logits=True), jit_compile=False)
    times: list[float] = []
    clock = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda _batch, **_logs: times.append(time.perf_counter())
    )
    net.fit(x, t, batch_size=BATCH, epochs=-(-STEPS * BATCH // len(x)), verbose=0, callbacks=[clock])
    return statistics.median(b - a for a, b in pairwise(times[WARM:]))


def ratio(numerator: Callable[[], float], denominator: Callable[[], float]) -> float:
    """Median over turns, so that a busy machine slows both alike."""
    return statistics.median(numerator() / denominator() for _ in range(ROUNDS))


def predicting(net: str, **parameters: Any) -> float:
    """Seconds for 1,000 pictures of 256 pixels, mirrored views included."""
    X, y = pictures(1000, 256)
    made = KerasClassifier(net=net, steps=1, batch=8, threads=THREADS, **parameters).fit(X[:16], y[:16])
    made.predict_proba(X[:256])
    start = time.perf_counter()
    made.predict_proba(X)
    return time.perf_counter() - start


def mnist_minutes() -> float:
    """Minutes that the net took on both MNIST sets, mean of the seeds of the last `make results`."""
    told = {one["name"]: one["candidates"]["cnn"]["fit_seconds"] for one in json.loads(KEPT.read_text())}
    return (told["BreastMNIST"] + told["PneumoniaMNIST"]) / 60


def import_seconds() -> float:
    """Seconds until `radiolucent.learn` is there in a fresh process; fails if that imports TensorFlow."""
    code = "import radiolucent.learn, sys; assert 'tensorflow' not in sys.modules"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def rows() -> Iterator[Figure]:
    every = tuple(name for name in AUGMENTATIONS if name not in ("rotate", "scale"))  # affine does both
    yield Figure(
        "training, 28 px, against bare Keras fit", lambda: ratio(lambda: ours(28), lambda: theirs(28)), "x", 1.3
    )
    yield Figure(
        "training, 96 px, against bare Keras fit", lambda: ratio(lambda: ours(96), lambda: theirs(96)), "x", 1.3
    )
    yield Figure(
        "training, 96 px, all augmentations against none",
        lambda: ratio(lambda: ours(96, every), lambda: ours(96)), "x", 1.15,
    )  # fmt: skip
    yield Figure("1,000 radiographs of 256 px, cnn of 2 nets", lambda: predicting("small_resnet", members=2), "s", 30)
    yield Figure("1,000 radiographs of 256 px, resnet18", lambda: predicting("resnet18", width=32, members=1), "s", 30)
    yield Figure(
        "1,000 radiographs of 256 px, efficientnet", lambda: predicting("efficientnet", width=16, members=1), "s", 30
    )
    yield Figure("import of radiolucent.learn, TensorFlow left out", import_seconds, "s", 10)
    if KEPT.exists():
        yield Figure("BreastMNIST and PneumoniaMNIST by cnn", mnist_minutes, "min", 15)


if __name__ == "__main__":
    main(rows, __doc__ or "")
