"""The page of one node."""

from radiolucent.report.neighbourhood import SHOWN, Statement, Subject, answer_table, neighbourhood_page

SOURCES = {"source:own": ("ours", "Apache-2.0"), "source:other": ("theirs", "MIT")}


def subject(name="a finding"):
    return Subject(name, "Finding", "term:a", {"zh": ["甲"]}, [("rl:unit", "mm")])


def statements(n, outgoing=True):
    return [
        Statement("rl:explainedBy", outgoing, f"term:c{k}", f"cause {k}", "Condition", "source:own") for k in range(n)
    ]


def test_statements_stand_in_the_picture_and_in_the_table_with_their_sources():
    page = neighbourhood_page(subject(), statements(3), SOURCES, version="1")
    assert page.count("cause 2") >= 3  # wide and narrow picture, table
    assert "can be explained by" in page
    assert "Apache-2.0" in page
    assert "MIT" not in page, "a source that says nothing here is not listed"
    assert "In Chinese: 甲." in page
    assert "Unit: mm." in page


def test_a_long_group_is_cut_in_the_picture_and_whole_in_the_table():
    page = neighbourhood_page(subject(), statements(SHOWN + 5), SOURCES, version="1")
    assert "and 5 more, in the table" in page
    assert page.count(f"cause {SHOWN + 4}") == 1


def test_a_node_of_which_nothing_is_said_has_no_picture():
    page = neighbourhood_page(subject(), [], SOURCES, version="1")
    assert "No statement joins a finding" in page
    assert "<svg" not in page


def test_an_answer_stands_first_and_names_are_escaped():
    page = neighbourhood_page(
        subject("<b>"),
        statements(1, outgoing=False),
        SOURCES,
        answer=answer_table("asked", ["x"], [["<i>"]]),
        version="1",
    )
    assert "<b>" not in page
    assert "&lt;i&gt;" in page
    assert page.index("What was asked") < page.index("What stands around it")
    assert "can explain" in page
