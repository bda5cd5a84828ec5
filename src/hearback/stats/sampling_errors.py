"""How estimates may err together: draws of their errors and the spread of every pairwise difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.stats.ranked_estimates import UnusableEstimates

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CLOSE = 0.5
"""Pairs whose errors correlate more than this are compared one by one: the bound that spares the others is loose."""

ROUNDING = 1e-12
"""A spread this small beside the numbers it was computed from is rounding: the difference is known without error."""


@dataclass(frozen=True)
class SamplingErrors:
    """Draws (R, n) of the errors of n estimates, and the standard deviation (n, n) of the error of each difference.

    `area_sd` (n,) are the areas' own standard deviations, `close` (n, n) the pairs to compare one by one, and
    `slack` is 1/√(1 − r) with r the largest correlation among all other pairs, at least 0.
    """

    draws: Floats
    area_sd: Floats
    pair_sd: Floats
    close: Bools
    slack: float


def independent_errors(standard_errors: Floats, *, draws: int, rng: np.random.Generator) -> SamplingErrors:
    """Normal errors, independent between areas, with known `standard_errors` (n,)."""
    pair_sd = difference_sd(standard_errors)
    errors = rng.normal(size=(draws, standard_errors.size)) * standard_errors
    return SamplingErrors(errors, standard_errors, pair_sd, np.zeros_like(pair_sd, dtype=np.bool_), slack=1.0)


def correlated_errors(covariance: Floats, *, draws: int, rng: np.random.Generator) -> SamplingErrors:
    """Normal errors with known `covariance` (n, n), which must be positive semi-definite."""
    roots, directions = np.linalg.eigh(covariance)
    if roots[0] < -1e-8 * roots[-1]:
        raise UnusableEstimates("The matrix given is not a covariance: some mix of areas has a negative variance")
    errors = rng.normal(size=(draws, roots.size)) * np.sqrt(np.maximum(roots, 0)) @ directions.T
    weights = _shock_weights(np.diag(covariance))
    shared = covariance @ weights
    without_shock = covariance - shared[:, None] - shared + weights @ shared
    return _with_pairs(errors - (errors @ weights)[:, None], without_shock)


def errors_of_draws(draws: Floats) -> SamplingErrors:
    """The errors shown by `draws` (R, n) of any sampling distribution: centred, their spread their own."""
    errors = draws - draws.mean(axis=0)
    errors -= (errors @ _shock_weights(errors.var(axis=0)))[:, None]
    known = _with_pairs(errors, errors.T @ errors / (len(errors) - 1))
    _remeasure_near_copies(known)
    known.pair_sd[known.pair_sd <= ROUNDING * np.abs(draws).max()] = 0
    return known


def difference_sd(spread: Floats) -> Floats:
    """Standard deviations (n, n) of x_i − x_j from standard errors (n,) or a covariance matrix (n, n)."""
    if spread.ndim == 1:
        pair_sd = np.hypot(spread[:, None], spread)
    else:
        variance = np.diag(spread)
        total = variance[:, None] + variance
        square = total - 2 * spread
        square[square <= ROUNDING * total] = 0
        pair_sd = np.sqrt(square, out=square)
    np.fill_diagonal(pair_sd, 0)
    return pair_sd


def _with_pairs(errors: Floats, covariance: Floats) -> SamplingErrors:
    area_sd = np.sqrt(np.maximum(np.diag(covariance), 0))
    precision = np.divide(1.0, area_sd, where=area_sd > 0, out=np.zeros_like(area_sd))
    correlation = covariance * precision[:, None] * precision
    np.fill_diagonal(correlation, 0)
    close = correlation > CLOSE
    slack = (1 - correlation.max(where=~close, initial=0)) ** -0.5
    del correlation
    return SamplingErrors(errors, area_sd, difference_sd(covariance), close, float(slack))


def _remeasure_near_copies(errors: SamplingErrors) -> None:
    """Where two areas' errors are almost the same, take the spread of their difference itself: nothing cancels."""
    near = errors.close & (errors.pair_sd < 0.01 * errors.area_sd)
    by_area = errors.draws.T
    for i in np.flatnonzero(near.any(axis=1)):
        difference = by_area[i] - by_area[near[i]]
        errors.pair_sd[i, near[i]] = np.sqrt((difference**2).sum(axis=1) / (len(errors.draws) - 1))


def _shock_weights(variance: Floats) -> Floats:
    """Weights of the shock common to all areas in a draw: taking it away leaves every difference as it was.

    Weights are the precisions, so that independent errors stay all but uncorrelated; where an area has no error at
    all, there is no common shock.
    """
    if variance.min() <= 0:
        return np.zeros_like(variance)
    precision: Floats = variance.min() / variance
    return precision / float(precision.sum())
