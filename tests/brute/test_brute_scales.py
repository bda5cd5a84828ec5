"""Reliability and the one-factor model against loops, statsmodels, and an optimiser that knows no gradient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.multivariate.factor import Factor

from hearback.stats.scales.index_scores import index_scores
from hearback.stats.scales.one_factor import GroupModel, fit_groups, fit_one_factor, moments
from hearback.stats.scales.reliability import alpha, alpha_bootstrap, item_analysis, omega

pytestmark = pytest.mark.brute

seeds = st.integers(0, 2**32 - 1)


def answers(seed: int, *, n: int = 80, p: int = 4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 3 + rng.normal(size=(n, 1)) * rng.uniform(0.5, 1.2, p) + rng.normal(size=(n, p)) * rng.uniform(0.4, 1, p)


@given(seeds)
def test_alpha_is_one_less_error_over_people_in_the_analysis_of_variance(seed) -> None:
    """Hoyt 1941: the table of people by items, mean squares by loops."""
    rows = answers(seed)
    n, p = rows.shape
    people, items, whole = rows.mean(axis=1), rows.mean(axis=0), rows.mean()
    between = p * sum((each - whole) ** 2 for each in people) / (n - 1)
    left = sum((rows[i, j] - people[i] - items[j] + whole) ** 2 for i in range(n) for j in range(p))
    error = left / ((n - 1) * (p - 1))
    found = alpha(rows)
    assert found.alpha == pytest.approx(1 - error / between)
    for end, ratio in ((found.low, 0.025), (found.high, 0.975)):
        f = (1 - found.alpha) / (1 - end)
        assert stats.f.cdf(f, (n - 1) * (p - 1), n - 1) == pytest.approx(ratio)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_the_bootstrap_draws_people_again_with_replacement(seed) -> None:
    rows = answers(seed, n=30)
    found = alpha_bootstrap(rows, rng=np.random.default_rng(seed), draws=200)
    rng, drawn = np.random.default_rng(seed), []
    for _ in range(200):
        times = rng.multinomial(30, np.full(30, 1 / 30))
        drawn.append(alpha(np.repeat(rows, times, axis=0)).alpha)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])))


@given(seeds)
def test_item_analysis_item_by_item(seed) -> None:
    rows = answers(seed)
    found = item_analysis(rows)
    for j in range(4):
        others = [k for k in range(4) if k != j]
        assert found.item_rest[j] == pytest.approx(stats.pearsonr(rows[:, j], rows[:, others].sum(axis=1)).statistic)
        assert found.alpha_if_dropped[j] == pytest.approx(alpha(rows[:, others]).alpha)


@given(seeds)
def test_scores_row_by_row(seed) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(1, 6, (20, 5)).astype(float)
    rows[rng.random((20, 5)) < 0.3] = np.nan
    rows[0] = 3
    found = index_scores(rows, low=1, high=5, reversed_items=[1, 4], least_answered=0.6, to_0_100=True)
    for i, row in enumerate(rows):
        given_ = [6 - x if j in (1, 4) else x for j, x in enumerate(row) if x == x]
        expected = 25 * (sum(given_) / len(given_) - 1) if len(given_) >= 3 else np.nan
        assert found.scores[i] == pytest.approx(expected, nan_ok=True)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_the_factor_is_that_of_statsmodels(seed) -> None:
    rows = answers(seed, n=200, p=5)
    found, spread = fit_one_factor(rows), rows.std(axis=0)
    twin = Factor(corr=np.corrcoef(rows, rowvar=False), n_factor=1, method="ml", nobs=200).fit()
    loadings = twin.loadings[:, 0] * np.sign(twin.loadings[:, 0].sum())
    np.testing.assert_allclose(found.loadings / spread, loadings, atol=2e-4)
    np.testing.assert_allclose(found.uniqueness / spread**2, twin.uniqueness, atol=4e-4)
    common = (loadings * spread).sum() ** 2
    assert omega(rows).omega == pytest.approx(common / (common + (twin.uniqueness * spread**2).sum()), abs=2e-4)


def likelihood_of(parts: list[np.ndarray], parameters: np.ndarray, *, tied: bool) -> float:
    """-2 log-likelihood of two groups, three items each, answer by answer: loadings and intercepts tied or not."""
    total, take = 0.0, iter(parameters)
    loadings = intercepts = np.zeros(3)
    for at, part in enumerate(parts):
        if at == 0 or not tied:
            loadings, intercepts = (np.array([next(take) for _ in range(3)]) for _ in range(2))
        unique = np.exp([next(take) for _ in range(3)])
        variance, mean = (np.exp(next(take)), next(take)) if at and tied else (1.0, 0.0)
        implied = variance * np.outer(loadings, loadings) + np.diag(unique)
        total -= 2 * stats.multivariate_normal(intercepts + loadings * mean, implied).logpdf(part).sum()
    return total


def saturated(parts: list[np.ndarray]) -> float:
    return sum(
        -2 * stats.multivariate_normal(part.mean(axis=0), np.cov(part.T, bias=True)).logpdf(part).sum()
        for part in parts
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tied", [False, True], ids=["nothing equal", "loadings and intercepts equal"])
def test_chi_square_is_a_likelihood_ratio_found_without_gradients(seed, tied) -> None:
    parts = [answers(seed, n=120, p=3), 0.4 + answers(seed + 50, n=150, p=3)]
    marks = np.full(3, tied)
    found = fit_groups([moments(part) for part in parts], equal_loadings=marks, equal_intercepts=marks)
    start = [0.8] * 3 + [3.0] * 3 + [-0.5] * 3
    start = start + ([-0.5] * 3 + [0.0, 0.0] if tied else start)
    twin = optimize.minimize(lambda x: likelihood_of(parts, x, tied=tied), start, method="BFGS", options={"gtol": 1e-4})
    assert found.fit.df == (4 if tied else 0)
    assert found.fit.chi_square == pytest.approx(twin.fun - saturated(parts), abs=1e-3)
    if tied:
        np.testing.assert_allclose(found.loadings[0], twin.x[:3], atol=2e-3)
        assert (found.factor_variance[1], found.factor_mean[1]) == pytest.approx(
            (np.exp(twin.x[-2]), twin.x[-1]), abs=5e-3
        )


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_fit_indices_follow_from_the_two_chi_squares(seed) -> None:
    parts = [answers(seed, p=5), answers(seed + 1, n=120, p=5)]
    everything = np.ones(5, dtype=bool)
    found = fit_groups([moments(part) for part in parts], equal_loadings=everything, equal_intercepts=everything)
    unrelated = sum(-len(part) * np.linalg.slogdet(np.corrcoef(part.T))[1] for part in parts)
    fit = found.fit
    assert fit.df == 2 * 20 - (5 + 5 + 10 + 1 + 1)
    excess = max(fit.chi_square - fit.df, 0)
    assert fit.cfi == pytest.approx(1 - excess / max(unrelated - 20, excess))
    assert fit.rmsea == pytest.approx(np.sqrt(2 * excess / (fit.df * 200)))


@settings(max_examples=15, deadline=None)
@given(seed=seeds, factor=st.floats(0.1, 50), shift=st.floats(-5, 5))
def test_fit_does_not_depend_on_the_units_of_the_answers(seed, factor, shift) -> None:
    parts = [answers(seed), answers(seed + 1)]
    marks = np.array([True, True, True, False])

    def fitted(rows: list[np.ndarray]) -> GroupModel:
        return fit_groups([moments(each) for each in rows], equal_loadings=marks, equal_intercepts=marks)

    plain, other = fitted(parts), fitted([factor * part + shift for part in parts])
    assert other.fit.chi_square == pytest.approx(plain.fit.chi_square, rel=1e-5, abs=1e-5)
    np.testing.assert_allclose(other.loadings, factor * plain.loadings, rtol=1e-3)
