"""Rank ranges against twins that visit every pair of every draw, one after the other."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.stats.pairwise_max import largest_differences
from hearback.stats.rank_ranges import (
    cannot_separate,
    joint_rank_ranges,
    pairwise_rank_ranges,
    rank_ranges_from_draws,
)
from hearback.stats.sampling_errors import correlated_errors, errors_of_draws, independent_errors

pytestmark = pytest.mark.brute

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 12)

NOTHING_VARIES = 1e5
"""Where all other draws agree on a pair, the one that does not is infinitely many standard deviations away."""


def invented_draws(kind, n, R, rng):
    """Errors of every sort that real estimates show."""
    own = rng.normal(size=(R, n)) * np.exp(rng.normal(size=n))
    if kind == "common shock":
        return own + 30 * rng.normal(size=(R, 1))
    if kind == "factors":
        return 0.1 * own + rng.normal(size=(R, 2)) @ rng.normal(size=(2, n))
    if kind == "heavy tails":
        return own**3
    if kind == "ranks":
        return np.argsort(np.argsort(own + rng.normal(size=n), axis=1), axis=1).astype(float)
    if kind == "neighbours":
        return own.cumsum(axis=1)
    if kind == "copies":
        return own[:, rng.integers(0, max(1, n // 2), size=n)] + rng.random(n)
    if kind == "nearly copies":
        return own[:, rng.integers(0, max(1, n // 2), size=n)] + 1e-6 * own
    if kind == "some known":
        return 0.1 + own * (rng.random(n) < 0.5)
    return own


kinds = st.sampled_from(
    [
        "independent",
        "common shock",
        "factors",
        "heavy tails",
        "ranks",
        "neighbours",
        "copies",
        "nearly copies",
        "some known",
    ]
)


def sd_of_differences(draws):
    """Zero where only rounding is left of a difference."""
    n = draws.shape[1]
    sd = np.array([[np.std(draws[:, i] - draws[:, j], ddof=1) for j in range(n)] for i in range(n)])
    return np.where(sd > 1e-12 * np.abs(draws).max(), sd, 0)


def ranges_by_steps(x, sd, critical):
    """Low and high of every area, by testing every ordered pair until no new one is found to differ."""
    n = len(x)
    pairs = [(i, j) for i in range(n) for j in range(n) if sd[i, j] > 0]
    above = {(i, j) for i in range(n) for j in range(n) if sd[i, j] == 0 and x[i] > x[j]}
    value, found = 0.0, {None}
    while pairs and found:
        value = critical(pairs)
        found = {(i, j) for i, j in pairs if x[i] - x[j] > value * sd[i, j]}
        above |= found
        pairs = [pair for pair in pairs if pair not in found]
    low = [1 + sum(i == k for i, _ in above) for k in range(n)]
    high = [n - sum(j == k for _, j in above) for k in range(n)]
    return low, high, value


def order_statistic(values, level):
    return sorted(values)[math.ceil(level * (len(values) + 1) - 1e-9) - 1]


@settings(deadline=None, max_examples=60)
@given(seeds, sizes, kinds, st.booleans())
def test_ranges_from_draws_equal_a_loop_that_leaves_each_draw_out(seed, n, kind, largest_first):
    rng = np.random.default_rng(seed)
    R, level = int(rng.integers(12, 40)), rng.choice([0.6, 0.8, 0.9])
    draws = invented_draws(kind, n, R, rng)
    x = rng.normal(size=n) * 3 * draws.std()
    sign = -1 if largest_first else 1

    def critical(pairs):
        largest = []
        for r in range(R):
            others = np.delete(sign * draws, r, axis=0)
            value = 0.0
            for i, j in pairs:
                rest, one = others[:, i] - others[:, j], sign * (draws[r, i] - draws[r, j])
                spread = max(np.std(rest, ddof=1), 1e-200)
                value = max(value, (one - rest.mean()) / (spread * math.sqrt(R / (R - 1))))
            largest.append(value)
        return order_statistic(largest, level)

    low, high, value = ranges_by_steps(sign * x, sd_of_differences(draws), critical)
    ranges = rank_ranges_from_draws(x, draws, level=level, largest_first=largest_first)
    assert min(ranges.critical_value, NOTHING_VARIES) == pytest.approx(min(value, NOTHING_VARIES), rel=1e-7)
    assert ranges.low.tolist() == low
    assert ranges.high.tolist() == high


def all_quotients(errors, compared):
    """Every (e_i − e_j) / sd_ij of every draw, 0 where a pair is not compared."""
    differences = errors.draws[:, :, None] - errors.draws[:, None, :]
    where = np.broadcast_to(compared, differences.shape)
    return np.divide(differences, errors.pair_sd, where=where, out=np.zeros_like(differences))


@settings(deadline=None, max_examples=40)
@given(seeds, st.sampled_from([30, 150]), kinds, st.booleans(), st.sampled_from([0.1, 0.6, 1.0]))
def test_largest_differences_of_many_areas_equal_those_over_all_pairs(seed, n, kind, from_covariance, share):
    rng = np.random.default_rng(seed)
    draws = invented_draws(kind, n, 40, rng)
    covariance = np.cov(draws.T) if from_covariance else None
    errors = correlated_errors(covariance, draws=40, rng=rng) if from_covariance else errors_of_draws(draws)
    compared = (errors.pair_sd > 0) & (rng.random((n, n)) < share)
    some = rng.permutation(40)[:25]
    expected = all_quotients(errors, compared)[some].max(axis=(1, 2))
    assert largest_differences(errors, compared, at=some) == pytest.approx(expected, rel=1e-13)


@settings(deadline=None, max_examples=30)
@given(seeds, sizes, st.booleans())
def test_the_parametric_bootstrap_equals_a_loop_over_the_same_errors(seed, n, correlated):
    rng = np.random.default_rng(seed)
    se = rng.uniform(0.1, 1, n) * (rng.random(n) < 0.9)
    x = rng.normal(size=n) * 2
    factor = rng.normal(size=(n, 2)) * se[:, None] if correlated else np.zeros((n, 1))
    covariance = np.diag(se**2) + factor @ factor.T
    simulate, spread = (correlated_errors, covariance) if correlated else (independent_errors, se)
    errors = simulate(spread, draws=30, rng=np.random.default_rng(seed)).draws
    contrasts = np.eye(n)[:, None] - np.eye(n)
    sd = np.sqrt(np.einsum("ijk,kl,ijl->ij", contrasts, covariance, contrasts).round(14))

    def critical(pairs):
        return order_statistic([max(0, *((e[i] - e[j]) / sd[i, j] for i, j in pairs)) for e in errors], 0.9)

    low, high, value = ranges_by_steps(x, sd, critical)
    ranges = pairwise_rank_ranges(x, spread, draws=30, rng=np.random.default_rng(seed))
    assert ranges.critical_value == pytest.approx(value, rel=1e-9)
    assert ranges.low.tolist() == low
    assert ranges.high.tolist() == high


@settings(deadline=None)
@given(seeds, sizes)
def test_pairwise_bonferroni_equals_holm_over_all_ordered_pairs(seed, n):
    rng = np.random.default_rng(seed)
    x, se = rng.normal(size=n).round(1), rng.choice([0, 0.2, 0.3], size=n)
    low, high, value = ranges_by_steps(
        x, np.hypot(se[:, None], se) * (1 - np.eye(n)), lambda pairs: NormalDist().inv_cdf(1 - 0.1 / len(pairs))
    )
    ranges = pairwise_rank_ranges(x, se, method="bonferroni")
    assert ranges.critical_value == pytest.approx(value, rel=1e-9)
    assert ranges.low.tolist() == low
    assert ranges.high.tolist() == high


@settings(deadline=None)
@given(seeds, sizes, st.sampled_from(["independence", "bonferroni", "none"]), st.booleans())
def test_ranges_from_intervals_equal_a_loop_over_all_pairs(seed, n, correction, largest_first):
    rng = np.random.default_rng(seed)
    x, se = rng.normal(size=n).round(1), rng.choice([0, 0.03, 0.5], size=n)
    inside = {"independence": 0.9 ** (1 / n), "bonferroni": 1 - 0.1 / n, "none": 0.9}[correction]
    z = NormalDist().inv_cdf((1 + inside) / 2)
    before = [[j for j in range(n) if x[j] < x[i] and x[j] + z * se[j] <= x[i] - z * se[i]] for i in range(n)]
    behind = [[j for j in range(n) if x[j] > x[i] and x[j] - z * se[j] >= x[i] + z * se[i]] for i in range(n)]
    first, last = (behind, before) if largest_first else (before, behind)
    ranges = joint_rank_ranges(x, se, correction=correction, largest_first=largest_first)
    assert ranges.critical_value == pytest.approx(z, rel=1e-12)
    assert ranges.low.tolist() == [1 + len(surely) for surely in first]
    assert ranges.high.tolist() == [n - len(surely) for surely in last]
    assert cannot_separate(ranges).tolist() == [n - 1 - len(a) - len(b) for a, b in zip(first, last, strict=True)]
