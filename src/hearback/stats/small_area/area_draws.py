"""Estimates of areas with the draws behind them, from which differences, pools and ranks get their intervals."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from hearback.refusal import Refusal
from hearback.stats.small_area.model_terms import Floats


class UnusableDraws(Refusal):
    """Draws of areas, or a level, from which no interval can be made."""


@dataclass(frozen=True)
class Interval:
    """A number with its standard deviation, the range that holds it with probability `level`, and how probably it is
    above zero."""

    estimate: float
    sd: float
    low: float
    high: float
    above_zero: float
    level: float


@dataclass(frozen=True)
class AreaDraws:
    """Posterior draws (R, n) of n areas: shares of yes, or means; `population` (n,) are the people of each.

    `unseen` are the levels, by term, that the population has and the sample never saw.
    """

    areas: tuple[Hashable, ...]
    draws: Floats
    population: Floats
    level: float = 0.9
    unseen: Mapping[str, tuple[Hashable, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise UnusableDraws(f"The level of an interval lies between 0 and 1, which {self.level:g} does not")
        if self.draws.ndim != 2 or not self.draws.shape[1] == len(self.areas) == self.population.size:
            raise ValueError(f"{self.draws.shape} draws of {len(self.areas)} areas, {self.population.size} populations")
        if not np.isfinite(self.draws).all():
            raise UnusableDraws("A draw is missing or infinite", remedy="Leave out areas that could not be estimated")

    @property
    def estimate(self) -> Floats:
        """The mean (n,) of the draws."""
        return np.asarray(self.draws.mean(axis=0))

    @property
    def sd(self) -> Floats:
        """The standard deviation (n,) of the draws, the estimates' standard error."""
        return np.asarray(self.draws.std(axis=0, ddof=1))

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """The ends (n,) and (n,) of equal-tailed intervals at `level`."""
        low, high = np.quantile(self.draws, self._tails, axis=0)
        return low, high

    def together(self, members: Sequence[Hashable]) -> Interval:
        """Several areas taken as one, each weighing as many people as live there."""
        at = [self.areas.index(area) for area in members]
        return self._interval(self.draws[:, at] @ self.population[at] / self.population[at].sum())

    def difference(self, one: Hashable, other: Hashable) -> Interval:
        """How far the first area lies above the second; what their errors have in common drops out."""
        return self._interval(self.draws[:, self.areas.index(one)] - self.draws[:, self.areas.index(other)])

    @property
    def _tails(self) -> tuple[float, float]:
        return (1 - self.level) / 2, (1 + self.level) / 2

    def _interval(self, drawn: ArrayLike) -> Interval:
        values = np.asarray(drawn)
        low, high = np.quantile(values, self._tails)
        above_zero = float((values > 0).mean())
        return Interval(
            float(values.mean()), float(values.std(ddof=1)), float(low), float(high), above_zero, self.level
        )
