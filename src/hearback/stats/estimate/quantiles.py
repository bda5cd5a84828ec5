"""Quantiles with Woodruff's intervals, under the rule that is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from hearback.stats.design import Design, Floats
from hearback.stats.estimate.estimates import (
    SAME,
    Estimates,
    UnusableAnswers,
    answer_columns,
    t_quantile,
)
from hearback.stats.estimate.ratios import means

Rule = Literal["math", "school", "hf7"]
"""How R `survey` calls them: "math", the least value with at least the share p at or below it (Hyndman & Fan 1);
"school", the same but half-way to the next value where exactly p is reached (2); "hf7", linear interpolation (7)."""

HIGHEST = "no interval: the quantile is the highest answer of all"


def quantiles(
    design: Design,
    values: ArrayLike,
    shares: Sequence[float],
    *,
    rule: Rule = "math",
    level: float = 0.95,
) -> Estimates:
    """The values (n,), NaN where missing, below which each of `shares` (k,) of the population lies.

    The interval is Woodruff's: the interval ("mean" in R's `svyquantile`) of the share at or below the estimate,
    turned back into values by the same rule; the standard error is its width over twice Student's t. Estimates of
    several shares have no joint covariance. At the highest answer of all there is no interval, for the share at or
    below it is 1 whatever the sample (R gives a point). Source: Woodruff 1952, JASA 47:635; R `survey` 4.1.
    """
    columns, _ = answer_columns(design, values, None)
    wanted = np.asarray(shares, dtype=np.float64)
    if not ((wanted > 0) & (wanted < 1)).all():
        raise UnusableAnswers("The share of a quantile lies between 0 and 1", remedy="Write the median as 0.5")
    answers = columns[:, 0]
    used = np.isfinite(answers) & (design.weights > 0)
    if not used.any():
        raise UnusableAnswers("Nobody answered", remedy="Leave the item out, or check its missing codes")
    inverse = _sorted(answers[used], design.weights[used], rule)
    estimate = inverse(wanted)
    below = np.where(np.isnan(answers)[:, None], np.nan, answers[:, None] <= estimate)
    reached = means(design, below, level=level)
    low, high = inverse(np.maximum(reached.ci_low, 0.0)), inverse(np.minimum(reached.ci_high, 1.0))
    unknown = np.isnan(reached.se)
    same = SAME if np.ptp(answers[used]) == 0 else ""
    at_top = (estimate == answers[used].max()) & (same == "")
    unknown |= at_top
    low[unknown], high[unknown] = np.nan, np.nan
    width = t_quantile(level, reached.df)
    return Estimates(
        names=tuple(f"{share:g}" for share in wanted),
        estimate=estimate,
        se=(high - low) / (2 * width),
        ci_low=low,
        ci_high=high,
        df=reached.df,
        deff=(None,) * wanted.size,
        n=reached.n,
        notes=tuple(same or (HIGHEST if top else note) for top, note in zip(at_top, reached.notes, strict=True)),
        level=level,
        covariance=None,
    )


def _sorted(answers: Floats, weights: Floats, rule: Rule) -> Callable[[Floats], Floats]:
    """The inverse of the weighted distribution of answers."""
    order = np.argsort(answers, kind="stable")
    answers, weights = answers[order], weights[order]
    if rule == "hf7":
        before = np.concatenate([[0.0], np.cumsum(weights[:-1])])
        position = before / before[-1] if before[-1] > 0 else before
        return lambda share: np.interp(share, position, answers)
    last = np.append(answers[1:] != answers[:-1], True)
    distinct, reached = answers[last], np.cumsum(weights)[last]
    reached /= reached[-1]
    return lambda share: _step(share, distinct, reached, halfway=rule == "school")


def _step(share: Floats, distinct: Floats, reached: Floats, *, halfway: bool) -> Floats:
    exact = 1e-12
    """Shares this close are the same: sums of weights round differently in every order."""
    place = np.minimum(np.searchsorted(reached, share - exact), distinct.size - 1)
    values = distinct[place]
    if not halfway:
        return values
    following = distinct[np.minimum(place + 1, distinct.size - 1)]
    return np.where(np.abs(reached[place] - share) <= exact, (values + following) / 2, values)
