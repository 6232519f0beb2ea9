"""Language of reports: negation beside the classic algorithm, and whole reports, in sentences a second.

The bar of 5,000 sentences a second is written as a peer that needs 0.2 ms for one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from classic_negex import classic, rows
from shared import shared
from side_by_side import Pair, main

from radiolucent.reason.text import read_report, said_of

REPORT = (
    "FINDINGS: The heart is mildly enlarged. There is a small left pleural effusion with adjacent atelectasis. "
    "No pneumothorax. A nodule in the right upper lobe has increased from 6 to 9 mm. The mediastinal contours are normal. "
    "IMPRESSION: Opacity, may represent pneumonia. No evidence of acute fracture. Stable support devices."
)
SENTENCES = 8
MOST_S = 1 / 5000


def pairs() -> Iterator[Pair]:
    """Every clinical sentence that is here, and 100 times a report of eight sentences."""
    clinical = list(rows(shared("reference/nlp-negex/rsAnnotations.tsv")))
    baseline = classic(shared("reference/nlp-negex/negex_triggers.txt"))

    def ours() -> None:
        for span, sentence, *_ in clinical:
            said_of(sentence, *span)

    def theirs() -> None:
        for span, sentence, *_ in clinical:
            baseline(sentence, *span)

    def whole() -> None:
        for _ in range(100):
            read_report(REPORT)

    yield Pair(f"negation of {len(clinical)} sentences", ours, "classic NegEx", theirs, 0.5)
    yield Pair(f"negation of {len(clinical)} sentences, pace", ours, "5,000/s", _rests(len(clinical)), 1.0)
    yield Pair(f"all of a report, {100 * SENTENCES} sentences, pace", whole, "5,000/s", _rests(100 * SENTENCES), 1.0)


def _rests(sentences: int) -> Callable[[], None]:
    return lambda: time.sleep(sentences * MOST_S)


if __name__ == "__main__":
    main(pairs, __doc__ or "")
