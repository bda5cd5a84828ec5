"""What weighting costs in precision and brings in balance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.weight.targets import Margin

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WeightingCost:
    """Precision lost by unequal weights: `n` respondents are worth `effective_n` of a sample with equal weights;
    `deff` = n / effective_n = 1 + cv²."""

    n: int
    effective_n: float
    deff: float
    cv: float
    smallest: float
    largest: float


@dataclass(frozen=True)
class Balance:
    """One margin's shares (k,) by base weights, by final weights and in the population, with its respondents."""

    margin: str
    categories: tuple[Hashable, ...]
    respondents: NDArray[np.int64]
    before: Floats
    after: Floats
    target: Floats

    @property
    def largest_gap(self) -> float:
        """How far, after weighting, the worst category's share is off its target."""
        return float(np.abs(self.after - self.target).max())


@dataclass(frozen=True)
class WeightingReport:
    """The cost before and after weighting, and the balance of every margin, also of those not weighted to."""

    before: WeightingCost
    after: WeightingCost
    balance: tuple[Balance, ...]


def weighting_cost(weights: ArrayLike) -> WeightingCost:
    """Kish's effective sample size and design effect of weights (n,); zeros count for nobody.

    For an answer that has nothing to do with the weights; `deff` of an estimate says what happened to that one.
    Source: Kish 1965, Survey Sampling, section 11.7.
    """
    numbers = np.asarray(weights, dtype=np.float64)
    numbers = numbers[numbers != 0]
    beside = numbers / np.abs(numbers).max()  # squares of very small or large weights would leave the numbers there are
    effective = beside.sum() ** 2 / (beside**2).sum()
    deff = numbers.size / effective
    return WeightingCost(
        n=numbers.size,
        effective_n=float(effective),
        deff=float(deff),
        cv=float(np.sqrt(max(0.0, deff - 1))),
        smallest=float(numbers.min()),
        largest=float(numbers.max()),
    )


def weighting_report(before: ArrayLike, after: ArrayLike, *, margins: Sequence[Margin]) -> WeightingReport:
    """Costs and balance of weights (n,) before and after; give margins not weighted to as well, they are the test."""
    old, new = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    return WeightingReport(weighting_cost(old), weighting_cost(new), tuple(_balance(one, old, new) for one in margins))


def _balance(one: Margin, before: Floats, after: Floats) -> Balance:
    return Balance(
        margin=one.name,
        categories=one.categories,
        respondents=np.bincount(one.codes, minlength=len(one.categories)),
        before=one.sums(before) / before.sum(),
        after=one.sums(after) / after.sum(),
        target=one.totals / one.totals.sum(),
    )
