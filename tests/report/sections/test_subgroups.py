from radiolucent.report.reading import Reading
from radiolucent.report.sections.subgroups import subgroups
from radiolucent.report.texts import texts


def blocks(study):
    return subgroups(Reading(study, texts("en")))


def test_every_group_has_its_line_with_n_and_small_ones_are_starred(studies):
    figure = next(block for block in blocks(studies["folds"]) if block.kind == "figure")
    assert "C *" in figure.drawings[0]
    assert "n 12" in figure.drawings[0]
    table = next(block for block in blocks(studies["folds"]) if block.kind == "table")
    assert len(table.rows) == 10
    assert table.rows[-1][-1].text == "fewer than 20 images of a class"


def test_without_groups_it_says_that_fairness_is_not_known(studies):
    [only] = blocks(studies["multiclass"])
    assert only.tone == "warn"
    assert "--group" in only.text


def test_a_table_against_the_label_copies_counts_and_shares_apart(studies):
    tables = [block for block in blocks(studies["folds"]) if block.kind == "table" and "and the label" in block.caption]
    assert [table.caption.split()[0] for table in tables] == ["sex", "view", "age"]
    assert all(len(cell.copies) == 2 for cell in tables[0].rows[0][1:])
    assert len(tables[0].head[1].copies) == 2


def test_groups_of_one_class_are_listed_without_a_chart(studies):
    found = blocks(studies["one class"])
    assert not any(block.kind == "figure" for block in found)
    assert any(block.kind == "table" for block in found)
