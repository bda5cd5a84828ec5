"""The largest studentised difference between any two areas, draw by draw: exact, without looking at every pair."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hearback.stats.ranked_estimates import order_statistic
from hearback.stats.sampling_errors import Bools, Floats, SamplingErrors

Ints = NDArray[np.int64]


def bootstrap_critical_value(errors: SamplingErrors, *, level: float) -> Callable[[Bools], float]:
    """A function from the ordered pairs still compared (n, n) to the critical value for their largest difference.

    One more draw stays below it with probability `level` or a little more. To be called with fewer and fewer pairs:
    largest differences can then only fall, so that later calls compute anew those of the foremost draws alone.
    """
    place = order_statistic(len(errors.draws), level) - 1
    at_most = np.full(len(errors.draws), np.inf)

    def critical(compared: Bools) -> float:
        stale = np.ones(at_most.size, dtype=np.bool_)
        while True:
            value = float(np.partition(at_most, place)[place])
            again = np.flatnonzero(stale & (at_most >= value))
            if again.size == 0:
                return value
            at_most[again] = largest_differences(errors, compared, at=again)
            stale[again] = False

    return critical


def left_out(value: float, *, draws: int) -> float:
    """What a studentised deviation of one draw is when mean and standard deviation come from the other draws alone.

    Increasing in `value`, so that it may be applied to the largest of many, or to their quantile.

    Source: the deleted residual of Cook and Weisberg (1982), Residuals and Influence in Regression, 2.2.1.
    """
    squared = value**2 * draws / (draws - 1)
    return math.sqrt(squared * (draws - 2) / max(draws - 1 - squared, 1e-12))


def largest_differences(errors: SamplingErrors, compared: Bools, *, at: Ints) -> Floats:
    """For each of the draws `at`, the largest (e_i − e_j) / sd_ij over the ordered pairs in `compared`, at least 0.

    Branch and bound: no pair exceeds slack·√(u_i² + d_j²), where u_i and d_j are the standardised errors of i
    upwards and of j downwards (Cauchy–Schwarz), so only the few areas at both ends of a draw have to be paired.
    """
    weight = np.divide(1.0, errors.pair_sd, where=compared, out=np.zeros_like(errors.pair_sd))
    precision = np.divide(1.0, errors.area_sd, where=errors.area_sd > 0, out=np.zeros_like(errors.area_sd))
    floors = _largest_of_close_pairs(errors, weight, at)
    return np.array(
        [
            _search(draw, draw * precision, weight, floor=float(floor), slack=errors.slack)
            for draw, floor in zip(errors.draws[at], floors, strict=True)
        ]
    )


def _search(draw: Floats, standardised: Floats, weight: Floats, *, floor: float, slack: float) -> float:
    order = np.argsort(standardised)
    ascending = standardised[order]
    best = max(floor, _largest(draw, weight, order[-8:], order[:8]))
    end, width = draw.size, 8
    while end > 0:
        lacking = (best / slack) ** 2 - max(ascending[end - 1], 0) ** 2
        partners = draw.size if lacking < 0 else int(np.searchsorted(ascending, -np.sqrt(lacking)))
        if partners == 0:
            break
        best = max(best, _largest(draw, weight, order[max(end - width, 0) : end], order[:partners]))
        end, width = end - width, 2 * width
    return best


def _largest(draw: Floats, weight: Floats, above: Ints, below: Ints) -> float:
    return float(((draw[above, None] - draw[below]) * weight[above[:, None], below]).max())


def _largest_of_close_pairs(errors: SamplingErrors, weight: Floats, at: Ints, *, block: int = 32) -> Floats:
    by_area = np.ascontiguousarray(errors.draws[at].T)
    largest = np.zeros(len(at))
    for i in np.flatnonzero(errors.close.any(axis=1)):
        partners = i + 1 + np.flatnonzero(errors.close[i, i + 1 :])
        for start in range(0, partners.size, block):
            others = partners[start : start + block]
            difference = by_area[i] - by_area[others]
            np.maximum(largest, (difference * weight[i, others, None]).max(axis=0), out=largest)
            np.maximum(largest, -(difference * weight[others, i, None]).min(axis=0), out=largest)
    return largest
