"""Spatial weights keep their promises: islands are known, scaling changes no neighbour, maps can be broken."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import box

from hearback.stats.spatial_weights import SpatialWeights, contiguity, from_edges, k_nearest

LINE = from_edges([[0, 1], [1, 0], [1, 2], [2, 1]], n=4)


def test_an_area_without_neighbours_is_an_island_even_as_its_own_neighbour() -> None:
    assert LINE.islands == (3,)
    assert LINE.with_self().islands == (3,)
    assert LINE.neighbour_counts.tolist() == [1, 2, 1, 0]
    assert LINE.with_self().neighbour_counts.tolist() == [1, 2, 1, 0]


def test_rows_sum_to_one_but_those_of_islands() -> None:
    standardised = LINE.row_standardised()
    assert standardised.matrix.sum(axis=1).tolist() == [1, 1, 1, 0]
    assert standardised.matrix.toarray()[1].tolist() == [0.5, 0, 0.5, 0]


def test_an_area_weighs_as_much_as_its_heaviest_neighbour() -> None:
    weights = SpatialWeights(np.array([[0, 0.2, 0.8], [0.5, 0.1, 0.4], [0, 0, 0]]))
    assert weights.with_self().matrix.diagonal().tolist() == [0.8, 0.1, 1]
    assert weights.without_self().matrix.diagonal().tolist() == [0, 0, 0]


def test_standardising_by_row_and_adding_self_commute_up_to_the_scale_of_rows() -> None:
    one_way = LINE.row_standardised().with_self().row_standardised().matrix.toarray()
    np.testing.assert_allclose(one_way, LINE.with_self().row_standardised().matrix.toarray())


def test_leaving_an_area_out_can_make_an_island() -> None:
    assert LINE.among(np.array([True, False, True, True])).islands == (0, 1, 2)
    assert LINE.among(np.array([True, True, False, True])).islands == (2,)


def test_repeated_pairs_count_once_and_explicit_zeros_not_at_all() -> None:
    assert from_edges([[0, 1], [0, 1]], n=2).matrix.toarray().tolist() == [[0, 1], [0, 0]]
    assert SpatialWeights(np.zeros((2, 2))).islands == (0, 1)


def test_weights_share_no_memory_with_what_they_were_made_of() -> None:
    given = np.array([[0.0, 1.0], [1.0, 0.0]])
    weights = SpatialWeights(given)
    given[0, 1] = 5
    assert weights.matrix[0, 1] == 1


@pytest.mark.parametrize(("gap", "touching"), [(0.0, True), (4e-7, True), (-4e-7, True), (1e-3, False)])
@pytest.mark.parametrize("rule", ["queen", "rook"])
def test_borders_rounded_apart_still_meet_but_a_gap_does_not(rule, gap, touching) -> None:
    found = contiguity([box(0, 0, 1, 1), box(1 + gap, 0, 2, 1)], rule=rule)
    assert found.islands == (() if touching else (0, 1))


def test_a_wider_snap_closes_a_wider_gap() -> None:
    apart = [box(0, 0, 1, 1), box(1.001, 0, 2, 1)]
    assert contiguity(apart, snap=0.01).islands == ()


def test_neighbours_need_no_shared_corner() -> None:
    """A long side against two short ones: no vertex of the long side lies between them."""
    found = contiguity([box(0, 0, 1, 2), box(1, 0.3, 2, 1), box(1, 1, 2, 1.7)], rule="rook")
    assert found.neighbour_counts.tolist() == [2, 2, 2]


def test_points_in_one_place_are_neighbours_of_each_other_not_of_themselves() -> None:
    found = k_nearest([[0, 0]] * 4 + [[9, 9]], k=2)
    assert found.neighbour_counts.tolist() == [2] * 5
    assert not found.matrix.diagonal().any()
