"""R-indicators: how much chances to answer differ between people, and along which traits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import chi2, ncx2, t

from hearback.refusal import Refusal

Floats = NDArray[np.float64]

STEPS = 50
CERTAIN = 30.0
"""Log-odds that no rate of a group has, unless all of it responded or nobody did."""


class NoResponseModel(Refusal):
    """Chances to answer that cannot be modelled."""


@dataclass(frozen=True)
class RIndicator:
    """`r` is 1 where everybody is as likely to answer; `s_rho` is the standard deviation of the chances.

    `largest_bias` is the most that the mean of any variable can be off through nonresponse, in standard deviations of
    that variable, if the model holds. `coefficients` are those of the logistic model, the intercept first.
    """

    r: float
    s_rho: float
    mean_propensity: float
    largest_bias: float
    propensities: Floats
    coefficients: Floats


@dataclass(frozen=True)
class RInterval:
    """R, and the largest bias, without what chance adds to differences; each with its interval.

    `low` and `high` belong to `r`. Where `high` is 1, chance alone could have made all differences. `overdispersion`
    says how much more areas differ than their traits and chance explain (1: not at all).
    """

    r: float
    low: float
    high: float
    largest_bias: float
    bias_low: float
    bias_high: float
    overdispersion: float
    level: float


def r_indicator(responded: ArrayLike, traits: ArrayLike, *, weights: ArrayLike | None = None) -> RIndicator:
    """From who responded (n,) and traits (n, p) known of everybody in the sample, with design weights (n,).

    Raises NoResponseModel where everybody or nobody responded, where there is no trait, or where traits tell
    respondents apart for certain.
    Source: Schouten, Cobben & Bethlehem 2009, equations 5 and 12 (R = 1 − 2 S(ρ), S with n − 1).
    """
    y = np.asarray(responded, dtype=np.float64)
    x = _with_intercept(traits)
    w = np.ones(y.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(x).all() and np.isfinite(w).all() and (w > 0).all()):
        raise NoResponseModel(
            "a trait or weight is missing", remedy="Leave these people out, and say how many they are"
        )
    if x.shape[1] == 1:
        raise NoResponseModel("no trait is given", remedy="Name one that is known of everybody in the sample")
    if y.min() == y.max():
        raise NoResponseModel("everybody responded, or nobody", remedy="Give the whole sample, with those who did not")
    coefficients = _logistic(y, x, w)
    rho = expit(x @ coefficients)
    mean = float(np.average(rho, weights=w))
    s_rho = float(np.sqrt((w * (rho - mean) ** 2).sum() / (w.sum() * (1 - 1 / y.size))))
    return RIndicator(1 - 2 * s_rho, s_rho, mean, s_rho / mean, rho, coefficients)


def partial_unconditional(
    found: RIndicator, groups: ArrayLike, *, weights: ArrayLike | None = None
) -> tuple[float, Mapping[str, float]]:
    """How much of the differences lies between groups (n,), and what each group adds: below 0 where it answers less.

    Source: Schouten, Shlomo & Skinner 2011, unconditional partial R-indicators.
    """
    labels, code = np.unique(np.asarray(groups), return_inverse=True)
    w = np.ones(code.size) if weights is None else np.asarray(weights, dtype=np.float64)
    part = np.bincount(code, w) / w.sum()
    distance = np.bincount(code, w * found.propensities) / np.bincount(code, w) - found.mean_propensity
    levels = {str(label): float(value) for label, value in zip(labels, np.sqrt(part) * distance, strict=True)}
    return float(np.sqrt((part * distance**2).sum())), levels


def r_interval(
    found: RIndicator, responded: ArrayLike, traits: ArrayLike, *, areas: ArrayLike, level: float = 0.9
) -> RInterval:
    """How surely R is known, for an indicator found without weights, of people who were asked in areas (n,).

    S² is a sum of squares of estimated differences, and so too large by their variance, which is subtracted; what is
    left follows a noncentral chi-square distribution with Satterthwaite's degrees of freedom, whose noncentrality is
    bounded. That keeps the interval honest where all chances are alike and a normal one would reach below 0. Variances
    count people of one area as alike as they are (quasi-binomial). Errors of the mean propensity are left out: they are
    smaller by far. Raises NoResponseModel where there are no more areas than coefficients.
    Source: Shlomo, Skinner & Schouten 2012 (bias adjustment); McCullagh & Nelder 1989, section 4.5 (overdispersion).
    """
    y, x = np.asarray(responded, dtype=np.float64), _with_intercept(traits)
    rho, spread = found.propensities, found.propensities * (1 - found.propensities)
    inflation = _overdispersion(y - rho, spread, np.unique(np.asarray(areas), return_inverse=True)[1], x.shape[1])
    slopes = x * spread[:, None]
    noise = inflation * np.linalg.solve(slopes.T @ x, np.cov(slopes, rowvar=False, bias=True))
    total, squared = float(np.trace(noise)), float(np.trace(noise @ noise))
    unit, freedom = squared / total, total**2 / squared
    left = max(0.0, found.s_rho**2 - total)
    least, most = _noncentrality(found.s_rho**2 / unit, freedom, level)
    s, s_low, s_high = (float(np.sqrt(square)) for square in (left, unit * least, unit * most))
    return RInterval(
        r=1 - 2 * s,
        low=1 - 2 * s_high,
        high=1 - 2 * s_low,
        largest_bias=s / found.mean_propensity,
        bias_low=s_low / found.mean_propensity,
        bias_high=s_high / found.mean_propensity,
        overdispersion=inflation,
        level=level,
    )


def partial_ranges(
    responded: ArrayLike, groups: ArrayLike, *, areas: ArrayLike, level: float = 0.9
) -> Mapping[str, tuple[float, float]]:
    """Intervals of what each group adds, as `partial_unconditional` has it from a model with a term for each group.

    Areas (n,) lie in one group each, and are what was drawn; a group of one area has no interval (NaN).
    Source: ratio estimates from clusters, Cochran 1977, section 11.8.
    """
    y = np.asarray(responded, dtype=np.float64)
    labels, group = np.unique(np.asarray(groups), return_inverse=True)
    _, first, area = np.unique(np.asarray(areas), return_index=True, return_inverse=True)
    asked = np.bincount(group)
    rate, part = np.bincount(group, y) / asked, asked / y.size
    drawn = np.bincount(group[first])
    beyond = np.bincount(area, y - rate[group])
    squares = np.bincount(group[first], beyond**2) / asked**2
    variance = np.divide(drawn * squares, drawn - 1, out=np.full(drawn.size, np.nan), where=drawn > 1)
    difference = rate - y.mean()
    error = np.sqrt(variance * (1 - 2 * part) + np.nansum(part**2 * variance))
    reach = t.ppf((1 + level) / 2, np.maximum(drawn - 1, 1)) * error
    ends = np.sqrt(part) * (difference + np.outer([-1, 1], reach))
    return {str(label): (float(low), float(high)) for label, low, high in zip(labels, *ends, strict=True)}


def _with_intercept(traits: ArrayLike) -> Floats:
    x = np.asarray(traits, dtype=np.float64)
    return np.column_stack([np.ones(x.shape[0]), x])


def _overdispersion(beyond: Floats, spread: Floats, area: NDArray[np.int64], coefficients: int) -> float:
    """Pearson's statistic of the areas by its degrees of freedom; areas never differ less than by chance."""
    pearson = np.bincount(area, beyond) ** 2 / np.bincount(area, spread)
    if pearson.size <= coefficients:
        raise NoResponseModel(
            f"people were asked in {pearson.size} areas, which cannot tell {coefficients} coefficients",
            remedy="Leave out some of the traits",
        )
    return max(1.0, float(pearson.sum()) / (pearson.size - coefficients))


def _noncentrality(found: float, freedom: float, level: float) -> tuple[float, float]:
    """The smallest and largest noncentrality with which what was found is not out of the ordinary.

    Less than chance brings on average bounds no better than that average: the interval never shrinks to a point.
    """

    def bound(seen: float, chance: float) -> float:
        if chi2.cdf(seen, freedom) <= chance:
            return 0.0
        return float(brentq(lambda centre: ncx2.cdf(seen, freedom, centre) - chance, 1e-9, 4 * (seen + freedom) + 40))

    return bound(found, (1 + level) / 2), bound(max(found, freedom), (1 - level) / 2)


def _logistic(y: Floats, x: Floats, w: Floats) -> Floats:
    """Newton's steps; traits that separate the two kinds of people for certain never come to rest."""
    b = np.zeros(x.shape[1])
    for _ in range(STEPS):
        mu = expit(x @ b)
        information = (x * (w * mu * (1 - mu))[:, None]).T @ x
        try:
            step = np.linalg.solve(information, x.T @ (w * (y - mu)))
        except np.linalg.LinAlgError:
            break
        b += step
        if np.abs(step).max() < 1e-12 * max(1.0, np.abs(b).max()):
            if np.abs(x @ b).max() < CERTAIN:
                return b
            break
    raise NoResponseModel(
        "the traits tell for certain who responds, or say the same twice", remedy="Leave one out, or join categories"
    )
