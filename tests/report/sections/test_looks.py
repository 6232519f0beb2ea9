from dataclasses import replace

from radiolucent.report.reading import Reading
from radiolucent.report.sections.looks import looks
from radiolucent.report.texts import texts


def blocks(study):
    return looks(Reading(study, texts("en")))


def test_heat_maps_come_with_a_warning(studies):
    assert "as a question, not as an answer" in blocks(studies["folds"])[0].text


def test_weights_of_a_candidate_have_a_table_and_those_of_a_case_stand_side_by_side(studies):
    found = blocks(studies["folds"])
    assert [block.kind for block in found[-5:]] == ["prose", "figure", "table", "prose", "row"]
    assert "The 15 largest are shown." in found[-4].sentence
    assert len(found[-3].rows) == 18


def test_without_pictures_it_says_why(studies):
    assert "No model came with" in blocks(studies["evaluate"])[0].text
    assert "No explanations were made" in blocks(replace(studies["folds"], galleries=(), importances=()))[0].text
