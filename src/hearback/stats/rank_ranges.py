"""Ranks with the ranges that hold for all areas together, so that no league table claims more than it knows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from hearback.stats.pairwise_max import Ints, bootstrap_critical_value, left_out
from hearback.stats.ranked_estimates import (
    check_level,
    covariance_of,
    draws_of,
    signed_estimates,
    standard_errors_of,
)
from hearback.stats.sampling_errors import (
    Bools,
    Floats,
    correlated_errors,
    difference_sd,
    errors_of_draws,
    independent_errors,
)


@dataclass(frozen=True)
class RankRanges:
    """The rank of each area (n,) and the ranks it may truly hold, from `low` to `high`, both included.

    Rank 1 is the smallest estimate, or the largest where so asked; ties share the best rank. For every area,
    `low − 1` others surely rank before it and `n − high` surely behind it. `critical_value` is the number of
    standard errors that counts as sure.
    """

    rank: Ints
    low: Ints
    high: Ints
    critical_value: float
    level: float
    method: str


class Standing(StrEnum):
    """On which side of the middle an area surely stands."""

    FIRST_HALF = "first_half"
    LAST_HALF = "last_half"
    CANNOT_TELL = "cannot_tell"


def joint_rank_ranges(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    *,
    level: float = 0.90,
    correction: Literal["independence", "bonferroni", "none"] = "independence",
    largest_first: bool = False,
) -> RankRanges:
    """Rank ranges from one interval per area (n,), wide enough that all n intervals hold together at `level`.

    "independence" needs estimates independent between areas, "bonferroni" does not; "none" takes ordinary intervals,
    whose ranges do not hold together. Quick for tens of thousands of areas.

    Source: Klein, Wright and Wieczorek (2020), Journal of the Royal Statistical Society A 183:589.
    """
    x = signed_estimates(estimates, largest_first=largest_first)
    error = standard_errors_of(standard_errors, x.size)
    check_level(level)
    outside = {
        "independence": -math.expm1(math.log(level) / x.size) / 2,
        "bonferroni": (1 - level) / (2 * x.size),
        "none": (1 - level) / 2,
    }[correction]
    critical_value = -float(ndtri(outside))
    lower, upper = x - critical_value * error, x + critical_value * error
    return RankRanges(
        rank=_point_ranks(x),
        low=1 + _count_below(upper, lower, exact=error == 0),
        high=x.size - _count_below(-lower, -upper, exact=error == 0),
        critical_value=critical_value,
        level=level,
        method=f"Klein–Wright–Wieczorek, {correction}",
    )


def pairwise_rank_ranges(
    estimates: ArrayLike,
    errors: ArrayLike,
    *,
    level: float = 0.90,
    largest_first: bool = False,
    method: Literal["bootstrap", "bonferroni", "bonferroni_each"] = "bootstrap",
    draws: int = 1000,
    rng: np.random.Generator | None = None,
    step_down: bool = True,
) -> RankRanges:
    """Rank ranges from all pairwise differences; `errors` are standard errors (n,) or a covariance matrix (n, n).

    "bootstrap" draws normal errors from `rng`; "bonferroni" shares 1 − level among all ordered pairs (Holm's way with
    `step_down`). Both hold for all areas together. "bonferroni_each" shares it among the 2(n − 1) comparisons of one
    area: each range then holds at `level` on its own, not together with the others.

    Source: Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic Studies, doi:10.1093/restud/rdad006,
    two-sided confidence sets; the same steps as R package csranks.
    """
    x = signed_estimates(estimates, largest_first=largest_first)
    spread = covariance_of(errors, x.size) if np.ndim(errors) == 2 else standard_errors_of(errors, x.size)
    check_level(level, draws=draws if method == "bootstrap" else None)
    name = f"Mogstad–Romano–Shaikh–Wilhelm, {method}"
    if method == "bootstrap":
        if rng is None:
            raise ValueError("the bootstrap needs rng")
        simulate = independent_errors if spread.ndim == 1 else correlated_errors
        known = simulate(spread, draws=draws, rng=rng)
        critical = bootstrap_critical_value(known, level=level)
        return _compare(x, known.pair_sd, critical, level=level, name=name, step_down=step_down)

    def bonferroni(compared: Bools) -> float:
        comparisons = compared.sum() if method == "bonferroni" else 2 * (x.size - 1)
        return -float(ndtri((1 - level) / comparisons))

    return _compare(x, difference_sd(spread), bonferroni, level=level, name=name, step_down=step_down)


def rank_ranges_from_draws(estimates: ArrayLike, draws: ArrayLike, *, level: float, largest_first: bool) -> RankRanges:
    """Rank ranges that hold together, from `draws` (R, n) of any sampling distribution of the `estimates` (n,).

    As the step-down bootstrap of `pairwise_rank_ranges`, with errors, correlations and standard deviations of
    differences all taken from the draws, whose own means do not matter. Each draw is judged by the standard
    deviations of the others, as the estimates are, without which few draws promise too much. Areas that never differ
    by chance are compared exactly.

    A sum of percentile ranks is no smooth function of its indicators: where areas hardly differ in truth (by less
    than a fifth of their standard errors), ranges from its draws hold somewhat less often than `level`.
    """
    x = signed_estimates(estimates, largest_first=largest_first)
    sample = draws_of(draws, x.size)
    check_level(level, draws=len(sample))
    known = errors_of_draws(-sample if largest_first else sample)
    among_themselves = bootstrap_critical_value(known, level=level)

    def critical(compared: Bools) -> float:
        return left_out(among_themselves(compared), draws=len(sample))

    name = "Mogstad–Romano–Shaikh–Wilhelm, given draws"
    return _compare(x, known.pair_sd, critical, level=level, name=name, step_down=True)


def standing(ranges: RankRanges) -> list[Standing]:
    """For each area, whether its whole range lies in the first half of the ranks, in the last, or in neither."""
    half = ranges.rank.size // 2
    last = ranges.low > ranges.rank.size - half
    return [
        Standing.FIRST_HALF if first else Standing.LAST_HALF if behind else Standing.CANNOT_TELL
        for first, behind in zip(ranges.high <= half, last, strict=True)
    ]


def cannot_separate(ranges: RankRanges) -> Ints:
    """For each area (n,), from how many of the others it cannot be told apart.

    This is `high − low`: every other area is surely before it, surely behind it, or one of these.
    """
    return ranges.high - ranges.low


def _compare(
    x: Floats, pair_sd: Floats, critical: Callable[[Bools], float], *, level: float, name: str, step_down: bool
) -> RankRanges:
    """Ranges from the ordered pairs (i, j) with x_i surely above x_j.

    Step-down: pairs found to differ leave the comparison, which lowers the critical value for the rest, until no
    new pair is found. The reverse of a pair found stays: that hypothesis is not rejected.
    """
    compared = pair_sd > 0
    critical_value = 0.0
    above = x[:, None] > x
    above[compared] = False
    while compared.any():
        critical_value = critical(compared)
        found = compared & (x[:, None] - x > critical_value * pair_sd)
        above |= found
        compared &= ~found
        if not step_down or not found.any():
            break
    return RankRanges(
        rank=_point_ranks(x),
        low=1 + above.sum(axis=1),
        high=x.size - above.sum(axis=0),
        critical_value=critical_value,
        level=level,
        method=f"{name}, step-down" if step_down else name,
    )


def _count_below(ends: Floats, starts: Floats, *, exact: Bools) -> Ints:
    """For each interval, how many end at or before its start; one without width is not before itself or its equals."""
    ordered = np.sort(ends)
    return np.where(exact, np.searchsorted(ordered, starts), np.searchsorted(ordered, starts, side="right"))


def _point_ranks(x: Floats) -> Ints:
    return 1 + np.searchsorted(np.sort(x), x)
