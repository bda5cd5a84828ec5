"""Shares of people giving each answer, with intervals that stay between 0 and 1."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import expit

from hearback.stats.design import Codes, Design, Floats
from hearback.stats.estimate.domains import domains
from hearback.stats.estimate.estimates import Estimates, UnusableAnswers, t_quantile
from hearback.stats.estimate.ratios import means

Interval = Literal["logit", "beta"]
EXTREME = "nobody or everybody: interval of a simple random sample"


def proportions(
    design: Design,
    answers: ArrayLike,
    *,
    by: ArrayLike | None = None,
    interval: Interval = "logit",
    level: float = 0.95,
    domain_df: bool = False,
) -> Estimates:
    """Share of each distinct answer (n,), sorted, among those who answered, in all or in each group of `by`.

    Missing answers are NaN, None or "". Intervals as in `within_bounds`.
    """
    kinds = domains(design, answers)
    indicators = np.where(kinds.inside[:, None], kinds.codes[:, None] == np.arange(len(kinds.names)), np.nan)
    shares = means(design, indicators, by=by, names=kinds.names, level=level, domain_df=domain_df)
    return within_bounds(shares, interval=interval)


def within_bounds(shares: Estimates, *, interval: Interval = "logit") -> Estimates:
    """The same estimates of shares with intervals inside 0 and 1: on the logit scale (R: `svyciprop` "logit") or, for
    small shares, Korn and Graubard's from the beta distribution (R: "beta").

    A share of exactly 0 or 1 has no standard error to go by: its interval is Clopper and Pearson's of n answers, and
    a note says so. Source: Korn & Graubard 1998, Survey Methodology 24:193. Errors: not a share.
    """
    share = shares.estimate
    if ((share < 0) | (share > 1)).any():
        raise UnusableAnswers("A share lies between 0 and 1, and one of these estimates does not")
    inner = (share > 0) & (share < 1) & (shares.se > 0)
    low, high = np.full_like(share, np.nan), np.full_like(share, np.nan)
    if interval == "logit":
        low[inner], high[inner] = _logit(share[inner], shares.se[inner], shares.df[inner], shares.level)
    else:
        n = _effective(share[inner], shares.se[inner], shares.df[inner], shares.n[inner], shares.level)
        low[inner], high[inner] = _clopper_pearson(share[inner], n, shares.level)
    extreme = (share == 0) | (share == 1)
    low[extreme], high[extreme] = _clopper_pearson(share[extreme], shares.n[extreme], shares.level)
    notes = tuple(EXTREME if edge else note for edge, note in zip(extreme, shares.notes, strict=True))
    return replace(shares, ci_low=low, ci_high=high, notes=notes)


def _logit(share: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    half = t_quantile(level, df) * se / (share * (1 - share))
    middle = np.log(share / (1 - share))
    return expit(middle - half), expit(middle + half)


def _effective(share: Floats, se: Floats, df: Floats, n: Codes, level: float) -> Floats:
    """Answers of a simple random sample that would say as much."""
    return share * (1 - share) / se**2 * (t_quantile(level, n - 1) / t_quantile(level, df)) ** 2


def _clopper_pearson(share: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    yes, tail = share * n, (1 - level) / 2
    low = np.where(yes > 0, stats.beta.ppf(tail, yes, n - yes + 1), 0.0)
    high = np.where(yes < n, stats.beta.isf(tail, yes + 1, n - yes), 1.0)
    return low, high
