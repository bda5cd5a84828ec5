"""Gi* and its permutations in the corners: no variance, islands, too few draws, and draws in several blocks."""

from __future__ import annotations

import numpy as np
import pytest

from example_maps import chessboard
from hearback.stats import getis_ord
from hearback.stats.autocorrelation import geary, moran
from hearback.stats.getis_ord import gi, gi_star, permutation_p, permutations_needed
from hearback.stats.spatial_weights import SpatialWeights, from_edges

EVERYBODY = SpatialWeights(np.ones((5, 5))).without_self()


@pytest.mark.parametrize("statistic", [gi, gi_star])
def test_equal_values_stand_out_nowhere(statistic) -> None:
    found = statistic(np.full(16, 0.1), chessboard(4))
    assert (found.z == 0).all()
    assert (found.p_two_sided == 1).all()


def test_one_odd_value_does_not_stand_out_among_its_equal_others() -> None:
    values = np.full(16, 0.1)
    values[5] = 0.3
    assert gi(values, chessboard(4)).z[5] == 0


def test_where_everybody_is_everybodys_neighbour_nothing_can_be_found() -> None:
    values = np.array([1, 2, 3, 4, 50.0])
    assert gi(values, EVERYBODY).z.tolist() == [0] * 5
    assert gi_star(values, EVERYBODY).z.tolist() == [0] * 5
    assert moran(values, EVERYBODY).z == 0
    assert geary(values, EVERYBODY).z == 0
    assert permutation_p(values, EVERYBODY, rng=np.random.default_rng(1)).p_two_sided.tolist() == [1] * 5


def test_an_island_has_gi_star_by_itself_and_no_gi() -> None:
    weights, values = from_edges([[0, 1], [1, 0], [1, 2], [2, 1]], n=4), [1.0, 2, 3, 9]
    assert np.isnan(gi(values, weights).z).tolist() == [False, False, False, True]
    assert gi_star(values, weights).z[3] == pytest.approx((9 - 3.75) / np.std(values))
    p = permutation_p(values, weights, rng=np.random.default_rng(1))
    assert np.isnan(p.p_upper).tolist() == [False, False, False, True]


@pytest.mark.parametrize(("n", "needed"), [(4000, 159_999), (1, 39), (49, 1959), (3, 119)])
def test_the_fewest_permutations_reach_the_bar_for_one_area(n, needed) -> None:
    assert permutations_needed(n, level=0.05) == needed
    assert 2 / (needed + 1) <= 0.05 / n * (1 + 1e-12)


def test_too_few_permutations_say_so() -> None:
    values = np.random.default_rng(3).normal(size=64)
    few = permutation_p(values, chessboard(8), permutations=999, rng=np.random.default_rng(1))
    enough = permutation_p(values, chessboard(8), permutations=2559, rng=np.random.default_rng(1))
    assert few.floor_p == pytest.approx(0.002)
    assert not few.enough_for_fdr()
    assert few.enough_for_fdr(level=0.2)
    assert enough.enough_for_fdr()


def test_a_floor_is_reached_where_no_draw_is_as_extreme() -> None:
    values = np.zeros(100)
    values[[33, 34, 35, 43, 44, 45, 53, 54, 55]] = 1
    found = permutation_p(values, chessboard(10), permutations=999, rng=np.random.default_rng(1))
    assert found.p_two_sided[44] == found.floor_p


def test_draws_in_several_blocks_are_as_many_and_as_random(monkeypatch) -> None:
    monkeypatch.setattr(getis_ord, "POOL", 7 * 64)
    values = np.random.default_rng(3).normal(size=64)
    blocks = permutation_p(values, chessboard(8), permutations=4000, rng=np.random.default_rng(1))
    monkeypatch.undo()
    at_once = permutation_p(values, chessboard(8), permutations=4000, rng=np.random.default_rng(1))
    assert np.abs(blocks.p_upper - at_once.p_upper).max() < 5 * np.sqrt(2 * 0.25 / 4000)
    assert (blocks.p_upper != at_once.p_upper).any()


def test_the_same_seed_gives_the_same_p_values() -> None:
    values = np.random.default_rng(3).normal(size=64)
    one, other = (permutation_p(values, chessboard(8), rng=np.random.default_rng(5)).p_upper for _ in range(2))
    np.testing.assert_array_equal(one, other)
