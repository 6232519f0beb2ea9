"""De-identify studies full of planted identities, and count the actions that were done: docs/results/identities.json.

The rules for free text were mended after each of the lists `first` (seed 0), `second` (1), `third` (2), `fourth` (3) and `fifth`
(4) had been measured once: what each gave when it was new is the honest figure, what it gives now is not. `sixth` (5) was
measured once, and nothing has been mended after it.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections import Counter
from pathlib import Path

from scipy.stats import binomtest

from radiolucent.flow.deid import Job, deidentify_folder, open_map
from radiolucent.phantom.answers import missed
from radiolucent.phantom.identities import Planted, identities

KEEP = ("modified-dates", "patient-characteristics", "safe-private")
CLEAN = ("descriptors", "structured-content", "graphics", "pixels")
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
    """Counts with 95 % intervals (Clopper-Pearson), by action and by kind of text."""
    rows = {"all": answers, "structured": [one for one in answers if one.is_structured]}
    rows |= {action: [one for one in answers if one.action == action] for action in sorted({a.action for a in answers})}
    lost = set(missing)
    kinds = Counter((one.action, one.kind) for one in missing)
    of = Counter((one.action, one.kind) for one in answers)
    return {
        "done": {name: _share([one not in lost for one in due]) for name, due in rows.items()},
        "missed": [{"action": a, "kind": k, "n": n, "of": of[a, k]} for (a, k), n in kinds.most_common()],
    }


def _share(done: list[bool]) -> dict[str, float | int]:
    test = binomtest(sum(done), len(done)).proportion_ci(method="exact")
    return {"n": len(done), "done": sum(done), "share": sum(done) / len(done), "low": test.low, "high": test.high}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", default="sixth")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--show", type=int, default=0, help="so many misses in full")
    parser.add_argument("--json", type=Path, default=PLACE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        answers, missing = measured(Path(folder), studies=given.studies, names=given.names, seed=given.seed)
    result = {"names": given.names, "seed": given.seed, "studies": given.studies, **told(answers, missing)}
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result["done"], indent=1), *(result["missed"]), sep="\n")
    for one in missing[: given.show]:
        print(one)


if __name__ == "__main__":
    main()
