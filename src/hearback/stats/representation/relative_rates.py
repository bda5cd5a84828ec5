"""Counts against what was to be expected, shrunk towards each other as far as the counts themselves ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaln, ndtri

from hearback.refusal import Refusal

Floats = NDArray[np.float64]

SPREADS = np.geomspace(0.02, 3.0, 48)
"""Standard deviations of the true ratios, over their mean, that are thought possible, each with its share of belief."""
CENTRES = np.geomspace(0.1, 10.0, 17)
CENTRE_SD = 0.7
"""Means of the true ratios that are thought possible where it is not known, and how far from 1 on the log scale."""
UNLIKE, UNLIKE_SPREAD = 0.3, 2.0
"""How likely a group is to be unlike all others, and the spread that its ratio then has."""
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
BISECTIONS = 36
NEGLIGIBLE = 1e-7
"""Belief in a spread below which it is left out."""


class UnusableCounts(Refusal):
    """Counts or expectations that cannot be."""


@dataclass(frozen=True)
class GammaMixtures:
    """k distributions, each a mixture of gammas: what is believed of all of them together in one of m ways,
    of probabilities `shared` (m,), and in each way a mixture of its own; weights, shapes and rates (m, k, n).
    """

    shared: Floats
    weights: Floats
    shapes: Floats
    rates: Floats

    def mean(self) -> Floats:
        """Their means (k,)."""
        return self._over_all(self.shapes / self.rates)

    def below(self, limits: Floats) -> Floats:
        """The probability (k,) of each to lie below its limit (k,)."""
        return self._over_all(gammainc(self.shapes, self.rates * limits[:, None]))

    def quantile(self, share: float) -> Floats:
        """By bisection on the log scale, between bounds that no ratio of interest leaves."""
        low = np.full(self.weights.shape[1], -30.0)
        high = np.log((self.shapes / self.rates).max(axis=(0, 2)) * 50 + 50)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            too_low = self.below(np.exp(middle)) < share
            low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
        found: Floats = np.exp((low + high) / 2)
        return found

    def draw(self, draws: int, *, rng: np.random.Generator) -> Floats:
        """Joint draws (draws, k): what is believed of all of them together is drawn once for all."""
        way = rng.choice(self.shared.size, size=draws, p=self.shared)
        steps = self.weights[way].cumsum(axis=2)
        node = (rng.random((*steps.shape[:2], 1)) > steps / steps[..., -1:]).sum(axis=2, keepdims=True)
        shapes, rates = (np.take_along_axis(one[way], node, axis=2)[..., 0] for one in (self.shapes, self.rates))
        found: Floats = rng.standard_gamma(shapes) / rates
        return found

    def _over_all(self, values: Floats) -> Floats:
        found: Floats = np.einsum("m,mkn,mkn->k", self.shared, self.weights, values)
        return found


@dataclass(frozen=True)
class RelativeRates:
    """For each of k units the ratio of what was counted to what was expected; 1 is just what was expected.

    `raw` is the plain quotient, `ratio` the shrunk one with its interval `low`..`high` at `level`, `p_below` the
    probability that the true ratio is below 1. `spread` is how far true ratios seem to lie apart (posterior mean of
    their standard deviation over their mean), `centre` the mean they seem to have.
    """

    counted: Floats
    expected: Floats
    raw: Floats
    ratio: Floats
    low: Floats
    high: Floats
    p_below: Floats
    spread: float
    centre: float
    level: float
    posterior: GammaMixtures = field(repr=False)


def relative_rates(
    counted: ArrayLike,
    expected: ArrayLike,
    *,
    expected_cv: ArrayLike = 0.0,
    level: float = 0.9,
    alike: bool = True,
) -> RelativeRates:
    """Ratios of counts (k,) to expectations (k,), so that two reports where one was expected prove nothing.

    Counts are Poisson around `expected` × ratio; ratios follow a gamma distribution whose spread has a half-Cauchy(1)
    prior and is averaged over, not estimated by a point, so that a handful of units is not pulled together as if their
    likeness were known. Where units are `alike`, as areas are, ratios have mean 1. Groups are not: one large group
    above 1 can leave all small ones below, so the mean is averaged over too; and any of them may be unlike all others,
    so that one of which little is known is not drawn to where the others lie. `expected_cv` (k,) is the relative
    standard error of the expectations, such as that of a census estimate; it is integrated out.

    Source: Clayton & Kaldor 1987 (gamma–Poisson); Polson & Scott 2012 (half-Cauchy); Berger & Berliner 1986
    (contaminated priors).
    """
    y, e, cv = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (counted, expected, expected_cv)))
    _check(y, e, cv)
    spreads, centres, belief = _beliefs(alike)
    shapes, means = 1 / spreads[:, None, None] ** 2, centres[:, None, None]
    expectations, node_weights = _possible_means(e, cv)
    if not alike:
        shapes = np.repeat(
            np.concatenate([shapes, np.full_like(shapes, UNLIKE_SPREAD**-2)], axis=2), node_weights.size, 2
        )
        expectations, node_weights = np.tile(expectations, 2), np.outer([1 - UNLIKE, UNLIKE], node_weights).ravel()
    log_density = _log_negative_binomial(y[:, None], means * expectations, shapes) + np.log(node_weights)
    per_unit = np.logaddexp.reduce(log_density, axis=2)
    belief = belief + per_unit.sum(axis=1)
    shared = np.exp(belief - np.logaddexp.reduce(belief))
    likely = shared > NEGLIGIBLE
    shared, shapes, means = shared[likely] / shared[likely].sum(), shapes[likely], means[likely]
    nodes = np.exp(log_density[likely] - per_unit[likely][..., None])
    posterior = GammaMixtures(
        shared=shared,
        weights=nodes,
        shapes=np.broadcast_to(y[:, None] + shapes, nodes.shape),
        rates=np.broadcast_to(expectations + shapes / means, nodes.shape),
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
        spread=float(shared @ spreads[likely]),
        centre=float(shared @ centres[likely]),
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


def _beliefs(alike: bool) -> tuple[Floats, Floats, Floats]:
    """Spreads and centres (m,) that are thought possible before anything is counted, with the log of their belief."""
    believed = np.log(SPREADS) - np.log1p(SPREADS**2)  # on a log grid, each point counts itself
    believed[[0, -1]] -= np.log(2)  # and the two ends by half
    if alike:
        return SPREADS, np.ones(SPREADS.size), believed
    far = -(np.log(CENTRES) ** 2) / (2 * CENTRE_SD**2)
    return (
        np.repeat(SPREADS, CENTRES.size),
        np.tile(CENTRES, SPREADS.size),
        np.repeat(believed, CENTRES.size) + np.tile(far, SPREADS.size),
    )


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
