"""The Fay–Herriot model against a generic optimiser, a bootstrap of its mean squared error, and an integral."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from hearback.stats.small_area.fay_herriot import fay_herriot, fay_herriot_draws

pytestmark = pytest.mark.brute


def areas(seed: int, *, n: int = 20, between: float = 1.0):
    rng = np.random.default_rng(seed)
    noise, need = rng.uniform(0.2, 2, n), rng.normal(size=n)
    return 3 + need + rng.normal(size=n) * np.sqrt(between + noise), noise, need


def restricted(variance, y, noise, fixed) -> float:
    covariance = np.diag(variance + noise)
    q, _ = np.linalg.qr(fixed, mode="complete")
    contrasts = q[:, fixed.shape[1] :]
    return float(stats.multivariate_normal.logpdf(contrasts.T @ y, cov=contrasts.T @ covariance @ contrasts))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.3, 1.0, 5.0]))
def test_the_variance_is_the_top_of_the_likelihood_of_error_contrasts(seed, between) -> None:
    y, noise, need = areas(seed, between=between)
    fixed = np.column_stack([np.ones(20), need])
    found = fay_herriot(y, noise, covariates=need)
    best = optimize.minimize_scalar(
        lambda v: -restricted(v, y, noise, fixed), bounds=(0, 100), method="bounded", options={"xatol": 1e-8}
    )
    here = restricted(found.variance, y, noise, fixed)
    assert here >= -best.fun - 1e-8
    lacking = found.restricted_log_likelihood - here
    assert lacking == pytest.approx(-0.5 * np.linalg.slogdet(fixed.T @ fixed)[1])


def test_draws_are_those_of_the_integrated_posterior() -> None:
    y, noise, need = areas(11, n=12)
    fixed = np.column_stack([np.ones(12), need])
    variances = np.linspace(1e-4, 60, 60_000)
    weight = np.exp([restricted(v, y, noise, fixed) for v in variances[::20]])
    total, first = 0.0, np.zeros(12)
    for v, w in zip(variances[::20], weight, strict=True):
        precision = np.diag(1 / (v + noise))
        coefficients = np.linalg.solve(fixed.T @ precision @ fixed, fixed.T @ precision @ y)
        kept = v / (v + noise)
        first += w * (kept * y + (1 - kept) * (fixed @ coefficients))
        total += w
    draws = fay_herriot_draws(y, noise, covariates=need, draws=100_000, rng=np.random.default_rng(1))
    np.testing.assert_allclose(draws.mean(axis=0), first / total, atol=0.02)


def test_the_stated_mean_squared_error_is_that_of_many_repetitions() -> None:
    _, noise, need = areas(3, n=40)
    rng, between = np.random.default_rng(4), 1.0
    squares, stated = [], []
    for _ in range(1500):
        truth = 3 + need + rng.normal(size=40) * np.sqrt(between)
        found = fay_herriot(truth + rng.normal(size=40) * np.sqrt(noise), noise, covariates=need)
        squares.append((found.estimate - truth) ** 2)
        stated.append(found.mse)
    assert np.mean(stated) == pytest.approx(np.mean(squares), rel=0.04)
