"""The knowledge graph: reading it beside the bar of 200 ms, a question beside 10 ms, linking beside a scan of all names.

No other package holds such a graph, so the peers are the bars themselves (a wait of that length); difflib, which scans all
spellings for the nearest, is a guard that linking does not scan. The sizes are printed above the table.
"""

import gzip
import statistics
import subprocess
import sys
import time
from difflib import get_close_matches
from importlib.resources import files

from side_by_side import Pair, main

from radiolucent.reason.graph import graph, link, linking, query, questions, store, understood

FOLDER = files("radiolucent.reason.graph")
TERMS = (
    "Pleural effusions",
    "haemothorax",
    "the mass of the liver",
    "胸腔积液",
    "pulmonary nodules",
    "soft tissue mass",
)
ASKED = (["explains", "pleural effusion"], ["guideline", "pulmonary nodule"], ["seen-in", "chest"], ["codes", "lung"])


def read():
    """The graph from its file, anew."""
    graph.cache_clear()
    return len(store.graph())


def processor_ms():
    """Median processor time of reading the graph [ms]."""
    spent = []
    for _ in range(15):
        start = time.process_time()
        read()
        spent.append((time.process_time() - start) * 1e3)
    return statistics.median(spent)


def read_lexicon():
    """The lexicon from its file, anew."""
    linking.lexicon.cache_clear()
    return len(linking.lexicon().nodes)


def asked():
    """Four named questions, from words to rows."""
    return [understood(words).answer() for words in ASKED]


def linked():
    """Six terms; the first look-up by order or gaps builds an index, which is kept."""
    return [link(term) for term in TERMS]


def scanned():
    """The same six by the standard library's nearest names over all spellings."""
    names = list(linking.lexicon().spelt)
    return [get_close_matches(term.lower(), names, n=1) for term in TERMS]


def everything():
    """Every statement through SPARQL."""
    return query("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }")


def wait(seconds):
    return lambda: time.sleep(seconds)


def fresh():
    """A new process that asks one question: Python, imports, lexicon, graph and answer."""
    code = "from radiolucent.reason.graph import understood; understood(['explains', 'pneumothorax']).answer()"
    subprocess.run([sys.executable, "-c", code], check=True)


def pairs():
    for name in ("graph.trig.gz", "lexicon.tsv.gz"):
        packed = (FOLDER / name).read_bytes()
        print(f"{name}: {len(packed):,} bytes, {len(gzip.decompress(packed)):,} unpacked")
    print(f"{len(graph()):,} statements, {len(linking.lexicon().spelt):,} spellings, {len(questions())} questions")
    print(
        f"processor time to read the graph: {processor_ms():.0f} ms (median of 15; what a busy machine adds is not in it)"
    )
    yield Pair("read the graph", read, "bar of 200 ms", wait(0.2), 1.0)
    yield Pair("read the lexicon", read_lexicon, "bar of 200 ms", wait(0.2), 1.0)
    yield Pair("four questions", asked, "bar of 40 ms", wait(0.04), 1.0)
    yield Pair("count every statement", everything, "bar of 200 ms", wait(0.2), 1.0)
    yield Pair("link six terms", linked, "difflib", scanned, 10.0)
    yield Pair("a fresh process to the answer", fresh, "bar of 2 s", wait(2.0), 1.0)


if __name__ == "__main__":
    main(pairs, __doc__ or "")
