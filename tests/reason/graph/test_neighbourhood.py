"""What stands around a node."""

from radiolucent.reason.graph import link
from radiolucent.reason.graph.neighbourhood import neighbourhood


def test_edges_go_both_ways_and_name_their_source():
    around = neighbourhood(link("atelectasis")[0])
    assert {(edge.relation, edge.outgoing) for edge in around.edges} >= {
        ("rl:explainedBy", True),
        ("rl:explainedBy", False),
    }
    assert all(edge.source.startswith("source:") for edge in around.edges)


def test_a_node_stands_once_for_each_relation_and_source():
    around = neighbourhood(link("pleural effusion")[0])
    places = [(edge.relation, edge.outgoing, edge.node, edge.source) for edge in around.edges]
    assert len(places) == len(set(places))


def test_names_have_their_language_and_values_their_relation():
    around = neighbourhood(link("Fleischner")[0])
    assert {language for _, language, _ in around.names} == {"en", "zh"}
    assert dict(around.values)["rl:version"] == "2017"
