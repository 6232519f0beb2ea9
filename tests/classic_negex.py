"""The classic NegEx algorithm with its own list of triggers, as a baseline; and where a concept stands in its sentence.

Chapman et al. 2001, doi:10.1006/jbin.2001.1029; the rules are those of the published program: the longest triggers first,
a trigger colours what follows (or, for [POST], what precedes it) up to a conjunction, a pseudo-trigger or the next trigger
of another kind.
"""

import re
from itertools import pairwise


def rows(path):
    """Place of the concept, sentence, the three marks, and whether the row is one of those that the rules were made on.

    Every other row of those that are here is, from the first. Rows whose concept does not stand in their sentence are left out.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:]):
        _, concept, sentence, negation, time, person = line.split("\t")
        place = re.search(r"\s+".join(map(re.escape, concept.split())), sentence, re.IGNORECASE)
        upper = re.search(r"\s+".join(map(re.escape, concept.upper().split())), sentence)
        if place:
            yield (upper or place).span(), sentence, negation == "Negated", time, person, number % 2 == 0


def classic(path):
    """A function that says whether a sentence denies what stands at a span of characters."""
    lines = [re.split(r"\t+", line.strip()) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    kinds = {phrase.strip().lower(): kind.strip().strip("[]") for phrase, kind in lines}
    longest = sorted(kinds, key=len, reverse=True)
    trigger = re.compile(
        r"\b(?:" + "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in longest) + r")\b", re.IGNORECASE
    )

    def denies(sentence, start, end):
        found = [
            (m.start(), m.end(), kinds[re.sub(r"\s+", " ", m.group().lower())]) for m in trigger.finditer(sentence)
        ]
        found = [one for one in found if one[1] <= start or one[0] >= end]
        bounds = [(0, 0, "CONJ"), *found, (len(sentence), len(sentence), "CONJ")]
        before = [kind for (_, stop, kind), _ in pairwise(bounds) if stop <= start]
        after = [kind for begin, _, kind in bounds if begin >= end]
        return before[-1] == "PREN" or after[0] == "POST"

    return denies


def f1(truth, said):
    """F1 with true and false positives and false negatives."""
    both = sum(t and s for t, s in zip(truth, said, strict=True))
    false, missed = sum(said) - both, sum(truth) - both
    return 2 * both / (2 * both + false + missed), both, false, missed
