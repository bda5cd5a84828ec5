"""Means, ratios and totals, of everybody or of many domains at once by grouped sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.design import Codes, Design, Floats
from hearback.stats.estimate.domains import Domains, domains
from hearback.stats.estimate.estimates import (
    ALONE,
    NOBODY,
    ROUNDING,
    SAME,
    Estimates,
    Statistic,
    UnusableAnswers,
    answer_columns,
    estimated,
)

NO_DENOMINATOR = "cannot be estimated: the denominator is 0"


def means(
    design: Design,
    values: ArrayLike,
    *,
    by: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    level: float = 0.95,
    domain_df: bool = False,
) -> Estimates:
    """Means of the columns of `values` (n,) or (n, k), NaN where missing, in all or in each group of `by` (n,).

    Estimates run group by group, items inside. Degrees of freedom are the design's, as in R's `svyby`, or with
    `domain_df` those of each group, as in R's `subset`. Errors: `UnusableAnswers` where nobody answered an item.
    """
    columns, names = answer_columns(design, values, names)
    answered = np.where(np.isnan(columns), np.nan, 1.0)
    return _ratios(design, columns, answered, domains(design, by), names=names, level=level, domain_df=domain_df)


def ratios(
    design: Design,
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    by: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    level: float = 0.95,
    domain_df: bool = False,
) -> Estimates:
    """Ratios of totals, `numerator` over `denominator`, each (n,) or (n, k); otherwise as `means`."""
    above, names = answer_columns(design, numerator, names)
    below, _ = answer_columns(design, denominator, names)
    return _ratios(design, above, below, domains(design, by), names=names, level=level, domain_df=domain_df)


def totals(
    design: Design,
    values: ArrayLike,
    *,
    by: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    level: float = 0.95,
    domain_df: bool = False,
) -> Estimates:
    """Population totals of the columns of `values`; missing answers count as nothing, and a note says so."""
    columns, names = answer_columns(design, values, names)
    groups = domains(design, by)
    sums = _Sums.of(design, groups, columns, np.where(np.isnan(columns), np.nan, 1.0))
    sums.refuse_nobody(groups, names)
    influence = groups.influence(design.weights[:, None] * sums.above)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums.total_above / sums.total_below
        srs = sums.srs_variance(design, groups, mean) * sums.people**2
    missing = groups.sums(np.isnan(columns).astype(np.float64))
    notes = [
        NOBODY if n == 0 else f"{m:,.0f} missing answers count as nothing" if m else ""
        for n, m in zip(sums.n.ravel(), missing.ravel(), strict=True)
    ]
    statistic = Statistic(
        names=groups.labels(names),
        estimate=np.where(sums.n > 0, sums.total_above, np.nan).ravel(),
        influence=influence,
        replicate=lambda weights: _copies(groups, sums.above, weights),
        n=sums.n.ravel(),
        notes=tuple(notes),
        srs_variance=srs.ravel(),
    )
    return estimated(design, statistic, level=level, df=_df(design, groups, len(names), domain_df))


def _ratios(
    design: Design,
    above: Floats,
    below: Floats,
    groups: Domains,
    *,
    names: tuple[str, ...],
    level: float,
    domain_df: bool,
) -> Estimates:
    sums = _Sums.of(design, groups, above, below)
    sums.refuse_nobody(groups, names)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = sums.total_above / sums.total_below
        share = 1 / sums.total_below
        srs = sums.srs_variance(design, groups, ratio) * (sums.people / sums.total_below) ** 2
    known = np.isfinite(ratio)
    residuals = sums.above - groups.of_rows(np.where(known, ratio, 0.0)) * sums.below
    influence = design.weights[:, None] * residuals * groups.of_rows(np.where(known, share, 0.0))

    def copies(weights: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):  # a group that a replicate leaves out has no error
            return _copies(groups, sums.above, weights) / _copies(groups, sums.below, weights)

    statistic = Statistic(
        names=groups.labels(names),
        estimate=np.where(known, ratio, np.nan).ravel(),
        influence=groups.influence(influence),
        replicate=copies,
        n=sums.n.ravel(),
        notes=tuple(_note(n, *each) for n, *each in zip(sums.n.ravel().tolist(), known.flat, srs.flat, strict=True)),
        srs_variance=srs.ravel(),
        answered=lambda i: sums.answered[:, i % len(names)] & (groups.codes == i // len(names)),
    )
    return estimated(design, statistic, level=level, df=_df(design, groups, len(names), domain_df))


@dataclass(frozen=True, eq=False)
class _Sums:
    """Numerators and denominators (n, k), 0 where either is missing, who `answered` (n, k), and of each group and item
    (D, k) their weighted totals, the weighted number of `people` who answered and how many respondents `n` those are.
    """

    above: Floats
    below: Floats
    answered: NDArray[np.bool_]
    total_above: Floats
    total_below: Floats
    people: Floats
    n: Codes

    @classmethod
    def of(cls, design: Design, groups: Domains, above: Floats, below: Floats) -> _Sums:
        missing = np.isnan(above) | np.isnan(below)
        above, below = np.where(missing, 0.0, above), np.where(missing, 0.0, below)
        weights = design.weights[:, None]
        answered = ~missing & (weights != 0)
        return cls(
            above,
            below,
            answered,
            total_above=groups.sums(weights * above),
            total_below=groups.sums(weights * below),
            people=groups.sums(weights * answered),
            n=groups.sums(answered.astype(np.float64)).astype(np.int64),
        )

    def refuse_nobody(self, groups: Domains, names: tuple[str, ...]) -> None:
        """Stop where an item has no answer at all."""
        unanswered = np.flatnonzero(self.n.sum(axis=0) == 0)
        if unanswered.size:
            raise UnusableAnswers(
                f"Nobody answered {names[unanswered[0]]}",
                where=f"{int(groups.inside.sum()):,} respondents",
                remedy="Leave the item out, or check its missing codes",
            )

    def srs_variance(self, design: Design, groups: Domains, ratio: Floats) -> Floats:
        """The variance (D, k) that the mean residual of a simple random sample of n would have, without replacement
        where the weights add up to a population; NaN where answers do not differ."""
        residuals = self.above - groups.of_rows(np.where(np.isfinite(ratio), ratio, 0.0)) * self.below
        squares = groups.sums(design.weights[:, None] * residuals**2)
        spread = squares > ROUNDING * groups.sums(design.weights[:, None] * self.above**2)
        left = np.where(self.people > self.n, 1 - self.n / self.people, 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = squares / self.people / (self.n - 1) * left
        return np.where(spread & (self.n > 1), variance, np.nan)


def _copies(groups: Domains, columns: Floats, weights: Floats) -> Floats:
    """Weighted sums (R, D k) with every column of replicate weights (n, R)."""
    if len(groups.names) == 1 and groups.inside.all():
        return np.asarray(weights.T @ columns)
    sums = np.stack([groups.sums_of_copies(column, weights) for column in columns.T], axis=-1)
    return sums.transpose(1, 0, 2).reshape(weights.shape[1], -1)


def _df(design: Design, groups: Domains, items: int, domain_df: bool) -> Floats:
    df = groups.df(design) if domain_df else np.full(len(groups.names), design.df)
    return np.repeat(df.astype(np.float64), items)


def _note(n: int, known: bool, srs_variance: float) -> str:
    if n == 0:
        return NOBODY
    if not known:
        return NO_DENOMINATOR
    if n == 1:
        return ALONE
    return "" if srs_variance > 0 else SAME
