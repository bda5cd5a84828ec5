"""How long people wait, when some are waiting still: medians and 90th percentiles that do not forget the unanswered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from hearback.refusal import Refusal

Floats = NDArray[np.float64]


class UnusableWaits(Refusal):
    """Times that nobody can have waited."""


@dataclass(frozen=True)
class Quantile:
    """The time by which this `share` has been answered, with an interval; infinite where it is not reached yet."""

    share: float
    time: float
    low: float
    high: float


@dataclass(frozen=True)
class WaitingTimes:
    """What n waits, of which some have ended, say about the time to an answer; `level` is that of every interval."""

    n: int
    answered: int
    median: Quantile
    ninetieth: Quantile
    level: float


def waiting_times(waited: ArrayLike, answered: ArrayLike, *, level: float = 0.95) -> WaitingTimes:
    """Median and 90th percentile of the time to an answer.

    `waited` (n,) is the time until the answer or, where `answered` (n,) is false, until now: leaving those out would
    make the slowest desk look fast. Without anybody, every number is NaN.
    Source: Kaplan & Meier 1958; intervals by Brookmeyer & Crowley 1982 on the log(−log) scale.
    """
    times, ended = np.asarray(waited, dtype=np.float64), np.asarray(answered, dtype=np.bool_)
    if times.shape != ended.shape or times.ndim != 1:
        raise ValueError("waited and answered are vectors of one length")
    if not np.isfinite(times).all() or (times < 0).any():
        raise UnusableWaits("a wait is negative or not a number", remedy="Check the times of receipt and answer")
    curve = _kaplan_meier(times, ended)
    return WaitingTimes(
        n=times.size,
        answered=int(ended.sum()),
        median=_quantile(curve, 0.5, level, n=times.size),
        ninetieth=_quantile(curve, 0.9, level, n=times.size),
        level=level,
    )


@dataclass(frozen=True)
class _Curve:
    """The share still waiting just after each time at which somebody was answered, and its standard error on the
    log(−log) scale (infinite once nobody is left)."""

    times: Floats
    waiting: Floats
    se_loglog: Floats


def _kaplan_meier(times: Floats, ended: NDArray[np.bool_]) -> _Curve:
    moments, events = np.unique(times[ended], return_counts=True)
    at_risk = times.size - np.searchsorted(np.sort(times), moments)
    waiting = np.cumprod(1 - events / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
        se = np.sqrt(greenwood) / np.abs(np.log(waiting))
    return _Curve(moments, waiting, np.where(waiting > 0, se, np.inf).astype(np.float64))


def _quantile(curve: _Curve, share: float, level: float, *, n: int) -> Quantile:
    if n == 0:
        return Quantile(share, np.nan, np.nan, np.nan)
    reached = curve.times[curve.waiting <= 1 - share + np.finfo(float).eps]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = (np.log(-np.log(curve.waiting)) - np.log(-np.log(1 - share))) / curve.se_loglog
    z = ndtri((1 + level) / 2)
    return Quantile(
        share,
        float(reached[0]) if reached.size else np.inf,
        _lower_end(curve, distance >= -z),
        _upper_end(curve, (distance <= z) & (curve.waiting > 0)),
    )


def _lower_end(curve: _Curve, not_surely_above: NDArray[np.bool_]) -> float:
    """The first time at which the share still waiting is not surely too large; the last answer where it always is."""
    early = curve.times[not_surely_above | (curve.waiting == 0)]
    return float(early[0] if early.size else curve.times.max(initial=0.0))


def _upper_end(curve: _Curve, not_surely_below: NDArray[np.bool_]) -> float:
    """The next answer after the last time at which the share still waiting is not surely too small; infinite where no
    answer after it is known. Where whole days step over every possible share, this is the lower end again."""
    later = curve.times[curve.times > curve.times[not_surely_below].max(initial=-np.inf)]
    return float(later[0]) if later.size else np.inf
