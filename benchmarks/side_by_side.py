"""Ours and a peer's, timed in turns in one process, so that a busy machine slows both alike."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """Two ways to the same result; `bar` is the least ratio peer / ours that is wanted."""

    name: str
    ours: Callable[[], Any]
    peer: str
    theirs: Callable[[], Any]
    bar: float


class Figure(NamedTuple):
    """Something else than time that has a bar: the most that `value` may be."""

    name: str
    value: Callable[[], float]
    unit: str
    most: float


def rows_of(pairs: Iterable[Pair | Figure], rounds: int) -> Iterator[dict[str, Any]]:
    """A row each; that of a figure has no times."""
    for pair in pairs:
        if isinstance(pair, Pair):
            yield from timed([pair], rounds)
            continue
        value = pair.value()
        yield {
            "name": f"{pair.name}: {value:.2f} {pair.unit}", "ours_s": None, "peer": None, "peer_s": None,
            "ratio": None, "bar": f"at most {pair.most:g}", "met": value <= pair.most, "value": value,
        }  # fmt: skip


def timed(pairs: Iterable[Pair], rounds: int) -> Iterator[dict[str, Any]]:
    """Median seconds of `rounds` alternating runs after one of each that does not count."""
    for pair in pairs:
        seconds: dict[str, list[float]] = {"ours": [], "theirs": []}
        for turn in range(rounds + 1):
            for who, work in (("ours", pair.ours), ("theirs", pair.theirs)):
                start = time.perf_counter()
                work()
                if turn:
                    seconds[who].append(time.perf_counter() - start)
        ours, theirs = (statistics.median(seconds[who]) for who in ("ours", "theirs"))
        yield {
            "name": pair.name, "ours_s": ours, "peer": pair.peer, "peer_s": theirs,
            "ratio": theirs / ours, "bar": pair.bar, "met": theirs / ours >= pair.bar,
        }  # fmt: skip


def main(pairs: Callable[[], Iterable[Pair | Figure]], about: str) -> None:
    """Print a table of ratios and write the rows to `--json FILE`."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each (5)")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    given = parser.parse_args()
    rows = []
    print(f"{'what':44} {'ours ms':>9} {'peer':>14} {'peer ms':>9} {'ratio':>7} {'bar':>5}")
    for row in rows_of((pair for pair in pairs() if given.only in pair.name), given.rounds):
        rows.append(row)
        mark = "" if row["met"] else "  below"
        if row["ours_s"] is None:
            print(f"{row['name']:44} ({row['bar']}){mark}", flush=True)
            continue
        print(
            f"{row['name']:44} {row['ours_s'] * 1e3:9.2f} {row['peer']:>14} {row['peer_s'] * 1e3:9.2f} "
            f"{row['ratio']:7.2f} {row['bar']:5.2g}{mark}",
            flush=True,
        )
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n")
