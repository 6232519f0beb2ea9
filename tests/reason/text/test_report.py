"""A whole report read."""

from hypothesis import given
from hypothesis import strategies as st

from radiolucent.reason.text import read_report

REPORT = """EXAM: Chest two views. HISTORY: history of pneumonia. COMPARISON: None.
FINDINGS: The heart is mildly enlarged. There is a small left pleural effusion with adjacent left lower lobe atelectasis.
No pneumothorax. A nodule in the right upper lobe has increased from 6 to 9 mm. Mediastinal contours are within normal limits.
IMPRESSION: 1. Opacity suggestive of pneumonia. 2. Father had lung cancer."""


def named(text):
    return {(one.mention.concept, one.mention.status): one for one in read_report(text).observations}


def test_sections_are_told_by_their_headings():
    assert [part.kind for part in read_report(REPORT).sections] == [
        "exam",
        "history",
        "comparison",
        "findings",
        "impression",
    ]


def test_numbers_of_a_list_end_no_sentence():
    lines = read_report("IMPRESSION: 1. No edema. 2. Dr. Smith was told.").sentences
    assert len(lines) == 2


def test_observations_have_status_side_and_place():
    found = named(REPORT)
    assert found["cardiomegaly", "present"].place == "heart"
    assert found["pleural_effusion", "present"].side == "left"
    assert found["atelectasis", "present"].place == "left_lower_lobe"
    assert ("pneumothorax", "absent") in found
    assert ("enlarged_cardiomediastinum", "absent") in found


def test_a_size_belongs_to_the_nearest_thing_and_keeps_what_it_was():
    size = named(REPORT)["lung_nodule", "present"].size
    assert (size.largest_mm, size.before_mm) == (9.0, 6.0)


def test_relations_join_observation_place_and_what_is_suggested():
    read = read_report(REPORT)
    said = {(r.kind, REPORT[slice(*r.subject)], REPORT[slice(*r.object)]) for r in read.relations}
    assert ("modify", "small", "pleural effusion") in said
    assert ("located_at", "atelectasis", "left lower lobe") in said
    assert ("suggestive_of", "Opacity", "pneumonia") in said


def test_a_phrase_with_a_gap_hears_the_denial_within():
    assert ("cardiomegaly", "absent") in named("The heart is not enlarged.")
    assert ("cardiomegaly", "present") in named("The heart is moderately enlarged.")


def test_what_only_looks_alike_is_not_named():
    assert not {name for name, _ in named("Small pericardial effusion.")} & {"pleural_effusion"}
    assert "lung_nodule" not in {name for name, _ in named("Calcified nodule.")}


def test_chinese_reports_are_read_by_the_same_rules():
    text = "检查所见：右肺上叶见一结节，大小约6mm×5mm。双侧胸腔未见积液。左侧气胸不除外。\n诊断意见：右肺上叶结节。"
    found = named(text)
    assert read_report(text).language == "zh"
    assert found["lung_nodule", "present"].place == "right_upper_lobe"
    assert ("pleural_effusion", "absent") in found
    assert ("pneumothorax", "possible") in found


def test_short_lines_are_statements_of_their_own_and_full_ones_are_not():
    assert ("cardiomegaly", "present") in named("No effusion\nCardiomegaly")
    wrapped = "There is no evidence of any focal airspace disease, effusion or\nPneumothorax in either lung."
    assert ("pneumothorax", "absent") in named(wrapped)


def test_a_sentence_without_an_end_is_cut_at_a_comma():
    read = read_report("no " + "edema, " * 1000)
    assert len(read.observations) == 1000
    assert max(line.end - line.start for line in read.sentences) <= 1200
    assert all(one.mention.end <= one.sentence.end for one in read.observations)


@given(st.text(max_size=300))
def test_any_text_is_read_or_told_why_not(text):
    read = read_report(text)
    assert read.problem is None or not read.observations
    for one in read.observations:
        assert 0 <= one.mention.start < one.mention.end <= len(text)
