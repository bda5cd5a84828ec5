"""How often rank ranges hold for all areas together, in invented worlds where the true ranks are known."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.rank_ranges import (
    cannot_separate,
    joint_rank_ranges,
    pairwise_rank_ranges,
    rank_ranges_from_draws,
)
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

WORLDS = 2000 if FULL_SIMULATIONS else 200
AREAS = 15
LEVEL = 0.90
NOISE = 4 * np.sqrt(LEVEL * (1 - LEVEL) / WORLDS)
"""Four standard errors of a coverage near the level."""

TRUTHS = {
    "all alike": np.zeros(AREAS),
    "five tied groups": np.repeat(np.arange(5.0), 3),
    "all different": np.arange(AREAS) * 0.5,
}


def intervals(x, se, rng):
    return joint_rank_ranges(x, se, level=LEVEL)


def bootstrap(x, se, rng):
    return pairwise_rank_ranges(x, se, level=LEVEL, draws=99, rng=rng)


def from_few_draws(x, se, rng):
    return rank_ranges_from_draws(x, rng.normal(size=(49, AREAS)) * se, level=LEVEL, largest_first=False)


def each_alone(x, se, rng):
    return pairwise_rank_ranges(x, se, level=LEVEL, method="bonferroni_each")


def simulate(ranges_of, truth, *, seed):
    """Whether all true rank sets were covered, world by world, and from how many others an area was not told apart."""
    rng = np.random.default_rng(seed)
    best = 1 + (truth < truth[:, None]).sum(axis=1)
    worst = AREAS - (truth > truth[:, None]).sum(axis=1)
    covered, width = [], []
    for _ in range(WORLDS):
        se = rng.uniform(0.1, 0.5, AREAS)
        ranges = ranges_of(truth + rng.normal(size=AREAS) * se, se, rng)
        covered.append(bool(((ranges.low <= best) & (worst <= ranges.high)).all()))
        width.append(cannot_separate(ranges).mean())
    return np.mean(covered), np.mean(width)


@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize("method", [intervals, bootstrap, from_few_draws])
def test_all_true_ranks_and_all_ranks_of_ties_are_covered_together(method, truth):
    covered, _ = simulate(method, TRUTHS[truth], seed=41)
    assert covered >= LEVEL - NOISE


@pytest.mark.parametrize("method", [bootstrap, from_few_draws])
def test_where_all_areas_are_alike_the_level_is_met_and_not_exceeded(method):
    covered, _ = simulate(method, TRUTHS["all alike"], seed=42)
    assert abs(covered - LEVEL) <= NOISE


def test_ranges_that_hold_for_one_area_each_do_not_hold_together():
    covered, _ = simulate(each_alone, TRUTHS["all alike"], seed=43)
    assert covered < LEVEL - NOISE


def test_pairwise_ranges_tell_more_apart_than_intervals_do():
    _, by_pairs = simulate(bootstrap, TRUTHS["all different"], seed=44)
    _, by_intervals = simulate(intervals, TRUTHS["all different"], seed=44)
    assert by_pairs < 0.9 * by_intervals
    assert by_pairs < AREAS / 3


def test_errors_that_areas_share_are_known_from_the_draws_and_cost_nothing():
    rng = np.random.default_rng(45)
    truth = TRUTHS["five tied groups"]
    covered, width = [], []
    best, worst = 1 + 3 * truth, 3 + 3 * truth
    for _ in range(WORLDS):
        mixing = np.eye(AREAS) * 0.3 + rng.normal(size=(AREAS, 1)) * 0.02 + 5
        one, draws = mixing @ rng.normal(size=AREAS), rng.normal(size=(99, AREAS)) @ mixing.T
        ranges = rank_ranges_from_draws(truth + one, draws, level=LEVEL, largest_first=False)
        covered.append(bool(((ranges.low <= best) & (worst <= ranges.high)).all()))
        width.append(cannot_separate(ranges).mean())
    assert np.mean(covered) >= LEVEL - NOISE
    assert np.mean(width) < AREAS / 2
