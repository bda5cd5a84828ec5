"""The parts of the simulation against slow twins: scores by counting, posteriors by matrix inverses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from hearback.stats.index_definition import IndexDefinition, Indicator, Theme
from hearback.stats.index_uncertainty import _scores, _share_in_top_tenth, weight_sensitivity
from hearback.stats.need_index import compute_index
from hearback.stats.vector_shrinkage import _posterior, plausible_truths

pytestmark = pytest.mark.brute

THEMES = (
    Theme("One", (Indicator("A", "A", "a", "high"), Indicator("B", "B", "b", "low"))),
    Theme("Two", (Indicator("C", "C", "c", "high"),)),
)
INDEX = IndexDefinition("small", "Small", "invented", THEMES)

tables = st.integers(2, 9).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=n, max_size=n)
)


@settings(deadline=None)
@given(tables)
def test_a_score_is_the_sum_of_shares_below(rows) -> None:
    table = np.array(rows, dtype=float)
    n = len(rows)
    slow = []
    for i in range(n):
        a, b, c = (sum(rows[j][k] < rows[i][k] for j in range(n)) / (n - 1) for k in range(3))
        slow.append(a + (1 - b) + c)
    np.testing.assert_allclose(_scores(np.stack([table, table[::-1]]), INDEX), [slow, slow[::-1]], atol=1e-12)


@settings(deadline=None)
@given(tables)
def test_leaving_out_is_computing_the_smaller_index_anew(rows) -> None:
    columns = dict(zip("abc", np.array(rows, dtype=float).T, strict=True))
    indices = [compute_index(columns, INDEX)]
    for left_out in "ABC":
        themes = [replace(t, indicators=tuple(i for i in t.indicators if i.id != left_out)) for t in THEMES]
        indices.append(compute_index(columns, replace(INDEX, themes=tuple(t for t in themes if t.indicators))))
    ranks = [[1 + sum(other > one for other in index.overall_sum) for one in index.overall_sum] for index in indices]
    found = weight_sensitivity(columns, INDEX)
    np.testing.assert_array_equal(found.rank, ranks[0])
    np.testing.assert_array_equal(found.rank_low, np.min(ranks, axis=0))
    np.testing.assert_array_equal(found.rank_high, np.max(ranks, axis=0))


@settings(deadline=None)
@given(n=st.integers(2, 43), seed=st.integers(0, 99))
def test_the_top_tenth_is_what_the_cdc_flags(n: int, seed: int) -> None:
    scores = np.random.default_rng(seed).permuted(np.tile(np.arange(float(n)), (7, 1)), axis=1)
    slow = [[sum(y < x for y in draw) >= 0.9 * (n - 1) - 1e-9 for x in draw] for draw in scores]
    np.testing.assert_allclose(_share_in_top_tenth(scores), np.mean(slow, axis=0))


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_the_posterior_is_that_of_the_textbook(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z, noise, centre = rng.normal(size=(5, 3)), rng.uniform(0.1, 2, (5, 3)), rng.normal(size=3)
    root = rng.normal(size=(3, 3))
    between = root @ root.T + 0.1 * np.eye(3)
    means, covariances = _posterior(z, noise, centre, between)
    for i in range(5):
        precision = np.linalg.inv(between) + np.diag(1 / noise[i])
        mean = np.linalg.solve(precision, np.linalg.solve(between, centre) + z[i] / noise[i])
        np.testing.assert_allclose(covariances[i], np.linalg.inv(precision), atol=1e-6)
        np.testing.assert_allclose(means[i], mean, atol=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_one_indicator_is_shrunk_as_maximum_likelihood_demands(seed: int) -> None:
    rng = np.random.default_rng(seed)
    se = rng.uniform(0.2, 1.0, 60)
    x = rng.normal(size=60) + se * rng.normal(size=60)

    def unlikelihood(parameters):
        level, slope, log_between = parameters
        return -stats.norm.logpdf(x, level + slope * np.log(se), np.sqrt(np.exp(log_between) + se**2)).sum()

    level, slope, log_between = optimize.minimize(unlikelihood, [0.0, 0.0, 0.0], method="BFGS").x
    centre = level + slope * np.log(se)
    kept = np.exp(log_between) / (np.exp(log_between) + se**2)
    found = plausible_truths(x[:, None], se[:, None])
    np.testing.assert_allclose(found.means[:, 0], centre + kept * (x - centre), atol=0.005)
    np.testing.assert_allclose(np.abs(found.roots[:, 0, 0]), np.sqrt(kept) * se, atol=0.005)


def test_draws_have_the_mean_and_covariance_they_promise() -> None:
    rng = np.random.default_rng(2)
    found = plausible_truths(rng.normal(size=(12, 3)), np.full((12, 3), 0.5))
    drawn = found.draw(draws=40_000, rng=rng)
    np.testing.assert_allclose(drawn.mean(axis=0), found.means, atol=0.02)
    np.testing.assert_allclose(np.cov(drawn[:, 4].T), found.roots[4] @ found.roots[4].T, atol=0.01)


def test_two_areas_are_not_explained_away_by_how_badly_they_are_measured() -> None:
    se = np.array([[0.1], [0.4]])
    drawn = plausible_truths(np.array([[1.0], [5.0]]), se).draw(draws=4000, rng=np.random.default_rng(4))
    np.testing.assert_allclose(drawn.std(axis=0), se, rtol=0.1)


def test_an_estimate_without_error_is_its_own_truth() -> None:
    rng = np.random.default_rng(3)
    x, se = rng.normal(size=(9, 2)), np.full((9, 2), 0.7)
    se[4, 1] = 0
    drawn = plausible_truths(x, se).draw(draws=50, rng=rng)
    assert (drawn[:, 4, 1] == x[4, 1]).all()
    assert drawn[:, 4, 0].std() > 0.1
