"""Language of reports: NegEx's clinical sentences and the CheXpert labeler's samples"""

import csv

import pytest
from classic_negex import classic, f1, rows
from shared import shared

from radiolucent.reason.text import labels, said_of
from radiolucent.reason.text.labels import OF, WRONG


def denied(row):
    (start, end), sentence, *_ = row
    return said_of(sentence, start, end).negated


@pytest.fixture(scope="module")
def clinical():
    """The rows that are here; the rules were made on every other one, the rest was not looked at."""
    return list(rows(shared("reference/nlp-negex/rsAnnotations.tsv")))


@pytest.mark.parametrize("part", ["not looked at", "all that are here"])
def test_negation_in_clinical_sentences_reaches_f1_of_94_percent(clinical, part, record_property):
    chosen = [row for row in clinical if part != "not looked at" or not row[5]]
    reached, *_ = f1([row[2] for row in chosen], [denied(row) for row in chosen])
    record_property("difference", 1 - reached)
    assert reached >= 0.94


def test_our_negation_is_no_worse_than_classic_negex_on_the_same_sentences(clinical, record_property):
    baseline = classic(shared("reference/nlp-negex/negex_triggers.txt"))
    truth = [row[2] for row in clinical]
    theirs, *_ = f1(truth, [baseline(row[1], *row[0]) for row in clinical])
    ours, *_ = f1(truth, [denied(row) for row in clinical])
    record_property("difference", 1 - theirs)  # the baseline's own shortfall, to stand beside ours
    assert ours >= theirs > 0.88


def test_what_is_called_historical_mostly_is_though_much_is_missed(clinical, record_property):
    """A bare "HYPERTENSION." is annotated as historical by what stood around it, which the sentence does not tell."""
    told = [said_of(row[1], *row[0]).time == "historical" for row in clinical]
    reached, right, wrong, _ = f1([row[3] == "Historical" for row in clinical], told)
    record_property("difference", 1 - reached)
    assert right >= 4 * wrong


def test_the_experiencer_is_the_patient_as_annotated(clinical, record_property):
    wrong = [
        row for row in clinical if (said_of(row[1], *row[0]).experiencer == "other") != (row[4].strip() != "Patient")
    ]
    record_property("difference", len(wrong) / len(clinical))
    assert len(wrong) <= 0.02 * len(clinical)


def test_the_labelers_four_sample_reports_get_the_same_14_labels(record_property):
    table = shared("reference/nlp-chexpert-labeler/labeled_reports.csv")
    with table.open(encoding="utf-8", newline="") as file:
        samples = list(csv.DictReader(file))
    assert len(samples) == 4
    for row in samples:
        wanted = {name: int(float(cell)) if cell else None for name, cell in row.items() if name != "Reports"}
        assert labels(row["Reports"]) == wanted
    record_property("difference", 0.0)


def test_the_error_that_studies_quote_is_the_one_that_is_measured(clinical):
    unseen = [row for row in clinical if not row[5]]
    assert (sum(denied(row) != row[2] for row in unseen), len(unseen)) == (WRONG, OF)
