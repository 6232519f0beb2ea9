"""Progress of long work: a bar on a terminal; in a log a line each half minute, and none of what is done sooner."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

ON_TERMINAL_S, IN_LOG_S = 0.3, 30.0


@contextmanager
def bar(label: str, total: int, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Yield a function that advances a bar on standard error by so many items."""
    is_terminal = sys.stderr.isatty()
    with tqdm(
        total=total,
        desc=label,
        disable=not shown,
        file=sys.stderr,
        ncols=88,
        mininterval=ON_TERMINAL_S if is_terminal else IN_LOG_S,
        delay=0 if is_terminal else IN_LOG_S,
    ) as line:

        def advance(items: int) -> None:
            line.update(items)

        yield advance


@contextmanager
def share_bar(label: str, *, shown: bool = True) -> Iterator[Callable[[float], None]]:
    """Yield a function that brings a bar to a finished fraction, 0 to 1."""
    with bar(label, 1000, shown=shown) as advance:
        done = 0

        def reach(fraction: float) -> None:
            nonlocal done
            advance(int(fraction * 1000) - done)
            done = int(fraction * 1000)

        yield reach
