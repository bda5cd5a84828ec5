"""Without a pattern the tests of Moran, Geary, Gi and Gi* err as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from example_maps import chessboard
from hearback.stats.autocorrelation import geary, local_moran, moran
from hearback.stats.getis_ord import gi, gi_star, permutation_p
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation
WORLDS = 2000 if FULL_SIMULATIONS else 200


def near_five_percent(hits: int, tries: int) -> bool:
    """Whether so many hits fit a chance of 5 % at the 99.9 % level."""
    low, high = stats.binom.ppf([0.0005, 0.9995], tries, 0.05)
    return bool(low <= hits <= high)


@pytest.mark.parametrize("statistic", [moran, geary])
def test_global_tests_hold_their_level(statistic) -> None:
    rng, weights = np.random.default_rng(40), chessboard(10).row_standardised()
    p = [statistic(rng.exponential(size=100), weights).p_two_sided for _ in range(WORLDS)]
    assert near_five_percent(sum(x <= 0.05 for x in p), WORLDS)


@pytest.mark.parametrize("statistic", [gi, gi_star, local_moran])
def test_local_tests_of_a_single_area_hold_their_level(statistic) -> None:
    rng, weights = np.random.default_rng(41), chessboard(10)
    p = [statistic(rng.normal(size=100), weights).p_two_sided[44] for _ in range(WORLDS)]
    assert near_five_percent(sum(x <= 0.05 for x in p), WORLDS)


@pytest.mark.parametrize("conditional", [True, False])
def test_permutation_p_values_hold_their_level_for_skewed_values(conditional) -> None:
    rng, weights = np.random.default_rng(42), chessboard(7)
    p = [
        permutation_p(rng.lognormal(0, 1.5, 49), weights, permutations=199, rng=rng, conditional=conditional).p_upper[
            24
        ]
        for _ in range(WORLDS)
    ]
    assert near_five_percent(sum(x <= 0.05 for x in p), WORLDS)


def test_likeness_of_neighbours_is_found() -> None:
    rng, weights = np.random.default_rng(43), chessboard(10)
    alike = weights.with_self().row_standardised().matrix @ rng.normal(size=100)
    assert moran(alike, weights).p_clustered < 0.001
    assert geary(alike, weights).p_clustered < 0.001
