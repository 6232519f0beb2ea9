from radiolucent.report.reading import Reading
from radiolucent.report.sections.leaks import leaks
from radiolucent.report.texts import texts


def blocks(study):
    return leaks(Reading(study, texts("en")))


def test_figures_with_and_without_twins_stand_side_by_side(studies):
    found = blocks(studies["official"])
    table = found[-1]
    assert [cell.text for cell in table.head[2:]] == ["All test rows", "Without twins"]
    assert len(table.rows) == 9  # three candidates, three measures
    assert any(block.kind == "figure" for block in found)


def test_pairs_of_pictures_stand_here_and_single_cases_do_not(studies):
    kinds = [block.gallery.kind for block in blocks(studies["folds"]) if block.kind == "pictures"]
    assert kinds == ["twins", "conflicts"]


def test_no_leak_is_claimed_only_where_it_was_looked_for(studies):
    def said(kind):
        return " ".join(block.text for block in blocks(studies[kind]) if block.kind == "prose")

    assert "No patient, picture or twin was found" in said("clean")
    assert "No patient" not in said("evaluate")
