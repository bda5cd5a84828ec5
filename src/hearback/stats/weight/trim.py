"""Trimming: no respondent speaks for too many, and what that costs in bias is shown beside what it saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from hearback.refusal import Refusal
from hearback.stats.weight.base_weights import checked_weights
from hearback.stats.weight.calibrate import Auxiliaries, Calibrated, calibrate
from hearback.stats.weight.diagnose import WeightingCost, weighting_cost

Floats = NDArray[np.float64]
NO_OUTCOMES: Mapping[str, ArrayLike] = MappingProxyType({})


class UnusableLimits(Refusal):
    """Limits within which the weights cannot keep their sum."""


@dataclass(frozen=True)
class MovedMean:
    """A weighted mean before and after trimming, with standard errors as if the answers had nothing to do with the
    design; `worthwhile` if the variance saved is more than the square of how far the mean moved."""

    name: str
    before: float
    after: float
    se_before: float
    se_after: float

    @property
    def worthwhile(self) -> bool:
        """Whether trimming lowers the mean squared error of this mean, its move taken as bias."""
        return (self.after - self.before) ** 2 < self.se_before**2 - self.se_after**2


@dataclass(frozen=True)
class Trimmed:
    """Trimmed weights (n,), which of them were cut, the share of all weight that was moved, the cost of weighting
    before and after, and the means asked for."""

    weights: Floats
    cut: NDArray[np.bool_]
    moved: float
    before: WeightingCost
    after: WeightingCost
    means: tuple[MovedMean, ...]


def usual_limit(weights: ArrayLike) -> float:
    """A largest weight often used: median plus six interquartile ranges of the weights (n,).

    Source: Chowdhury, Khare and Wolter 2007, Proceedings of the ASA Section on Survey Research Methods, 2651.
    """
    low, middle, high = np.quantile(checked_weights(weights), [0.25, 0.5, 0.75])
    return float(middle + 6 * (high - low))


def trim(
    weights: ArrayLike, *, low: float = 0.0, high: float = np.inf, outcomes: Mapping[str, ArrayLike] = NO_OUTCOMES
) -> Trimmed:
    """Weights (n,) cut to the limits, the difference shared equally by the others; the sum is kept.

    `outcomes` are answers (n,), NaN for none, whose means are compared. Margins are no longer met exactly:
    `trim_to_totals` keeps them. For variances, R keeps the calibration
    as it was before the cut, and so does `hearback stats`.

    Errors: `checked_weights`' refusals, `UnusableLimits`.
    Source: `trimWeights` of R's survey package, its rounds taken to the end; the comparison: Potter 1990,
    Proceedings of the ASA Section on Survey Research Methods, 225.
    """
    before = checked_weights(weights)
    if not low <= before.mean() <= high:
        raise UnusableLimits(
            f"Weights between {low:g} and {high:g} cannot add up to {before.sum():g}",
            remedy=f"The limits must hold the mean weight, {before.mean():g}, between them",
        )
    shifted = before + _shift(before, low, high)
    after = np.clip(shifted, low, high)
    return Trimmed(
        weights=after,
        cut=shifted != after,
        moved=float(np.abs(after - before).sum() / 2 / before.sum()),
        before=weighting_cost(before),
        after=weighting_cost(after),
        means=tuple(_moved(name, values, before, after) for name, values in outcomes.items()),
    )


def trim_to_totals(
    weights: ArrayLike, auxiliaries: Auxiliaries, *, low: float = 0.0, high: float = np.inf
) -> Calibrated:
    """Weights (n,) that lie between `low` and `high` and meet all totals, as near to the old ones as that allows.

    Errors: `calibrate`'s refusals, where no weights within the limits meet the totals.
    """
    before = checked_weights(weights)
    return calibrate(before, auxiliaries, distance="raking", bounds=(low / before, high / before))


def _shift(weights: Floats, low: float, high: float) -> float:
    """What is added to all weights (n,) before they are cut, so that their sum stays."""
    total = weights.sum()
    most = high - weights.min() if np.isfinite(high) else 0.0
    shift = optimize.brentq(lambda c: np.clip(weights + c, low, high).sum() - total, low - weights.max(), most)
    within = (weights + shift > low) & (weights + shift < high)
    rest = total - np.clip(weights + shift, low, high)[~within].sum()
    return float((rest - weights[within].sum()) / within.sum()) if within.any() else shift


def _moved(name: str, values: ArrayLike, before: Floats, after: Floats) -> MovedMean:
    answers = np.asarray(values, dtype=np.float64)
    given = ~np.isnan(answers)
    (old, se_old), (new, se_new) = (_mean(answers[given], weights[given]) for weights in (before, after))
    return MovedMean(name, old, new, se_old, se_new)


def _mean(values: Floats, weights: Floats) -> tuple[float, float]:
    """The weighted mean and its standard error under sampling with replacement."""
    mean = np.average(values, weights=weights)
    scores = weights * (values - mean) / weights.sum()
    return float(mean), float(np.sqrt((scores**2).sum() * values.size / (values.size - 1)))
