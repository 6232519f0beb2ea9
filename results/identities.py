"""De-identify studies full of planted identities, and count the actions that were done: docs/results/identities.json.

The rules for free text were mended after each of the lists `first` (seed 0), `second` (1), `third` (2), `fourth` (3) and `fifth`
(4) had been measured once, and after `sixth` (5) once more: what each gave when it was new is the honest figure, what it
gives now is not. `seventh` (6: `python results/identities.py --names seventh --seed 6`) was written, and left with this way of
counting, by somebody who had not seen the rules: ten times the texts and names of a list before, other places, telephone
lines and numbers to be removed too. The rules were mended after it as well. `eighth` (`--names eighth --seed 7`, which is the
default) is of its form and size, by another who had not seen the rules, its clinical texts about in the shares in which
archives hold them. It was measured once; a few words and two shapes of addresses were mended after it.

A list has a few hundred texts, each planted several times, so an interval over all plantings is too narrow. Beside it stands
the count of different texts, pieces, and phrases that held a piece: one is done when it was done wherever it was planted.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from scipy.stats import binomtest

from radiolucent.flow.deid import Job, deidentify_folder, open_map
from radiolucent.phantom.answers import missed
from radiolucent.phantom.identities import Planted, identities

KEEP = ("modified-dates", "patient-characteristics", "safe-private")
CLEAN = ("descriptors", "structured-content", "graphics", "pixels")
GOES = ("text_removed", "date_shifted", "uid_changed", "pixels_hidden")
FREE = ("text_removed", "text_retained")
PLACE = Path(__file__).parents[1] / "docs/results/identities.json"


def copies(out: Path, sealed: Path, key: Path) -> dict[str, Path]:
    """Where the copy of each file lies, as the sealed map tells."""
    table = sealed.with_suffix(".csv")
    open_map(sealed, table, key)
    with table.open(encoding="utf-8", newline="") as file:
        return {row["file"]: out / row["out"] for row in csv.DictReader(file) if row["out"]}


def measured(folder: Path, *, studies: int, names: str, seed: int) -> tuple[list[Planted], list[Planted]]:
    """All answers, and those that the copies miss."""
    answers = identities(folder, studies=studies, names=names, seed=seed)
    job = Job(folder / "scans", folder / "out", folder / "key.json", KEEP, CLEAN, folder / "map", verify=False)
    deidentify_folder(job)
    return answers, missed(answers, folder / "scans", copies(folder / "out", folder / "map", folder / "key.json"))


def told(answers: list[Planted], missing: list[Planted]) -> dict[str, object]:
    """Counts with 95 % intervals (Clopper-Pearson): what had to go apart from what had to stay, and by kind of text."""
    kinds = Counter((one.action, one.kind) for one in missing)
    of = Counter((one.action, one.kind) for one in answers)
    lost = set(missing)
    due = {"all": answers, "structured": [one for one in answers if one.is_structured]}
    return {
        "done": {name: share([one not in lost for one in rows]) for name, rows in due.items()},
        "removed": _apart([one for one in answers if one.action in GOES], lost),
        "kept": _apart([one for one in answers if one.action not in GOES], lost),
        "missed": [{"action": a, "kind": k, "n": n, "of": of[a, k]} for (a, k), n in kinds.most_common()],
    }


def _apart(answers: list[Planted], lost: set[Planted]) -> dict[str, object]:
    """By action; then what stood in free text: all plantings, and each different text or piece of a kind once."""
    rows = {name: [one for one in answers if one.action == name] for name in sorted({one.action for one in answers})}
    told: dict[str, object] = {name: share([one not in lost for one in due]) for name, due in rows.items()}
    free = [one for one in answers if one.action in FREE and not one.is_structured]
    told["in free text"] = share([one not in lost for one in free])
    told["in free text, each once"] = _each_once(free, lost, lambda one: one.value)
    if free[0].action == "text_removed":
        told["in free text, each phrase once"] = _each_once(free, lost, lambda one: one.phrase)
        for kind in sorted({one.kind for one in free}):
            told[f"{kind}, each once"] = _each_once(
                [one for one in free if one.kind == kind], lost, lambda one: one.value
            )
    return told


def _each_once(due: list[Planted], lost: set[Planted], which: Callable[[Planted], str]) -> dict[str, float | int]:
    """Each different text, piece or phrase counts as one: done where it was done wherever it was planted."""
    done: dict[str, bool] = {}
    for one in due:
        done[which(one)] = done.get(which(one), True) and one not in lost
    return share(list(done.values()))


def share(done: list[bool]) -> dict[str, float | int]:
    test = binomtest(sum(done), len(done)).proportion_ci(method="exact")
    return {"n": len(done), "done": sum(done), "share": sum(done) / len(done), "low": test.low, "high": test.high}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", default="eighth")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--show", type=int, default=0, help="so many misses in full")
    parser.add_argument("--json", type=Path, default=PLACE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        answers, missing = measured(Path(folder), studies=given.studies, names=given.names, seed=given.seed)
    result = {"names": given.names, "seed": given.seed, "studies": given.studies, **told(answers, missing)}
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(*(json.dumps(result[part], indent=1) for part in ("done", "removed", "kept")), *(result["missed"]), sep="\n")
    for one in missing[: given.show]:
        print(one)


if __name__ == "__main__":
    main()
