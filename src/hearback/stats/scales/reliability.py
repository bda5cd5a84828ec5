"""Reliability: how much of a scale's score is shared by its items, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from hearback.stats.construct_checks import cronbach_alpha
from hearback.stats.scales.answers import Floats, complete_rows
from hearback.stats.scales.one_factor import OneFactor, fit_one_factor

Interval = Literal["Feldt", "bootstrap"]


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha with an interval by the method named, from `n` respondents who answered all items."""

    alpha: float
    low: float
    high: float
    interval: Interval
    n: int


@dataclass(frozen=True)
class Omega:
    """McDonald's omega and the one-factor model behind it: a model that does not fit has no omega worth saying."""

    omega: float
    model: OneFactor


@dataclass(frozen=True)
class ItemAnalysis:
    """For each item (p,): its correlation with the sum of the others, the scale's alpha without it (NaN with fewer
    than three items), and whether it seems to run the other way: not reversed, though worded in reverse."""

    item_rest: Floats
    alpha_if_dropped: Floats
    against_the_rest: tuple[int, ...]


def alpha(answers: ArrayLike, *, level: float = 0.95) -> Alpha:
    """Alpha of items (n, p), NaN is unanswered, with Feldt's interval, exact where items are normal and parallel.

    Errors: `UnusableItems`. Source: Feldt, Woodruff and Salih 1987, Applied Psychological Measurement 11:93.
    """
    items = complete_rows(answers)
    n, p = items.shape
    found, tail = cronbach_alpha(items), (1 - level) / 2
    between, within = n - 1, (n - 1) * (p - 1)
    return Alpha(
        alpha=found,
        low=float(1 - (1 - found) * stats.f.isf(tail, between, within)),
        high=float(1 - (1 - found) * stats.f.ppf(tail, between, within)),
        interval="Feldt",
        n=n,
    )


def alpha_bootstrap(answers: ArrayLike, *, rng: np.random.Generator, level: float = 0.95, draws: int = 2000) -> Alpha:
    """Alpha of items (n, p) with a percentile bootstrap interval: for answers on few, uneven steps.

    Errors: `UnusableItems`.
    """
    items = complete_rows(answers)
    n = len(items)
    centred = items - items.mean(axis=0)
    products = (centred[:, :, None] * centred[:, None, :]).reshape(n, -1)
    drawn = []
    for _ in range(draws):
        times = rng.multinomial(n, np.full(n, 1 / n)).astype(np.float64)
        drawn.append(_alpha_of_covariance((times @ products).reshape(2 * [items.shape[1]]) / n, times @ centred / n))
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Alpha(cronbach_alpha(items), float(low), float(high), "bootstrap", n)


def omega(answers: ArrayLike) -> Omega:
    """Omega total of items (n, p), p ≥ 3: the share of the sum's variance that the one common factor explains.

    Errors: `UnusableItems`. Source: McDonald 1999, Test Theory, p. 88; the factor by maximum likelihood.
    """
    model = fit_one_factor(complete_rows(answers, fewest_items=3))
    common = model.loadings.sum() ** 2
    return Omega(float(common / (common + model.uniqueness.sum())), model)


def item_analysis(answers: ArrayLike) -> ItemAnalysis:
    """What each of the items (n, p) adds to the scale. Errors: `UnusableItems`."""
    items = complete_rows(answers)
    p = items.shape[1]
    rest = items.sum(axis=1, keepdims=True) - items
    item_rest = np.array([_correlation(items[:, at], rest[:, at]) for at in range(p)])
    without = [cronbach_alpha(np.delete(items, at, axis=1)) if p > 2 else np.nan for at in range(p)]
    return ItemAnalysis(item_rest, np.array(without), tuple(np.flatnonzero(item_rest < 0).tolist()))


def _correlation(one: Floats, other: Floats) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if np.ptp(other) > 0 else float("nan")


def _alpha_of_covariance(products: Floats, mean: Floats) -> float:
    """Alpha from mean products (p, p) and means (p,); NaN where the sum does not vary."""
    covariance = products - np.outer(mean, mean)
    p, whole = mean.size, covariance.sum()
    return float(p / (p - 1) * (1 - np.trace(covariance) / whole)) if whole > 0 else float("nan")
