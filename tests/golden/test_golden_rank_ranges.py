"""Rank ranges of commuting times in 51 states (ACS 2011), against R's RankingProject and the pairwise definition."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hearback.stats.rank_ranges import cannot_separate, joint_rank_ranges, pairwise_rank_ranges
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]


@pytest.fixture(scope="module")
def golden():
    ranks = json.loads((SHARED / "golden" / "area_ranks.json").read_text())
    return ranks["rank_traveltime"], ranks["rank_traveltime_pairwise_bonf95"]


@pytest.mark.parametrize(
    ("name", "level", "correction"),
    [
        ("joint90_independence", 0.90, "independence"),
        ("joint90_bonferroni", 0.90, "bonferroni"),
        ("joint95_bonferroni", 0.95, "bonferroni"),
        ("marginal90_uncorrected", 0.90, "none"),
    ],
)
def test_ranges_from_intervals_are_those_of_klein_wright_and_wieczorek(golden, name, level, correction):
    times, _ = golden
    ranges = joint_rank_ranges(times["estimate"], times["se"], level=level, correction=correction)
    assert ranges.rank.tolist() == times["rank"]
    assert ranges.low.tolist() == times[name]["rank_lo"]
    assert ranges.high.tolist() == times[name]["rank_hi"]
    assert ranges.critical_value == pytest.approx(times[name]["q"], rel=1e-12)


def test_pairwise_ranges_of_single_states_are_those_published_though_they_do_not_hold_together(golden):
    times, pairwise = golden
    ranges = pairwise_rank_ranges(times["estimate"], times["se"], level=0.95, method="bonferroni_each")
    assert ranges.low.tolist() == pairwise["rank_lo"]
    assert ranges.high.tolist() == pairwise["rank_hi"]
    assert ranges.critical_value == pytest.approx(pairwise["q"], rel=1e-12)


def test_ranks_from_the_largest_are_the_mirror_image(golden):
    times, _ = golden
    smallest = joint_rank_ranges(times["estimate"], times["se"])
    largest = joint_rank_ranges(times["estimate"], times["se"], largest_first=True)
    n = len(times["se"])
    assert largest.low.tolist() == (n + 1 - smallest.high).tolist()
    assert largest.high.tolist() == (n + 1 - smallest.low).tolist()


def test_pairwise_bootstrap_lies_within_bonferroni_and_mostly_within_intervals(golden):
    times, _ = golden
    rng = np.random.default_rng(20)
    bootstrap = pairwise_rank_ranges(times["estimate"], times["se"], rng=rng)
    bonferroni = pairwise_rank_ranges(times["estimate"], times["se"], method="bonferroni", step_down=False)
    intervals = joint_rank_ranges(times["estimate"], times["se"])
    assert (bootstrap.low >= bonferroni.low).all()
    assert (bootstrap.high <= bonferroni.high).all()
    assert cannot_separate(bootstrap).mean() < cannot_separate(intervals).mean()
