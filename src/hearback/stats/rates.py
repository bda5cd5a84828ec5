"""Rates of small areas: exact intervals, smoothing by empirical Bayes, and where the data are too thin to read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from hearback.refusal import Refusal
from hearback.stats.spatial_weights import Floats, SpatialWeights

LEAST_POPULATION = 100.0
"""Fewest residents for whom a rate is worth saying: below it, a visitor's misfortune makes a resident's rate."""
SPREADS = np.geomspace(0.02, 4, 60)
"""How strongly areas may really differ: coefficients of variation of the true rates that are weighed up."""
MEANS = np.linspace(-2.4, 2.4, 5)
"""How far the true mean may lie from the overall rate, in standard errors, that are weighed up."""


class UnusableCounts(Refusal):
    """Counts and populations from which no rate can be made."""


@dataclass(frozen=True)
class Rates:
    """Events per person of every area with an interval, each (n,); NaN where the population is 0 or unknown."""

    rate: Floats
    low: Floats
    high: Floats
    population: Floats


@dataclass(frozen=True)
class SmoothedRates(Rates):
    """Rates drawn towards the mean of all areas, the more the smaller the population.

    `raw` are the rates before smoothing; `weight_on_data` (0 to 1) is the part of each rate that is its own;
    `prior_mean` and `prior_variance` are the mean and variance of the true rates over areas, as estimated.
    """

    raw: Floats
    weight_on_data: Floats
    prior_mean: float
    prior_variance: float


def raw_rates(counts: ArrayLike, population: ArrayLike, *, level: float = 0.95) -> Rates:
    """Counts divided by population with exact Poisson intervals.

    counts, population (n,); NaN is unknown. Source: Garwood 1936, Biometrika 28, 437-442, by gamma quantiles.
    """
    events, people, known = _known(counts, population)
    tail = _tail(level)
    low = np.nan_to_num(stats.gamma.ppf(tail, events))  # no gamma has shape 0: without events the low end is 0
    return Rates(
        rate=_spread_out(events / people, known),
        low=_spread_out(low / people, known),
        high=_spread_out(stats.gamma.isf(tail, events + 1) / people, known),
        population=np.asarray(population, dtype=np.float64),
    )


def empirical_bayes(counts: ArrayLike, population: ArrayLike, *, level: float = 0.95) -> SmoothedRates:
    """Marshall's global empirical Bayes rates, with intervals that know the spread of the areas is an estimate.

    counts, population (n,); NaN is unknown. The interval is a gamma with the mean and variance of the area's
    rate given its count, averaged over the gamma priors that all counts together leave possible; the plain
    posterior at Marshall's two estimates would be too short. Source of the estimate: Marshall 1991, Applied
    Statistics 40, 283-294.
    """
    events, people, known = _known(counts, population)
    mean, variance = _marshall(events, people)
    noise = mean / people
    on_data = np.divide(variance, variance + noise, where=variance + noise > 0, out=np.zeros(events.size))
    low, high = _posterior_interval(events, people, level=level)
    return SmoothedRates(
        rate=_spread_out(mean + on_data * (events / people - mean), known),
        low=_spread_out(low, known),
        high=_spread_out(high, known),
        population=np.asarray(population, dtype=np.float64),
        raw=_spread_out(events / people, known),
        weight_on_data=_spread_out(on_data, known),
        prior_mean=mean,
        prior_variance=variance,
    )


def empirical_bayes_local(counts: ArrayLike, population: ArrayLike, weights: SpatialWeights) -> Floats:
    """Rates (n,) drawn towards the mean of each area and its neighbours instead of the mean of all.

    counts, population (n,); NaN is unknown and takes no part. The variance in a neighbourhood is taken about
    each member's own local mean, as in R's spdep (Bailey and Gatrell 1995, p. 306); GeoDa and esda take it
    about the mean of the area in the middle.
    """
    events, people, known = _known(counts, population)
    around = weights.among(known).with_self().matrix.astype(bool).astype(np.float64)
    people_around = around @ people
    mean = (around @ events) / people_around
    variance = (around @ (people * (events / people - mean) ** 2)) / people_around
    variance = np.maximum(variance - mean * around.sum(axis=1) / people_around, 0)
    noise = mean / people
    on_data = np.divide(variance, variance + noise, where=variance + noise > 0, out=np.zeros(events.size))
    return _spread_out(mean + on_data * (events / people - mean), known)


def ebi_deviates(counts: ArrayLike, population: ArrayLike, *, prior_of: NDArray[np.bool_] | None = None) -> Floats:
    """Rates (n,) less their mean over the standard deviation that each area's population gives it.

    They have equal variance whatever the populations, so that tests which exchange areas may exchange them:
    Moran's I of them is the empirical Bayes index. counts, population (n,); NaN is unknown. Mean and variance
    are those of the areas marked in `prior_of` (n,), by default all. Source: Assuncao and Reis 1999, Statistics
    in Medicine 18, 2147-2162; a negative variance between areas counts as 0.
    """
    events, people, known = _known(counts, population)
    usual = np.ones(events.size, dtype=np.bool_) if prior_of is None else prior_of[known]
    mean, variance = _marshall(events[usual], people[usual])
    deviates = (events / people - mean) / np.sqrt(variance + mean / people) if mean > 0 else events * 0
    return _spread_out(deviates, known)


def thin_data(rates: Rates, *, least_population: float = LEAST_POPULATION) -> NDArray[np.bool_]:
    """Which areas (n,) a page must show as thin: fewer people than `least_population`, no rate at all, or an
    interval wider than the rate itself."""
    readable = (rates.population >= least_population) & (rates.high - rates.low <= rates.rate)
    return np.asarray(~readable)


def _tail(level: float) -> float:
    """What an interval of the level leaves out on either side."""
    if not 0 < level < 1:
        raise UnusableCounts(f"The level of an interval lies between 0 and 1, which {level:g} does not")
    return (1 - level) / 2


def _known(counts: ArrayLike, population: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Counts and populations of the areas that have both, and the mark of those areas among all."""
    events = np.asarray(counts, dtype=np.float64)
    people = np.asarray(population, dtype=np.float64)
    if events.shape != people.shape or events.ndim != 1:
        raise UnusableCounts(f"There are {events.size} counts for {people.size} populations")
    for name, numbers in (("count", events), ("population", people)):
        wrong = np.flatnonzero((numbers < 0) | np.isinf(numbers))
        if wrong.size:
            raise UnusableCounts(
                f"The {name} is {numbers[wrong[0]]:g}",
                where=f"area {wrong[0] + 1} of {numbers.size}",
                remedy="Counts and populations are 0 or more; leave unknown ones empty",
            )
    known = np.isfinite(events) & (people > 0)
    if not known.any():
        raise UnusableCounts("No area has both a count and people living in it")
    return events[known], people[known], known


def _spread_out(values: Floats, known: NDArray[np.bool_]) -> Floats:
    """The values of the known areas among all areas, NaN elsewhere."""
    everywhere = np.full(known.size, np.nan)
    everywhere[known] = values
    return everywhere


def _marshall(events: Floats, people: Floats) -> tuple[float, float]:
    """Mean and variance of the true rates over areas, by moments."""
    mean = events.sum() / people.sum()
    between = (people * (events / people - mean) ** 2).sum() / people.sum()
    return float(mean), float(max(0.0, between - mean / people.mean()))


def _posterior_interval(events: Floats, people: Floats, *, level: float) -> tuple[Floats, Floats]:
    shape, rate, probability = _possible_priors(events, people)
    at_prior = (events + shape[:, None]) / (people + rate[:, None])
    mean = probability @ at_prior
    variance = probability @ (at_prior / (people + rate[:, None]) + (at_prior - mean) ** 2)
    tail = _tail(level)
    low, high = (quantile(tail, mean**2 / variance) for quantile in (stats.gamma.ppf, stats.gamma.isf))
    return low * variance / mean, high * variance / mean


def _possible_priors(events: Floats, people: Floats) -> tuple[Floats, Floats, Floats]:
    """Shape, rate and probability of gamma priors, given all counts: flat in the coefficient of variation of
    the true rates and in the logarithm of their mean."""
    overall = (events.sum() + 0.5) / people.sum()
    shape = np.repeat(SPREADS**-2, MEANS.size)
    rate, log_weight = np.empty(shape.size), np.empty(shape.size)
    for i, (r, off) in enumerate(zip(shape, np.tile(MEANS, SPREADS.size), strict=True)):
        error = 1 / np.sqrt((overall * people * r / (r + overall * people)).sum())
        middle = overall * np.exp(off * error)
        rate[i] = r / middle
        cell = error / np.sqrt(r)  # the grid is wider in the spread (1 / sqrt(r)) and in the mean (error) there
        log_weight[i] = np.log(cell) + _log_likelihood(events, r, expected=middle * people)
    probability = np.exp(log_weight - log_weight.max())
    likely = probability > 1e-6
    return shape[likely], rate[likely], probability[likely] / probability[likely].sum()


def _log_likelihood(events: Floats, shape: float, *, expected: Floats) -> float:
    """Log-probability of negative binomial counts, but for what does not depend on the prior."""
    terms = (
        special.gammaln(events + shape)
        - special.gammaln(shape)
        - shape * np.log1p(expected / shape)
        + events * np.log(expected / (shape + expected))
    )
    return float(terms.sum())
