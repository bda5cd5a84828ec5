"""Counts against what was to be expected, shrunk towards each other as far as the counts themselves ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaln, ndtri

from hearback.refusal import Refusal

Floats = NDArray[np.float64]

SPREADS = np.geomspace(0.02, 3.0, 48)
"""Standard deviations of the true ratios that are thought possible, each with its share of belief."""
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
BISECTIONS = 45
NEGLIGIBLE = 1e-8
"""Belief in a spread below which it is left out."""


class UnusableCounts(Refusal):
    """Counts or expectations that cannot be."""


@dataclass(frozen=True)
class GammaMixtures:
    """k distributions, each a mixture of m gammas: weights, shapes and rates, all (k, m)."""

    weights: Floats
    shapes: Floats
    rates: Floats

    def mean(self) -> Floats:
        """Their means (k,)."""
        found: Floats = (self.weights * self.shapes / self.rates).sum(axis=1)
        return found

    def below(self, limits: Floats) -> Floats:
        """The probability (k,) of each to lie below its limit (k,)."""
        found: Floats = (self.weights * gammainc(self.shapes, self.rates * limits[:, None])).sum(axis=1)
        return found

    def quantile(self, share: float) -> Floats:
        """By bisection on the log scale, between bounds that no ratio of interest leaves."""
        low, high = np.full(len(self.weights), -30.0), np.log((self.shapes / self.rates).max(axis=1) * 50 + 50)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            too_low = self.below(np.exp(middle)) < share
            low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
        found: Floats = np.exp((low + high) / 2)
        return found

    def draw(self, draws: int, *, rng: np.random.Generator) -> Floats:
        """Independent draws (draws, k)."""
        steps = self.weights.cumsum(axis=1) / self.weights.sum(axis=1, keepdims=True)
        chosen = np.array([np.searchsorted(row, rng.random(draws)) for row in steps])
        shapes, rates = (np.take_along_axis(one, chosen, axis=1) for one in (self.shapes, self.rates))
        found: Floats = (rng.standard_gamma(shapes) / rates).T
        return found


@dataclass(frozen=True)
class RelativeRates:
    """For each of k units the ratio of what was counted to what was expected; 1 is just what was expected.

    `raw` is the plain quotient, `ratio` the shrunk one with its interval `low`..`high` at `level`, `p_below` the
    probability that the true ratio is below 1. `spread` is how far true ratios seem to lie apart (posterior mean of
    their standard deviation).
    """

    counted: Floats
    expected: Floats
    raw: Floats
    ratio: Floats
    low: Floats
    high: Floats
    p_below: Floats
    spread: float
    level: float
    posterior: GammaMixtures = field(repr=False)


def relative_rates(
    counted: ArrayLike, expected: ArrayLike, *, expected_cv: ArrayLike = 0.0, level: float = 0.9
) -> RelativeRates:
    """Ratios of counts (k,) to expectations (k,), so that two reports where one was expected prove nothing.

    Counts are Poisson around `expected` × ratio; ratios follow a gamma distribution with mean 1 whose spread has a
    half-Cauchy(1) prior and is averaged over, not estimated by a point, so that a handful of units is not pulled
    together as if their likeness were known. `expected_cv` (k,) is the relative standard error of the expectations,
    such as that of a census estimate; it is integrated out.

    Source: Clayton & Kaldor 1987 (gamma–Poisson); Polson & Scott 2012 (half-Cauchy).
    """
    y, e, cv = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (counted, expected, expected_cv)))
    _check(y, e, cv)
    shapes = 1 / SPREADS[:, None, None] ** 2
    means, node_weights = _possible_means(e, cv)
    log_density = _log_negative_binomial(y[:, None], means, shapes) + np.log(node_weights)
    per_unit = np.logaddexp.reduce(log_density, axis=2)
    belief = per_unit.sum(axis=1) + np.log(SPREADS) - np.log1p(SPREADS**2)  # on a log grid, each point counts itself
    belief[[0, -1]] -= np.log(2)  # and the two ends by half
    spreads = np.exp(belief - np.logaddexp.reduce(belief))
    nodes = np.exp(log_density - per_unit[..., None])
    likely = spreads > NEGLIGIBLE
    spreads, shapes, nodes = spreads[likely] / spreads[likely].sum(), shapes[likely], nodes[likely]
    posterior = GammaMixtures(
        weights=_one_row_a_unit(spreads[:, None, None] * nodes),
        shapes=_one_row_a_unit(np.broadcast_to(y[:, None] + shapes, nodes.shape)),
        rates=_one_row_a_unit(np.broadcast_to(means + shapes, nodes.shape)),
    )
    tail = (1 - level) / 2
    return RelativeRates(
        counted=y,
        expected=e,
        raw=y / e,
        ratio=posterior.mean(),
        low=posterior.quantile(tail),
        high=posterior.quantile(1 - tail),
        p_below=posterior.below(np.ones(y.size)),
        spread=float(spreads @ SPREADS[likely]),
        level=level,
        posterior=posterior,
    )


def wilson(count: ArrayLike, total: float, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson's (1927) interval of a share, which stays between 0 and 1 and is no point where nothing was counted."""
    share = np.asarray(count, dtype=np.float64) / total
    z2 = float(ndtri((1 + level) / 2)) ** 2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = np.sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total**2))) / (1 + z2 / total)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def _check(y: Floats, e: Floats, cv: Floats) -> None:
    if y.ndim != 1 or y.size == 0:
        raise ValueError("counted and expected are vectors")
    if not (np.isfinite(y).all() and (y >= 0).all()):
        raise UnusableCounts("a count is negative or missing", remedy="Give whole numbers, and 0 where nothing came")
    if not (np.isfinite(e).all() and (e > 0).all()):
        raise UnusableCounts(
            "nothing was to be expected from one of them", remedy="Leave out groups and areas in which nobody lives"
        )
    if not (np.isfinite(cv).all() and (cv >= 0).all()):
        raise UnusableCounts("a relative error is negative or missing", remedy="Give 0 where it is not known")


def _possible_means(e: Floats, cv: Floats) -> tuple[Floats, Floats]:
    """Expectations (k, nodes) between which a lognormal error is integrated, with their weights (nodes,)."""
    if not cv.any():
        return e[:, None], np.ones(1)
    sigma = np.sqrt(np.log1p(cv**2))[:, None]
    return e[:, None] * np.exp(sigma * NODES - sigma**2 / 2), NODE_WEIGHTS / NODE_WEIGHTS.sum()


def _log_negative_binomial(y: Floats, mean: Floats, shape: Floats) -> Floats:
    found: Floats = (
        gammaln(y + shape)
        - gammaln(shape)
        - gammaln(y + 1)
        + shape * np.log(shape / (shape + mean))
        + y * np.log(mean / (shape + mean))
    )
    return found


def _one_row_a_unit(grid: Floats) -> Floats:
    """(spreads, k, nodes) as (k, spreads × nodes)."""
    return grid.transpose(1, 0, 2).reshape(grid.shape[1], -1)
