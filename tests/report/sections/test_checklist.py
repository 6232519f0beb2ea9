from radiolucent.report.reading import Reading
from radiolucent.report.sections.checklist import ITEMS, checklist, flat
from radiolucent.report.texts import texts


def states(study):
    r = Reading(study, texts("en"))
    return {item.key: item.rule(r) for item in ITEMS}


def test_every_item_of_claim_and_of_tripod_is_named():
    def numbers(text):
        for part in text.replace(" ", "").split(","):
            first, _, last = part.partition("–")
            digits = ["".join(c for c in end if c.isdigit()) for end in (first, last or first)]
            yield from range(int(digits[0] or 0), int(digits[1] or 0) + 1)

    claim = {n for item in ITEMS for n in numbers(item.claim)}
    tripod = {n for item in ITEMS for n in numbers(item.tripod)}
    assert claim >= set(range(1, 45)) - {10, 27, 32}  # subsets, ensembles, internal data: nothing to answer apart
    assert tripod >= set(range(1, 28)) - {15, 21, 24}


def test_an_item_is_answered_only_when_the_study_has_it(studies):
    full, bare = states(studies["folds"]), states(studies["evaluate"])
    assert full["flow"] == full["fairness"] == full["explain"] == full["partition"] == "met"
    assert bare["flow"] == bare["explain"] == bare["selection"] == "authors"
    assert states(studies["official"])["partition"] == "partly"
    assert states(studies["one class"])["performance"] == "authors"


def test_what_only_people_know_is_left_to_the_authors(studies):
    for key in ("ethics", "reference", "funding", "external", "acquisition"):
        assert states(studies["folds"])[key] == "authors"


def test_provenance_is_told_line_by_line():
    lines = dict(flat({"hashes": {"a.csv": "9f"}, "seconds": 75.0, "command": ["radiolucent", "learn"]}))
    assert lines == {"hashes a.csv": "9f", "seconds": "75 (1 min 15 s)", "command": "radiolucent learn"}


def test_without_provenance_the_page_says_so(studies):
    blocks = checklist(Reading(studies["evaluate"], texts("en")))
    assert any("No provenance came" in getattr(block, "text", "") for block in blocks)
