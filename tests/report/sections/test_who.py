from dataclasses import replace

from radiolucent.report.reading import Reading
from radiolucent.report.sections.who import who
from radiolucent.report.texts import texts


def blocks(study, **cohort):
    return who(Reading(replace(study, cohort=cohort) if cohort else study, texts("en")))


def test_the_lead_counts_images_patients_and_classes(studies):
    said = blocks(studies["folds"])[0].text.replace("\u00a0", " ")
    assert said == "1,000 images of 682 patients: 500 no pneumonia (50 %) and 500 pneumonia (50 %)."


def test_unknown_patients_are_said_to_be_unknown(studies):
    assert "how many patients they come from is not known" in blocks(studies["official"])[0].text
    assert "Scored: 156 images." in blocks(studies["official"])[0].text


def test_many_values_share_the_last_colour_but_keep_their_line_in_the_table(studies):
    rows = [{"value": f"site {i}", "all": 100 - i, "folds": [50, 50 - i]} for i in range(12)]
    found = blocks(studies["folds"], demographics=[{"column": "site", "rows": rows}])
    row = next(block for block in found if block.kind == "row")
    assert ">other</text>" in row.figures[0].drawings[0]
    table = next(block for block in found if block.kind == "table" and block.caption == "Who is in each fold")
    assert len(table.rows) == 12


def test_no_missing_value_is_said_and_not_left_open(studies):
    said = [
        block.text for block in blocks(studies["folds"], missing=[{"column": "age", "n": 0}]) if block.kind == "prose"
    ]
    assert any("No value is missing" in text for text in said)


def test_rows_are_counted_from_one_as_in_a_spreadsheet(studies):
    table = next(b for b in blocks(studies["folds"]) if b.kind == "table" and b.caption == "Rows left out")
    assert table.rows[0][0].text == "18"  # row 17 of metrics.json, which counts from 0
