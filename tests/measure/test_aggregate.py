import pytest

from radiolucent.measure.aggregate import average, edges, moves


@pytest.mark.parametrize(("aggregation", "n"), [("2d", 8), ("2.5d", 8), ("3d", 26)])
def test_neighbours_lie_in_the_slice_or_in_space(aggregation, n):
    assert len(moves(aggregation)) == n
    assert len(moves(aggregation, half=True)) == n / 2
    assert len(edges(aggregation)) == (3 if n == 26 else 2)


def test_half_of_the_moves_and_their_opposites_are_all():
    half = {tuple(move) for move in moves("3d", half=True).tolist()}
    assert half | {tuple(-x for x in move) for move in half} == {tuple(move) for move in moves("3d").tolist()}


def test_a_feature_is_averaged_over_the_matrices_that_have_it():
    assert average([{"a": 1.0, "b": 2.0}, {"a": 3.0}]) == {"a": 2.0, "b": 2.0}
