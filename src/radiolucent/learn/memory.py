"""How much memory a training needs, before it starts, and how large its batches may be."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import psutil

from radiolucent.core import InputError

LEAST_BATCH = 2
"""Batch normalisation needs two pictures to tell how they differ."""

COPIES = 8
"""Of every weight: the trained net and the one that is kept, gradient and its clipped copy, AdamW's two moments, the
running average, and one to spare."""

PASS = 1.6
"""Bytes held in a step of training for each byte that the layers give: outputs, their gradients, and what convolutions
rearrange. Measured as the rise of the peak on a CPU: 0.9 (`small_resnet`, 28 pixels) to 1.3 (`efficientnet`, 96)."""

_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def available() -> int:
    """Bytes that this process may still take: of the machine, or of the container that it runs in."""
    free = psutil.virtual_memory().available
    for limit, used in _CGROUPS:
        most, now = _number(limit), _number(used)
        if most is not None and now is not None:
            free = min(free, max(0, most - now))
    return int(free)


def needed(net: Any, batch: int) -> int:
    """Bytes that training this net takes with batches of this size, besides the program itself and its pictures."""
    weights = sum(math.prod(weight.shape) for weight in net.weights) * 4
    return int(COPIES * weights + PASS * batch * per_picture(net))


def per_picture(net: Any) -> int:
    """Bytes of the picture and of what all layers give for it."""
    return sum(_bytes(output) for layer in net.layers for output in _listed(layer.output))


def fitting_batch(net: Any, batch: int, available_bytes: int) -> int:
    """The largest batch up to `batch`, halved as often as it must be, with which training this net fits.

    Four fifths of what is available may be used. Where not even two pictures fit, an error says what is needed.
    """
    may = 0.8 * available_bytes
    fits = batch
    while fits > LEAST_BATCH and needed(net, fits) > may:
        fits = max(LEAST_BATCH, fits // 2)
    if needed(net, fits) > may:
        raise InputError(
            f"training this net needs {_told(needed(net, fits))} even with {fits} pictures at once, and "
            f"{_told(available_bytes)} are available; give a smaller --size or a narrower net"
        )
    return fits


def lowered(net: Any, asked: int, given: int, available_bytes: int) -> str:
    """The sentence that says that batches were made smaller, with what is needed and what there is; '' if they were not."""
    if given == asked:
        return ""
    return (
        f"batches of {given} pictures instead of {asked}: those would need {_told(needed(net, asked))}, and "
        f"{_told(available_bytes)} are available"
    )


def _listed(output: Any) -> list[Any]:
    return list(output) if isinstance(output, list | tuple) else [output]


def _bytes(output: Any) -> int:
    width = 2 if str(output.dtype) in ("float16", "bfloat16") else 4
    return width * math.prod(side or 1 for side in output.shape)


def _told(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 5e7 else f"{count / 1e6:.1f} MB"


def _number(path: str) -> int | None:
    """What a file of the kernel says; none where there is no such file or no limit ("max")."""
    try:
        text = Path(path).read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
